import { eachBounded } from '@/server/providers/kubernetes/verbs/bounded';
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
  labelTemplate,
  leaveToOne,
  reachEnabled,
} from '@/server/providers/kubernetes/verbs/service-selector';
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
  const coming = goals.filter(({ wanted }) => wanted !== 0);
  const labelled = await Promise.all(
    coming.map(async (goal) => ({ goal, ...(await labelComing(platform, goal)) })),
  );
  const widened = new Map<string, boolean>();
  for (const { group, loadBalancer } of coming)
    if (!widened.has(loadBalancer))
      widened.set(loadBalancer, await reachEnabled(platform, balancerOf({ group, loadBalancer })));
  await Promise.all(
    labelled.map(async ({ goal, pods, wrote }) => {
      if (wrote || widened.get(goal.loadBalancer)) await awaitIn(platform, goal, pods);
    }),
  );
  await Promise.all(goals.map((goal) => keepOut(platform, goal)));
}

/** Labels as many pods as are wanted; those that have it keep it. */
export async function labelComing(platform: Platform, goal: LabelGoal) {
  const { wanted } = goal;
  if (wanted === 'all') await labelTemplate(platform, goal.group, goal.loadBalancer, true);
  return labelPods(platform, goal, true, (all) => {
    const staying = all.filter((pod) => pod.metadata?.deletionTimestamp === undefined);
    const without = staying.filter((pod) => !isLabelled(pod, goal));
    if (wanted === 'all') return without;
    const missing = wanted - (staying.length - without.length);
    return readyFirst(without).slice(0, Math.max(0, missing));
  });
}

/** Ends early when the endpoints do not follow: whoever waits for traffic sees that there is none. */
async function awaitIn(platform: Platform, goal: LabelGoal, pods: readonly Pod[]): Promise<void> {
  const able = uidsOf(pods.filter((pod) => isReady(pod) && isLabelled(pod, goal)));
  if (able.length === 0) return;
  await inTime((signal) =>
    awaitEndpoints(platform, service(goal), ({ ready }) => able.every((uid) => ready.has(uid)), signal),
  );
}

/** @throws ProviderError `unavailable` when the endpoints do not follow. */
async function keepOut(platform: Platform, goal: LabelGoal): Promise<void> {
  const { wanted } = goal;
  if (wanted === 'all') return;
  await labelTemplate(platform, goal.group, goal.loadBalancer, false);
  const tooMany = (all: readonly Pod[]) => {
    const labelled = all.filter((pod) => isLabelled(pod, goal));
    return readyFirst(labelled).slice(wanted);
  };
  await labelPods(platform, goal, false, tooMany);
  if (wanted > 0) return;
  // A pod that was on its way while the template changed may have come with the label.
  await awaitOut(platform, goal, (await labelPods(platform, goal, false, tooMany)).pods);
}

/**
 * Takes a group out that is no longer enabled. Where one other is left it is left the Service, which is one write,
 * and this one keeps its labels, to come back as quickly.
 * @param staysReady false for a group that will not come back.
 */
export async function takeOut(platform: Platform, goal: LabelGoal, staysReady: boolean): Promise<void> {
  if (!(await leaveToOne(platform, balancerOf(goal)))) return keepOut(platform, { ...goal, wanted: 0 });
  await awaitOut(platform, goal, await podsOf(platform, goal));
  // Nobody waits for these any more: of a group that had a part of the requests, only some pods carry the label.
  if (staysReady) await labelComing(platform, { ...goal, wanted: 'all' });
}

async function awaitOut(platform: Platform, goal: LabelGoal, pods: readonly Pod[]): Promise<void> {
  const uids = uidsOf(pods);
  const { group, loadBalancer } = goal;
  await orUnavailable(
    (signal) =>
      awaitEndpoints(platform, service(goal), ({ serving }) => !uids.some((uid) => serving.has(uid)), signal),
    `${group.metadata?.name} is still among the endpoints of Service ${loadBalancer}: the cluster has not taken it out in time`,
  );
}

/** Writes until no pod is left to write. @returns the group's pods as they are then. */
async function labelPods(
  platform: Platform,
  goal: LabelGoal,
  on: boolean,
  choose: (pods: readonly Pod[]) => readonly Pod[],
): Promise<{ readonly pods: Pod[]; readonly wrote: boolean }> {
  const { group, loadBalancer } = goal;
  const patch = { metadata: { labels: { [trafficLabel(loadBalancer)]: on ? TRAFFIC_ON : null } } };
  for (let round = 0; round < ROUNDS; round++) {
    const pods = await podsOf(platform, goal);
    const chosen = choose(pods);
    if (chosen.length === 0) return { pods, wrote: round > 0 };
    await eachBounded(chosen, AT_ONCE, async (pod) => {
      await platform.api.merge('Pod', refOf(pod), patch, { fieldManager: FIELD_MANAGERS.traffic });
    });
  }
  throw new ProviderError(
    'unavailable',
    `the pods of ${group.metadata?.name} change faster than they can be labelled`,
  );
}

async function podsOf({ api }: Platform, { group }: LabelGoal): Promise<Pod[]> {
  const { namespace } = refOf(group);
  return (await api.list('Pod', { namespace, labelSelector: selectorOf(identityOf(group)) })).items;
}

function balancerOf({ group, loadBalancer }: Pick<LabelGoal, 'group' | 'loadBalancer'>) {
  return { region: refOf(group).namespace, name: loadBalancer };
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
