import { eachBounded } from '@/server/providers/kubernetes/verbs/bounded';
import { inTime } from '@/server/providers/kubernetes/verbs/deadline';
import { awaitEndpoints, type Endpoints } from '@/server/providers/kubernetes/verbs/endpoints';
import {
  identityOf,
  isReady,
  type Platform,
  type Pod,
  type ReplicaSet,
  refOf,
} from '@/server/providers/kubernetes/verbs/platform';
import {
  isLeftToOne,
  labelTemplate,
  leaveToOne,
  reachEnabled,
  regainSelector,
  selectorTrouble,
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
    coming.map(async (goal) => ({ goal, wrote: await labelComing(platform, goal) })),
  );
  const aloneBefore = new Map<string, string | null>();
  for (const goal of coming)
    if (!aloneBefore.has(goal.loadBalancer))
      aloneBefore.set(goal.loadBalancer, await reachEnabled(platform, balancerOf(goal)));
  await Promise.all(
    labelled.map(async ({ goal, wrote }) => {
      const alone = aloneBefore.get(goal.loadBalancer) ?? null;
      if (wrote || (alone !== null && alone !== goal.group.metadata?.name)) await awaitIn(platform, goal);
    }),
  );
  await Promise.all(goals.map((goal) => keepOut(platform, goal)));
}

/**
 * Labels as many pods as are wanted; those that have it keep it.
 * @returns whether any had to be.
 */
export async function labelComing(platform: Platform, goal: LabelGoal): Promise<boolean> {
  const { wanted, group, loadBalancer } = goal;
  if (wanted === 'all') {
    await labelTemplate(platform, group, loadBalancer, true);
    // A version that stands by lacks none: none is read then, however large it is.
    const { wrote } = await labelPods(platform, goal, true, staying, [
      `${trafficLabel(loadBalancer)}!=${TRAFFIC_ON}`,
    ]);
    return wrote;
  }
  const { wrote } = await labelPods(platform, goal, true, (all) => {
    const without = staying(all).filter((pod) => !isLabelled(pod, goal));
    const missing = wanted - (staying(all).length - without.length);
    return readyFirst(without).slice(0, Math.max(0, missing));
  });
  return wrote;
}

/** Ends early when the endpoints do not follow: whoever waits for traffic sees that there is none. */
async function awaitIn(platform: Platform, goal: LabelGoal): Promise<void> {
  const pods = await podsOf(platform, goal);
  const able = uidsOf(pods.filter((pod) => isReady(pod) && isLabelled(pod, goal)));
  if (able.length === 0) return;
  await inTime((signal) =>
    awaitEndpoints(platform, service(goal), ({ ready }) => able.every((uid) => ready.has(uid)), signal),
  );
}

/** @throws ProviderError `pending` when the endpoints do not follow in time. */
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
  const out = { ...goal, wanted: 0 };
  await regainSelector(platform, balancerOf(goal));
  if (!(await leaveToOne(platform, balancerOf(goal)))) return keepOut(platform, out);
  await awaitOut(platform, goal, await podsOf(platform, goal));
  if (!staysReady) return;
  // Nobody waits for these any more: of a group that had a part of the requests, only some pods carry the label.
  const wrote = await labelComing(platform, { ...goal, wanted: 'all' });
  // Whoever has let another group in meanwhile has looked for such labels perhaps before they were there.
  if (wrote && !(await isLeftToOne(platform, balancerOf(goal)))) await keepOut(platform, out);
}

async function awaitOut(platform: Platform, goal: LabelGoal, pods: readonly Pod[]): Promise<void> {
  const uids = uidsOf(pods);
  const { group, loadBalancer } = goal;
  let answered = false;
  const isOut = ({ serving }: Endpoints) => {
    answered = true;
    return !uids.some((uid) => serving.has(uid));
  };
  if (await inTime((signal) => awaitEndpoints(platform, service(goal), isOut, signal))) return;
  const trouble = await selectorTrouble(platform, balancerOf(goal));
  if (trouble !== null) throw new ProviderError('conflict', trouble);
  throw new ProviderError(
    answered ? 'pending' : 'unavailable',
    `${group.metadata?.name} is still among the endpoints of Service ${loadBalancer}: the cluster has not taken it out in time`,
  );
}

/** Writes until no pod is left to write. @returns those that it looked among, as they are then. */
async function labelPods(
  platform: Platform,
  goal: LabelGoal,
  on: boolean,
  choose: (pods: readonly Pod[]) => readonly Pod[],
  among: readonly string[] = [],
): Promise<{ readonly pods: Pod[]; readonly wrote: boolean }> {
  const { group, loadBalancer } = goal;
  const patch = { metadata: { labels: { [trafficLabel(loadBalancer)]: on ? TRAFFIC_ON : null } } };
  for (let round = 0; round < ROUNDS; round++) {
    const pods = await podsOf(platform, goal, among);
    const chosen = choose(pods);
    if (chosen.length === 0) return { pods, wrote: round > 0 };
    await eachBounded(chosen, AT_ONCE, async (pod) => {
      await platform.api.merge('Pod', refOf(pod), patch, { fieldManager: FIELD_MANAGERS.traffic });
    });
  }
  throw new ProviderError(
    'pending',
    `the pods of ${group.metadata?.name} change faster than they can be labelled`,
  );
}

/** @param among more that their labels must say. */
async function podsOf(
  { api }: Platform,
  { group }: LabelGoal,
  among: readonly string[] = [],
): Promise<Pod[]> {
  const labelSelector = [selectorOf(identityOf(group)), ...among].join(',');
  return (await api.list('Pod', { namespace: refOf(group).namespace, labelSelector })).items;
}

function staying(pods: readonly Pod[]): Pod[] {
  return pods.filter((pod) => pod.metadata?.deletionTimestamp === undefined);
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
