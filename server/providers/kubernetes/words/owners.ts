import type { KubernetesObject } from '@kubernetes/client-node';
import { APP_LABELS, MANAGED_BY } from '@/server/providers/kubernetes/words/labels';

type Metadata = NonNullable<Pick<KubernetesObject, 'metadata'>['metadata']>;
/** As JSON carries it. */
export type Meta = Omit<Metadata, 'creationTimestamp' | 'deletionTimestamp' | 'managedFields'> & {
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
};

/** How Spinnaker names what it deploys. */
const MONIKER = {
  application: 'moniker.spinnaker.io/application',
  cluster: 'moniker.spinnaker.io/cluster',
  sequence: 'moniker.spinnaker.io/sequence',
} as const;

/** What an object says of itself; null where it says nothing. */
export interface Said {
  /** Its application; by the label `app` alone, that of the object's own owner goes before it. */
  readonly application: string | null;
  readonly isByHabit: boolean;
  readonly cluster: string | null;
  readonly sequence: number | null;
  /** By Spinnaker's annotations, not only by labels that anybody sets. */
  readonly spinnaker: boolean;
}

export function saidBy({ annotations = {}, labels = {} }: Meta): Said {
  const application = annotations[MONIKER.application];
  const named = application ?? labels[APP_LABELS.name];
  const sequence = Number.parseInt(annotations[MONIKER.sequence] ?? '', 10);
  return {
    application: named ?? labels.app ?? null,
    isByHabit: named === undefined,
    // Spinnaker writes the kind before the name: `replicaSet shop-web`.
    cluster: annotations[MONIKER.cluster]?.split(' ').at(-1) ?? null,
    sequence: Number.isNaN(sequence) ? null : sequence,
    spinnaker: application !== undefined,
  };
}

/** The controller that keeps the object as it is. */
export interface Controller {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export function controllerOf({ ownerReferences }: Meta): Controller | null {
  const owner = ownerReferences?.find((one) => one.controller === true);
  return owner ? { kind: owner.kind, name: owner.name, uid: owner.uid } : null;
}

/** Who keeps an object without a controller, as far as it says so: the tool that wrote it, or nobody but people. */
export function keeperOf(kind: string, metadata: Meta): { kind: string; name: string } {
  const name = metadata.name ?? '';
  const said = saidBy(metadata);
  if (said.spinnaker) return { kind: 'Spinnaker', name: said.application ?? name };
  const tool = metadata.labels?.[APP_LABELS.managedBy];
  return { kind: tool && tool !== MANAGED_BY ? tool : kind, name };
}

/** A Deployment, Rollout or Knative Service, as far as what it owns depends on it. */
export interface OwnerView {
  readonly uid: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly said: Said;
  /** The newest of its revisions, as its ReplicaSets count them. */
  readonly revision: string | null;
  readonly owner: Controller | null;
  /** Share of requests by the name of a revision, 0..1, where it shares them out itself. */
  readonly shares: Readonly<Record<string, number>> | null;
  readonly url: string | null;
}

/** Where a Deployment or Rollout counts its revisions, on itself and on each ReplicaSet. */
const REVISIONS = ['deployment.kubernetes.io/revision', 'rollout.argoproj.io/revision'];

export function revisionOf({ annotations = {} }: Meta): string | null {
  for (const key of REVISIONS) if (annotations[key] !== undefined) return annotations[key];
  return null;
}

export function ownerView(kind: string, metadata: Meta): OwnerView {
  return {
    uid: metadata.uid ?? '',
    kind,
    name: metadata.name ?? '',
    namespace: metadata.namespace ?? '',
    said: saidBy(metadata),
    revision: revisionOf(metadata),
    owner: controllerOf(metadata),
    shares: null,
    url: null,
  };
}
