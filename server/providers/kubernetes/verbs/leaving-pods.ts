import { eachBounded } from '@/server/providers/kubernetes/verbs/bounded';
import {
  identityOf,
  isReady,
  type Platform,
  type Pod,
  type ReplicaSet,
  refOf,
} from '@/server/providers/kubernetes/verbs/platform';
import { FIELD_MANAGERS, selectorOf, trafficLabelsOf } from '@/server/providers/kubernetes/words/labels';

/** By which the ReplicaSet controller chooses whom to end: the lowest goes first. */
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
const LEAVES_FIRST = '-1';
const AT_ONCE = 10;

/**
 * Before a group shrinks: says which of its pods go, because the controller would choose at random among those of
 * about one age. What is not well goes first, then what gets no requests, then the youngest.
 */
export async function markLeaving({ api }: Platform, group: ReplicaSet, staying: number): Promise<void> {
  const { namespace } = refOf(group);
  const { items } = await api.list('Pod', { namespace, labelSelector: selectorOf(identityOf(group)) });
  const pods = items.filter((pod) => pod.metadata?.deletionTimestamp === undefined);
  const leaving = leavingOf(pods, staying);
  const patch = { metadata: { annotations: { [DELETION_COST]: LEAVES_FIRST } } };
  await eachBounded(leaving, AT_ONCE, async (pod) => {
    await api.merge('Pod', refOf(pod), patch, { fieldManager: FIELD_MANAGERS.deploy });
  });
}

export function leavingOf(pods: readonly Pod[], staying: number): Pod[] {
  const merits = (pod: Pod) => [
    Number(isReady(pod)),
    trafficLabelsOf(pod.metadata?.labels).length,
    -Date.parse(pod.metadata?.creationTimestamp ?? ''),
    // Within one second: what was touched last.
    -Number(pod.metadata?.resourceVersion ?? 0),
  ];
  return pods
    .map((pod) => ({ pod, merits: merits(pod) }))
    .toSorted((a, b) => a.merits.map((part, i) => part - (b.merits[i] ?? 0)).find((less) => less !== 0) ?? 0)
    .slice(0, Math.max(0, pods.length - staying))
    .map(({ pod }) => pod);
}
