import { dismiss } from '@/server/providers/aws/verbs/admit';
import { claim, existingGroup } from '@/server/providers/aws/verbs/group';
import type { Platform } from '@/server/providers/aws/verbs/platform';
import { TAGS } from '@/server/providers/aws/words/tags';
import type { GroupRef, Operation } from '@/server/providers/provider';

/** Takes it from the listeners, detaches its target groups and keeps its size. */
export async function disableServerGroup(
  platform: Platform,
  operation: Operation,
  ref: GroupRef,
): Promise<void> {
  const region = platform.region(ref.region);
  const group = await existingGroup(region, ref);
  if (await claim(region, group, operation, 'traffic', { [TAGS.enabled]: 'false' }))
    await dismiss(region, group);
}
