import { DeleteAutoScalingGroupCommand, UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { DeleteLaunchTemplateCommand } from '@aws-sdk/client-ec2';
import { DeleteTargetGroupCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { findGroup } from '@/server/providers/aws/read/groups';
import { dismiss, untilDrained } from '@/server/providers/aws/verbs/admit';
import { isLeaving, tag } from '@/server/providers/aws/verbs/group';
import type { Platform, Region } from '@/server/providers/aws/verbs/platform';
import { isOurs, membershipsIn, TAGS, tagsOf } from '@/server/providers/aws/words/tags';
import { type GroupRef, ProviderError } from '@/server/providers/provider';

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
  await removeTemplate(region, ref.name);
  await gone(
    region.autoScaling.send(
      new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: ref.name, ForceDelete: true }),
    ),
  );
}

export async function removeTemplate(region: Region, name: string): Promise<void> {
  await gone(region.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName: name })));
}

/** What is not there needs no removal. */
async function gone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== 'not_found') throw error;
  }
}
