import { pinAutoscaler } from '@/server/providers/kubernetes/verbs/autoscaler';
import { nameOf } from '@/server/providers/kubernetes/verbs/groups-behind';
import { standingOf } from '@/server/providers/kubernetes/verbs/ledger';
import {
  existingGroup,
  type Platform,
  type ReplicaSet,
  usesGateway,
} from '@/server/providers/kubernetes/verbs/platform';
import { bringLabels, takeOut } from '@/server/providers/kubernetes/verbs/pod-labels';
import {
  forgetWeights,
  instanceGoals,
  noteTraffic,
  routePast,
  wholeGoals,
} from '@/server/providers/kubernetes/verbs/traffic';
import type { GroupRef, Operation } from '@/server/providers/provider';

/** Returns when no endpoint of a load balancer leads to the group; requests in flight finish. */
export async function disableServerGroup(
  platform: Platform,
  operation: Operation,
  ref: GroupRef,
): Promise<void> {
  const group = await existingGroup(platform, ref);
  if (standingOf(group, operation) === 'over') return;
  await pinAutoscaler(platform, group);
  await takeTrafficFrom(platform, operation, group);
}

/**
 * Others take over first, then the group leaves.
 * @param staysReady false for a group that will not come back.
 */
export async function takeTrafficFrom(
  platform: Platform,
  operation: Operation,
  group: ReplicaSet,
  staysReady = true,
): Promise<void> {
  if (await usesGateway(platform)) {
    await routePast(platform, operation, group);
  } else {
    const goals = await instanceGoals(platform, group, false);
    await forgetWeights(platform, group);
    await bringLabels(
      platform,
      goals.filter((goal) => nameOf(goal.group) !== nameOf(group)),
    );
  }
  await noteTraffic(platform, operation, group, false, []);
  for (const goal of wholeGoals(group, false)) await takeOut(platform, goal, staysReady);
}
