import { z } from 'zod';
import type { KubernetesApi, ObjectRef } from '@/server/providers/kubernetes/client/api';
import type { ObjectOf } from '@/server/providers/kubernetes/client/objects';
import type { KubernetesConfig } from '@/server/providers/kubernetes/config';
import { ANNOTATIONS, LABELS, namesIn } from '@/server/providers/kubernetes/words/labels';
import { type GroupRef, ProviderError } from '@/server/providers/provider';

/** What every verb works with. */
export interface Platform {
  readonly account: string;
  readonly config: KubernetesConfig;
  readonly api: KubernetesApi;
}

export type ReplicaSet = ObjectOf<'ReplicaSet'>;
export type Pod = ObjectOf<'Pod'>;
export type Labels = Readonly<Record<string, string>>;

/** Where and as what the object stands. */
export function refOf({ metadata }: { metadata?: { namespace?: string; name?: string } }): ObjectRef {
  return { namespace: metadata?.namespace ?? '', name: metadata?.name ?? '' };
}

/** @throws ProviderError `invalid` for a region that the account does not have. */
export function checkRegion({ config }: Platform, region: string): void {
  if (config.namespaces.includes(region)) return;
  const known = config.namespaces.join(' or ');
  throw new ProviderError(
    'invalid',
    `region ${region} is no namespace of this account: choose ${known}, or add it`,
  );
}

/** The ReplicaSet of a server group of ours; null when there is none. @throws ProviderError `conflict` for another's. */
export async function findGroup(platform: Platform, { region, name }: GroupRef): Promise<ReplicaSet | null> {
  checkRegion(platform, region);
  const found = await platform.api.get('ReplicaSet', { namespace: region, name });
  if (found) checkOurs(found);
  return found;
}

/** @throws ProviderError `not_found` when it is not there, `conflict` when it is not Signalbox's to change. */
export async function existingGroup(platform: Platform, ref: GroupRef): Promise<ReplicaSet> {
  const found = await findGroup(platform, ref);
  if (!found)
    throw new ProviderError('not_found', `server group ${ref.name} does not exist in ${ref.region}`);
  if (found.metadata?.deletionTimestamp !== undefined)
    throw new ProviderError('conflict', `server group ${ref.name} is being destroyed`);
  return found;
}

function checkOurs(replicaSet: ReplicaSet): void {
  const { name, labels, ownerReferences } = replicaSet.metadata ?? {};
  const owner = ownerReferences?.find((one) => one.controller === true);
  if (owner)
    throw new ProviderError(
      'conflict',
      `${name} is managed by ${owner.kind} ${owner.name}: change that, Signalbox leaves it alone`,
    );
  if (labels?.[LABELS.serverGroup] !== name)
    throw new ProviderError(
      'conflict',
      `ReplicaSet ${name} was not made by Signalbox, which leaves it alone: change it as it was made`,
    );
}

/** Whether traffic is wanted; what flows is another question. */
export function isEnabled({ metadata }: ReplicaSet): boolean {
  return metadata?.annotations?.[ANNOTATIONS.enabled] === 'true';
}

export function loadBalancersOf({ metadata }: ReplicaSet): string[] {
  return namesIn(metadata?.annotations?.[ANNOTATIONS.loadBalancers]);
}

/** The two labels that tell a group's pods from all others. */
export function identityOf({ metadata }: ReplicaSet): Labels {
  return {
    [LABELS.cluster]: metadata?.labels?.[LABELS.cluster] ?? '',
    [LABELS.serverGroup]: metadata?.name ?? '',
  };
}

export function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
}

/** Makes an object go with the ReplicaSet. */
export function ownedBy({ metadata }: ReplicaSet) {
  return [
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: metadata?.name ?? '', uid: metadata?.uid ?? '' },
  ];
}

const weightsSchema = z.record(z.string(), z.number().nonnegative());
export type Weights = z.infer<typeof weightsSchema>;

/** The weights that were asked for on a load balancer's object; none when they cannot be read. */
export function weightsOf(object: { metadata?: { annotations?: Labels } } | null): Weights {
  const text = object?.metadata?.annotations?.[ANNOTATIONS.weights];
  if (text === undefined) return {};
  try {
    return weightsSchema.safeParse(JSON.parse(text)).data ?? {};
  } catch {
    return {};
  }
}

/** Weights go with HTTPRoutes where the account names a Gateway and the cluster knows the kind. */
export async function usesGateway({ api, config }: Platform): Promise<boolean> {
  return config.gateway !== undefined && (await api.serves('HTTPRoute'));
}
