import { eachBounded } from '@/server/providers/kubernetes/verbs/bounded';
import { change } from '@/server/providers/kubernetes/verbs/change';
import { inTime, orUnavailable } from '@/server/providers/kubernetes/verbs/deadline';
import { awaitEndpoints } from '@/server/providers/kubernetes/verbs/endpoints';
import {
  identityOf,
  isReady,
  type Platform,
  type Pod,
  type ReplicaSet,
  refOf,
} from '@/server/providers/kubernetes/verbs/platform';
import {
  FIELD_MANAGERS,
  selectorOf,
  TRAFFIC_ON,
  trafficLabel,
} from '@/server/providers/kubernetes/words/labels';
import { ProviderError } from '@/server/providers/provider';

/** How many pods of a group a load balancer shall be able to reach; all means those to come as well. */
export interface LabelGoal {
  readonly group: ReplicaSet;
  readonly loadBalancer: string;
  readonly wanted: number | 'all';
}

/** The API takes so many writes at once without others noticing. */
const AT_ONCE = 10;
/** Pods come while labels are written; a group that never settles is changed by somebody else too. */
const ROUNDS = 10;

/** Makes it so: first everything that lets requests in, and when that is seen, what keeps them out. */
export async function bringLabels(platform: Platform, goals: readonly LabelGoal[]): Promise<void> {
  await Promise.all(goals.map((goal) => letIn(platform, goal)));
  await Promise.all(goals.map((goal) => keepOut(platform, goal)));
}

/** Ends early when the endpoints do not follow: whoever waits for traffic sees that there is none. */
async function letIn(platform: Platform, goal: LabelGoal): Promise<void> {
  const { wanted } = goal;
  if (wanted === 0) return;
  if (wanted === 'all') await labelTemplate(platform, goal, true);
  const { pods, wrote } = await labelPods(platform, goal, true, (all) => {
    const staying = all.filter((pod) => pod.metadata?.deletionTimestamp === undefined);
    const without = staying.filter((pod) => !isLabelled(pod, goal));
    if (wanted === 'all') return without;
    const missing = wanted - (staying.length - without.length);
    return readyFirst(without).slice(0, Math.max(0, missing));
  });
  const able = uidsOf(pods.filter((pod) => isReady(pod) && isLabelled(pod, goal)));
  if (!wrote || able.length === 0) return;
  await inTime((signal) =>
    awaitEndpoints(platform, service(goal), ({ ready }) => able.every((uid) => ready.has(uid)), signal),
  );
}

/** @throws ProviderError `unavailable` when the endpoints do not follow. */
async function keepOut(platform: Platform, goal: LabelGoal): Promise<void> {
  const { wanted, group, loadBalancer } = goal;
  if (wanted === 'all') return;
  await labelTemplate(platform, goal, false);
  const tooMany = (all: readonly Pod[]) => {
    const labelled = all.filter((pod) => isLabelled(pod, goal));
    return readyFirst(labelled).slice(wanted);
  };
  await labelPods(platform, goal, false, tooMany);
  if (wanted > 0) return;
  // A pod that was on its way while the template changed may have come with the label.
  const pods = uidsOf((await labelPods(platform, goal, false, tooMany)).pods);
  await orUnavailable(
    (signal) =>
      awaitEndpoints(platform, service(goal), ({ serving }) => !pods.some((uid) => serving.has(uid)), signal),
    `${group.metadata?.name} is still among the endpoints of Service ${loadBalancer}: the cluster has not taken it out in time`,
  );
}

/** Before the pods, so that those to come are right from the start. */
async function labelTemplate(
  platform: Platform,
  { group, loadBalancer }: LabelGoal,
  on: boolean,
): Promise<void> {
  const label = trafficLabel(loadBalancer);
  await change(platform, 'ReplicaSet', refOf(group), FIELD_MANAGERS.traffic, (current) => {
    const present = current.spec?.template?.metadata?.labels?.[label] === TRAFFIC_ON;
    if (present === on) return null;
    return { spec: { template: { metadata: { labels: { [label]: on ? TRAFFIC_ON : null } } } } };
  });
}

/** Writes until no pod is left to write. @returns the group's pods as they are then. */
async function labelPods(
  { api }: Platform,
  { group, loadBalancer }: LabelGoal,
  on: boolean,
  choose: (pods: readonly Pod[]) => readonly Pod[],
): Promise<{ readonly pods: Pod[]; readonly wrote: boolean }> {
  const { namespace, name } = refOf(group);
  const patch = { metadata: { labels: { [trafficLabel(loadBalancer)]: on ? TRAFFIC_ON : null } } };
  for (let round = 0; round < ROUNDS; round++) {
    const { items } = await api.list('Pod', { namespace, labelSelector: selectorOf(identityOf(group)) });
    const chosen = choose(items);
    if (chosen.length === 0) return { pods: items, wrote: round > 0 };
    await eachBounded(chosen, AT_ONCE, async (pod) => {
      await api.merge('Pod', refOf(pod), patch, { fieldManager: FIELD_MANAGERS.traffic });
    });
  }
  throw new ProviderError('unavailable', `the pods of ${name} change faster than they can be labelled`);
}

function service({ group, loadBalancer }: LabelGoal) {
  return { namespace: refOf(group).namespace, service: loadBalancer };
}

function isLabelled({ metadata }: Pod, { loadBalancer }: LabelGoal): boolean {
  return metadata?.labels?.[trafficLabel(loadBalancer)] === TRAFFIC_ON;
}

function readyFirst(pods: readonly Pod[]): Pod[] {
  return pods.toSorted((one, other) => Number(isReady(other)) - Number(isReady(one)));
}

function uidsOf(pods: readonly Pod[]): string[] {
  return pods.flatMap(({ metadata }) => metadata?.uid ?? []);
}
