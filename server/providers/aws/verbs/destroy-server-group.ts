import { DeleteAutoScalingGroupCommand, UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { DeleteTargetGroupCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { findGroup } from '@/server/providers/aws/read/groups';
import { dismiss, untilDrained } from '@/server/providers/aws/verbs/admit';
import { gone } from '@/server/providers/aws/verbs/gone';
import { isLeaving, tag } from '@/server/providers/aws/verbs/group';
import { removeTemplates } from '@/server/providers/aws/verbs/launch-template';
import type { Platform } from '@/server/providers/aws/verbs/platform';
import { isOurs, membershipsIn, TAGS, tagsOf } from '@/server/providers/aws/words/tags';
import type { GroupRef } from '@/server/providers/provider';

/** Drains, then removes the group and what was made for it. The group goes last, for it knows of the others. */
export async function destroyServerGroup(platform: Platform, ref: GroupRef): Promise<void> {
  const region = platform.region(ref.region);
  const group = await findGroup(region, ref.name);
  if (!group || isLeaving(group) || !isOurs(group)) return;
  await tag(region, group, { [TAGS.enabled]: 'false' });
  await dismiss(region, group);
  const targetGroups = membershipsIn(tagsOf(group.Tags)).map(({ targetGroupArn }) => targetGroupArn);
  await untilDrained(region, targetGroups);
  await region.autoScaling.send(
    new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: ref.name,
      MinSize: 0,
      DesiredCapacity: 0,
      MaxSize: 0,
    }),
  );
  for (const TargetGroupArn of targetGroups)
    await gone(region.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn })));
  await removeTemplates(region, ref.name);
  await gone(
    region.autoScaling.send(
      new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: ref.name, ForceDelete: true }),
    ),
  );
}
