import { unpinAutoscaler } from '@/server/providers/kubernetes/verbs/autoscaler';
import { nameOf } from '@/server/providers/kubernetes/verbs/groups-behind';
import { standingOf } from '@/server/providers/kubernetes/verbs/ledger';
import {
  existingGroup,
  loadBalancersOf,
  type Platform,
  type ReplicaSet,
  refOf,
  usesGateway,
} from '@/server/providers/kubernetes/verbs/platform';
import { bringLabels } from '@/server/providers/kubernetes/verbs/pod-labels';
import { checkSelected } from '@/server/providers/kubernetes/verbs/service-selector';
import {
  awaitReadyEndpoint,
  ensureGroupService,
  hasReadyEndpoint,
  instanceGoals,
  noteTraffic,
  routeTo,
  wholeGoals,
} from '@/server/providers/kubernetes/verbs/traffic';
import type { GroupRef, Operation } from '@/server/providers/provider';

/** Lets requests in, and returns when the cluster's endpoints hold the instances that are ready. */
export async function enableServerGroup(
  platform: Platform,
  operation: Operation,
  ref: GroupRef,
): Promise<void> {
  const group = await existingGroup(platform, ref);
  if (standingOf(group, operation) === 'over') return;
  await bringTrafficTo(platform, operation, group);
  await unpinAutoscaler(platform, group);
}

/** Also for a group that has just been created to take requests. */
export async function bringTrafficTo(
  platform: Platform,
  operation: Operation,
  group: ReplicaSet,
): Promise<void> {
  if (!(await usesGateway(platform))) {
    const { namespace: region } = refOf(group);
    for (const name of loadBalancersOf(group)) await checkSelected(platform, { region, name }, group);
    const goals = await instanceGoals(platform, group, true);
    const own = goals.filter((goal) => nameOf(goal.group) === nameOf(group));
    await noteTraffic(platform, operation, group, true, own);
    return bringLabels(platform, goals);
  }
  await ensureGroupService(platform, group);
  // The one write that moves requests comes first where somebody is there to answer them.
  const able = await hasReadyEndpoint(platform, group);
  if (able) await routeTo(platform, operation, group);
  const goals = wholeGoals(group, true);
  await noteTraffic(platform, operation, group, true, goals);
  await bringLabels(platform, goals);
  if (able) return;
  await awaitReadyEndpoint(platform, group);
  await routeTo(platform, operation, group);
}
