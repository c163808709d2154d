import { type AutoScalingGroup, CreateOrUpdateTagsCommand } from '@aws-sdk/client-auto-scaling';
import { findGroup } from '@/server/providers/aws/read/groups';
import type { Region } from '@/server/providers/aws/verbs/platform';
import { keeperOf } from '@/server/providers/aws/words/keeper-of';
import { type Aspect, noted, standingOf } from '@/server/providers/aws/words/ledger';
import { groupTags, isOurs, type Tags, tagsOf } from '@/server/providers/aws/words/tags';
import { type GroupRef, type Operation, ProviderError } from '@/server/providers/provider';

/** @throws ProviderError `not_found` for none, `conflict` for one that others keep or that is being deleted. */
export async function existingGroup(region: Region, { name }: GroupRef): Promise<AutoScalingGroup> {
  const group = await findGroup(region, name);
  if (!group) throw new ProviderError('not_found', `There is no server group ${name} in ${region.name}.`);
  if (!isOurs(group)) throw keptByOthers(region, group);
  if (isLeaving(group))
    throw new ProviderError('conflict', `Server group ${name} is being deleted. Wait for its end.`);
  return group;
}

function keptByOthers(
  { name: region }: Region,
  { AutoScalingGroupName, Tags }: AutoScalingGroup,
): ProviderError {
  const name = AutoScalingGroupName ?? '';
  const { kind, name: keeper } = keeperOf('', name, tagsOf(Tags));
  const who = keeper === name ? kind : `${kind} ${keeper}`;
  return new ProviderError(
    'conflict',
    kind === ''
      ? `${name} in ${region} was made outside Signalbox. Change it where it was made.`
      : `${who} keeps ${name} in ${region}, not Signalbox. Change it there.`,
  );
}

/** AWS deletes groups in the background, and gives them a status only then. */
export function isLeaving(group: AutoScalingGroup): boolean {
  return group.Status !== undefined && group.Status !== null && group.Status !== '';
}

/**
 * Notes that the operation acts on the group now.
 * @param also tags that are part of what it changes.
 * @returns false when another one has done so since, so that nothing is left to do.
 */
export async function claim(
  region: Region,
  group: AutoScalingGroup,
  operation: Operation,
  aspect: Aspect,
  also: Tags = {},
): Promise<boolean> {
  const tags = tagsOf(group.Tags);
  if (standingOf(tags, operation, aspect) === 'over') return false;
  await tag(region, group, { ...also, ...noted(tags, operation, aspect) });
  return true;
}

/** Writes those that are not there yet. */
export async function tag(region: Region, group: AutoScalingGroup, wanted: Tags): Promise<void> {
  const tags = tagsOf(group.Tags);
  const missing = Object.fromEntries(Object.entries(wanted).filter(([key, value]) => tags[key] !== value));
  if (Object.keys(missing).length === 0) return;
  const Tags = groupTags(group.AutoScalingGroupName ?? '', missing);
  await region.autoScaling.send(new CreateOrUpdateTagsCommand({ Tags }));
}
