import { admit } from '@/server/providers/aws/verbs/admit';
import { claim, existingGroup } from '@/server/providers/aws/verbs/group';
import type { Platform } from '@/server/providers/aws/verbs/platform';
import { TAGS } from '@/server/providers/aws/words/tags';
import type { GroupRef, Operation } from '@/server/providers/provider';

/** Attaches its target groups and gives them their weights as soon as they are healthy. */
export async function enableServerGroup(
  platform: Platform,
  operation: Operation,
  ref: GroupRef,
): Promise<void> {
  const region = platform.region(ref.region);
  const group = await existingGroup(region, ref);
  if (await claim(region, group, operation, 'traffic', { [TAGS.enabled]: 'true' }))
    await admit(region, group);
}
