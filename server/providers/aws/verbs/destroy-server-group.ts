import { DeleteAutoScalingGroupCommand, UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { findGroup } from '@/server/providers/aws/read/groups';
import { dismiss, untilDrained } from '@/server/providers/aws/verbs/admit';
import { gone } from '@/server/providers/aws/verbs/gone';
import { isLeaving, tag } from '@/server/providers/aws/verbs/group';
import { removeTemplates } from '@/server/providers/aws/verbs/launch-template';
import { removeOrLeave } from '@/server/providers/aws/verbs/leftovers';
import type { Platform } from '@/server/providers/aws/verbs/platform';
import { isOurs, membershipsIn, TAGS, tagsOf } from '@/server/providers/aws/words/tags';
import { type GroupRef, ProviderError } from '@/server/providers/provider';

/**
 * Drains, then removes the group and what was made for it. The group goes last, for it knows of the others.
 * @throws ProviderError `conflict` when a target group stays behind because others send to it: the group itself has
 * gone by then.
 */
export async function destroyServerGroup(platform: Platform, ref: GroupRef): Promise<void> {
  const region = platform.region(ref.region);
  const group = await findGroup(region, ref.name);
  if (!group || isLeaving(group) || !isOurs(group)) return;
  await tag(region, group, { [TAGS.enabled]: 'false' });
  await dismiss(region, group);
  const memberships = membershipsIn(tagsOf(group.Tags));
  await untilDrained(
    region,
    memberships.map(({ targetGroupArn }) => targetGroupArn),
  );
  await region.autoScaling.send(
    new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: ref.name,
      MinSize: 0,
      DesiredCapacity: 0,
      MaxSize: 0,
    }),
  );
  const left: string[] = [];
  for (const membership of memberships) left.push(...(await removeOrLeave(region, membership)));
  await removeTemplates(region, ref.name);
  await gone(
    region.autoScaling.send(
      new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: ref.name, ForceDelete: true }),
    ),
  );
  if (left.length > 0)
    throw new ProviderError(
      'conflict',
      `${ref.name} is removed, and something of it stays. ${left.join(' ')}`,
    );
}
