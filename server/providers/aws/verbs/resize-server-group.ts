import { UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import type { Capacity } from '@/server/domain/inventory';
import { claim, existingGroup } from '@/server/providers/aws/verbs/group';
import type { Platform } from '@/server/providers/aws/verbs/platform';
import { routeIfThere } from '@/server/providers/aws/verbs/route';
import { isEnabled, membershipsIn, tagsOf } from '@/server/providers/aws/words/tags';
import type { GroupRef, Operation } from '@/server/providers/provider';

/** All three figures in one call, and shares that follow how many instances are healthy. */
export async function resizeServerGroup(
  platform: Platform,
  operation: Operation,
  ref: GroupRef,
  { min, desired, max }: Capacity,
): Promise<void> {
  const region = platform.region(ref.region);
  const group = await existingGroup(region, ref);
  if (!(await claim(region, group, operation, 'size'))) return;
  await region.autoScaling.send(
    new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: ref.name,
      MinSize: min,
      DesiredCapacity: desired,
      MaxSize: max,
    }),
  );
  if (!isEnabled(group)) return;
  for (const { loadBalancer } of membershipsIn(tagsOf(group.Tags))) await routeIfThere(region, loadBalancer);
}
