import { takeTrafficFrom } from '@/server/providers/kubernetes/verbs/disable-server-group';
import { standingOf } from '@/server/providers/kubernetes/verbs/ledger';
import { findGroup, type Platform, refOf } from '@/server/providers/kubernetes/verbs/platform';
import type { GroupRef, Operation } from '@/server/providers/provider';

/** Takes the group out of traffic, then removes it with everything that belongs to it. */
export async function destroyServerGroup(
  platform: Platform,
  operation: Operation,
  ref: GroupRef,
): Promise<void> {
  const group = await findGroup(platform, ref);
  if (!group) return;
  // Only to refuse a worker that lost its lease: whatever came since, the group is to be gone.
  standingOf(group, operation);
  if (group.metadata?.deletionTimestamp === undefined)
    await takeTrafficFrom(platform, operation, group, false);
  await platform.api.remove('ReplicaSet', refOf(group), {
    propagation: 'Background',
    uid: group.metadata?.uid,
  });
}
