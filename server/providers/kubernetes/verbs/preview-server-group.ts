import { dumpYaml } from '@kubernetes/client-node';
import type { Draft, KindName } from '@/server/providers/kubernetes/client/api';
import { autoscalerFor } from '@/server/providers/kubernetes/verbs/autoscaler';
import { draftGroup } from '@/server/providers/kubernetes/verbs/create-server-group';
import { disruptionBudgetFor, groupServiceFor } from '@/server/providers/kubernetes/verbs/group-objects';
import { checkOurs, routeFor, serviceFor } from '@/server/providers/kubernetes/verbs/load-balancer-objects';
import { type Platform, usesGateway } from '@/server/providers/kubernetes/verbs/platform';
import { selectorFor } from '@/server/providers/kubernetes/verbs/selector';
import { checkSelected } from '@/server/providers/kubernetes/verbs/service-selector';
import { ANNOTATIONS, FIELD_MANAGERS } from '@/server/providers/kubernetes/words/labels';
import type { ObjectChange, ServerGroupSpec } from '@/server/providers/provider';

const DRY = { fieldManager: FIELD_MANAGERS.deploy, dryRun: true } as const;

/**
 * What creating the group would write, as the cluster's own admission and defaults make it. Values of variables are
 * never shown, because previews may be seen by people who may not see the configuration.
 */
export async function previewServerGroup(platform: Platform, spec: ServerGroupSpec): Promise<ObjectChange[]> {
  const { api } = platform;
  const group = await api.create('ReplicaSet', await draftGroup(platform, spec), DRY);
  const budget = await preview(platform, 'PodDisruptionBudget', disruptionBudgetFor(group));
  const routed = spec.loadBalancers.length > 0 && (await usesGateway(platform));
  const autoscaler = await autoscalerFor(platform, group);
  if (!routed)
    for (const name of spec.loadBalancers)
      await checkSelected(platform, { region: spec.region, name }, group);
  return [
    ...(await missingLoadBalancers(platform, spec, routed)),
    { kind: 'ReplicaSet', name: spec.name, before: null, after: shown('apps/v1', 'ReplicaSet', group) },
    ...(routed ? [await preview(platform, 'Service', groupServiceFor(platform, group))] : []),
    budget,
    ...(autoscaler ? [await preview(platform, 'HorizontalPodAutoscaler', autoscaler)] : []),
  ];
}

/** What a deploy makes before the group: a load balancer, or the route of one that was there before the Gateway. */
async function missingLoadBalancers(
  platform: Platform,
  { region, application, loadBalancers }: ServerGroupSpec,
  routed: boolean,
): Promise<ObjectChange[]> {
  const { api, config } = platform;
  const changes: ObjectChange[] = [];
  for (const name of loadBalancers) {
    const there = await api.get('Service', { namespace: region, name });
    if (there) checkOurs(there, 'Service', application);
    const wanted = { region, name, application };
    if (!there)
      changes.push(await preview(platform, 'Service', serviceFor(platform, wanted, selectorFor(name, null))));
    if (!routed || !config.gateway) continue;
    const route = await api.get('HTTPRoute', { namespace: region, name });
    if (route) checkOurs(route, 'HTTPRoute', application);
    else changes.push(await preview(platform, 'HTTPRoute', routeFor(config.gateway, wanted)));
  }
  return changes;
}

const API_VERSIONS = {
  PodDisruptionBudget: 'policy/v1',
  Service: 'v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  HTTPRoute: 'gateway.networking.k8s.io/v1',
} as const;

async function preview<K extends KindName & keyof typeof API_VERSIONS>(
  { api }: Platform,
  kind: K,
  draft: Draft<K>,
): Promise<ObjectChange> {
  const { namespace = '', name = '' } = draft.metadata;
  const before = await api.get(kind, { namespace, name });
  const after = await api.apply(kind, draft, DRY);
  return {
    kind,
    name,
    before: before && shown(API_VERSIONS[kind], kind, before),
    after: shown(API_VERSIONS[kind], kind, after),
  };
}

/** What the API adds for itself and says nothing about the change. */
const NOISE = [
  'managedFields',
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'ownerReferences',
];
const NOISY_ANNOTATIONS: readonly string[] = [ANNOTATIONS.operations, ANNOTATIONS.createdAt];

/** An object as YAML for people. */
export function shown(apiVersion: string, kind: string, object: object): string {
  const plain: Record<string, unknown> = { ...object };
  const { metadata, spec } = plain;
  return dumpYaml({ apiVersion, kind, metadata: quiet(metadata), spec: withoutValues(spec) });
}

function quiet(metadata: unknown): unknown {
  const entries = entriesOf(metadata).filter(([key]) => !NOISE.includes(key));
  return Object.fromEntries(
    entries.map(([key, value]) => [key, key === 'annotations' ? withoutNoise(value) : value]),
  );
}

function withoutNoise(annotations: unknown): object {
  return Object.fromEntries(entriesOf(annotations).filter(([key]) => !NOISY_ANNOTATIONS.includes(key)));
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** The same with `(set)` for the value of every variable, wherever it stands. */
function withoutValues(part: unknown, isVariable = false): unknown {
  if (Array.isArray(part)) return part.map((one) => withoutValues(one, isVariable));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    entriesOf(part).map(([key, value]) => [
      key,
      isVariable && key === 'value' ? '(set)' : withoutValues(value, key === 'env'),
    ]),
  );
}
