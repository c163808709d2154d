import type { Capacity } from '@/server/domain/inventory';
import { boundAutoscaler } from '@/server/providers/kubernetes/verbs/autoscaler';
import { change } from '@/server/providers/kubernetes/verbs/change';
import { markLeaving } from '@/server/providers/kubernetes/verbs/leaving-pods';
import { isNoted, noted, standingOf } from '@/server/providers/kubernetes/verbs/ledger';
import {
  existingGroup,
  isEnabled,
  type Platform,
  type ReplicaSet,
  refOf,
  usesGateway,
} from '@/server/providers/kubernetes/verbs/platform';
import { bringLabels } from '@/server/providers/kubernetes/verbs/pod-labels';
import { instanceGoals, routeBySize } from '@/server/providers/kubernetes/verbs/traffic';
import { ANNOTATIONS, FIELD_MANAGERS } from '@/server/providers/kubernetes/words/labels';
import type { GroupRef, Operation } from '@/server/providers/provider';

/** Sets how many instances there shall be, and shares requests out anew where their number matters. */
export async function resizeServerGroup(
  platform: Platform,
  operation: Operation,
  ref: GroupRef,
  capacity: Capacity,
): Promise<void> {
  const group = await existingGroup(platform, ref);
  const standing = standingOf(group, operation);
  if (standing === 'over') return;
  if (standing === 'new' && capacity.desired > 0 && capacity.desired < (group.spec?.replicas ?? 0))
    await markLeaving(platform, group, capacity.desired);
  await boundAutoscaler(platform, group, capacity);
  const resized = await change(platform, 'ReplicaSet', refOf(group), FIELD_MANAGERS.deploy, (current) => {
    const now = standingOf(current, operation);
    if (now === 'over' || isNoted(current, operation)) return null;
    // Again by a newer lease: it has its size, or has grown since by other hands.
    if (now === 'begun') return { metadata: { annotations: noted(current, operation, 'size') } };
    const annotations = {
      [ANNOTATIONS.capacityMin]: String(capacity.min),
      [ANNOTATIONS.capacityMax]: String(capacity.max),
      ...noted(current, operation, 'size'),
    };
    return { metadata: { annotations }, spec: { replicas: capacity.desired } };
  });
  if (resized && isEnabled(resized)) await shareBySize(platform, operation, resized);
}

async function shareBySize(platform: Platform, operation: Operation, group: ReplicaSet): Promise<void> {
  if (await usesGateway(platform)) await routeBySize(platform, operation, group);
  else await bringLabels(platform, await instanceGoals(platform, group, true));
}
