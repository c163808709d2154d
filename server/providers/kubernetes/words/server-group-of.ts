import type { Instance, ServerGroup } from '@/server/domain/inventory';
import { parseServerGroupName } from '@/server/domain/naming';
import type { OwnerView, Said } from '@/server/providers/kubernetes/words/owners';
import { instanceAt, type PodView } from '@/server/providers/kubernetes/words/pod-view';
import { foreignArtifact, type WorkloadView } from '@/server/providers/kubernetes/words/workloads';

/** Who a workload is, in the words of the inventory. */
export interface Identity {
  readonly region: string;
  readonly application: string;
  readonly cluster: string;
  readonly managedBy: { readonly kind: string; readonly name: string } | null;
}

/** @param owner what is known of the workload's controller; null when it has none or it cannot be read. */
export function identityOf(view: WorkloadView, owner: OwnerView | null): Identity {
  const { ours, said, namespace } = view;
  if (ours)
    return { region: namespace, application: ours.application, cluster: ours.cluster, managedBy: null };
  const top = view.owner ?? { kind: view.kind, name: view.name };
  // Of a revision, everything is said by its Knative service.
  const name = view.kind === 'KnativeRevision' ? view.keeper.name : top.name;
  return {
    region: namespace,
    application: applicationOf(said, owner?.said) ?? name,
    cluster: said.cluster ?? owner?.said.cluster ?? name,
    managedBy:
      view.kind === 'KnativeRevision' || !view.owner
        ? view.keeper
        : { kind: view.owner.kind, name: view.owner.name },
  };
}

/** Pods of a Deployment often have a label `app` of their own, where the Deployment names the application. */
function applicationOf(said: Said, byOwner: Said | undefined): string | null {
  if (said.isByHabit && byOwner && !byOwner.isByHabit) return byOwner.application;
  return said.application ?? byOwner?.application ?? null;
}

/** A ReplicaSet of an old revision stays without pods, for rollbacks of its owner: it is no server group. */
export function isHistory(view: WorkloadView, owner: OwnerView | null, pods: number): boolean {
  if (view.kind !== 'ReplicaSet' || !view.owner || view.capacity.desired > 0 || pods > 0) return false;
  return owner === null || owner.revision !== view.revision;
}

/** What reaches a group, as the cluster's data planes are told. */
export interface Reach {
  readonly loadBalancers: readonly string[];
  /** Of them, those that are there, with the share that the group gets of each, 0..1. */
  readonly shares: readonly number[];
  /** The load balancer that a healthy pod still waits to be put behind. */
  readonly awaited: (pod: PodView) => string | null;
  /** Whether a pod is left out by every load balancer of an enabled group. */
  readonly leavesOut: (pod: PodView) => boolean;
  /** Why no requests come by its load balancers. */
  readonly trouble: string | null;
  /** Whether a change of what leads to it has not been answered yet. */
  readonly unanswered: boolean;
}

export function serverGroupOf(
  account: string,
  view: WorkloadView,
  identity: Identity,
  pods: readonly PodView[],
  reach: Reach,
  now: number,
): ServerGroup {
  const { ours, name } = view;
  const mean = reach.shares.length === 0 ? 0 : sum(reach.shares) / reach.shares.length;
  const running = pods.find((pod) => pod.digest !== null)?.digest ?? null;
  return {
    account,
    region: identity.region,
    application: identity.application,
    cluster: identity.cluster,
    name,
    sequence: sequenceOf(view),
    artifact: ours?.artifact ?? foreignArtifact(view, running),
    capacity: view.capacity,
    instances: [
      ...pods.toSorted(byAge).map((pod) => reached(pod, reach, now)),
      ...refused(view, pods.length),
    ],
    enabled: ours ? ours.enabled : isReachable(view, reach),
    // Rounding of a sum of shares may exceed 1 by an ulp.
    traffic: Math.min(1, mean),
    loadBalancers: [...reach.loadBalancers],
    createdAt: view.createdAt,
    configKeys: [...view.configKeys],
    ...(identity.managedBy ? { managedBy: identity.managedBy } : {}),
    ...(reach.trouble === null ? {} : { unreached: reach.trouble }),
    ...(reach.unanswered ? { unanswered: true } : {}),
  };
}

/** Stands for the pods that the cluster does not let it make. */
function refused({ name, refusal, capacity, createdAt }: WorkloadView, pods: number): Instance[] {
  if (refusal === null || pods >= capacity.desired) return [];
  return [
    {
      id: `${name}-refused`,
      health: 'down',
      reason: refusal,
      blocked: refusal,
      startedAt: createdAt,
      address: null,
      restarts: 0,
      memoryBytes: null,
    },
  ];
}

/** Others have no switch for it: a group that is behind nothing is as enabled as it is large. */
function isReachable(view: WorkloadView, { shares, loadBalancers }: Reach): boolean {
  if (view.kind === 'KnativeRevision' || (loadBalancers.length > 0 && view.loadBalancers.length > 0))
    return shares.some((share) => share > 0);
  return view.capacity.desired > 0;
}

function reached(pod: PodView, reach: Reach, now: number): Instance {
  const instance = instanceAt(pod, now);
  if (instance.health !== 'healthy') return instance;
  if (reach.leavesOut(pod)) return { ...instance, outOfTraffic: true };
  const awaited = reach.awaited(pod);
  return awaited === null
    ? instance
    : { ...instance, health: 'starting', reason: `ready, and not yet behind ${awaited}` };
}

function sequenceOf({ ours, name, said, revision }: WorkloadView): number | null {
  if (ours) return parseServerGroupName(name)?.sequence ?? null;
  if (said.sequence !== null) return said.sequence;
  if (revision !== null && /^\d+$/.test(revision)) return Number(revision);
  return parseServerGroupName(name)?.sequence ?? null;
}

function byAge(a: PodView, b: PodView): number {
  return a.instance.startedAt.localeCompare(b.instance.startedAt) || (a.name < b.name ? -1 : 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
