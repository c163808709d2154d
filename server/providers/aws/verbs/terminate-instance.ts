import { TerminateInstanceInAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { existingGroup } from '@/server/providers/aws/verbs/group';
import type { Platform } from '@/server/providers/aws/verbs/platform';
import type { GroupRef } from '@/server/providers/provider';

/** The group puts another one in its place. One that is not among its instances has gone already. */
export async function terminateInstance(
  platform: Platform,
  ref: GroupRef,
  InstanceId: string,
): Promise<void> {
  const region = platform.region(ref.region);
  const group = await existingGroup(region, ref);
  const member = group.Instances?.find((one) => one.InstanceId === InstanceId);
  if (!member || member.LifecycleState?.startsWith('Terminat')) return;
  await region.autoScaling.send(
    new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: false }),
  );
}
