import { setTimeout as pause } from 'node:timers/promises';
import { existingGroup, type Platform } from '@/server/providers/kubernetes/verbs/platform';
import { LABELS } from '@/server/providers/kubernetes/words/labels';
import { type GroupRef, ProviderError } from '@/server/providers/provider';

/** A budget learns a little later than we do that instances are well. */
const TRIES = 5;
const BETWEEN_MS = 400;

/**
 * Evicts the pod, which the disruption budget may forbid; its group puts another in its place. A pod never comes
 * back under its name, so one that is gone was terminated, and no operation needs to be noted.
 */
export async function terminateInstance(
  platform: Platform,
  group: GroupRef,
  instanceId: string,
): Promise<void> {
  await existingGroup(platform, group);
  const ref = { namespace: group.region, name: instanceId };
  const pod = await platform.api.get('Pod', ref);
  if (!pod) return;
  if (pod.metadata?.labels?.[LABELS.serverGroup] !== group.name)
    throw new ProviderError('not_found', `server group ${group.name} has no instance ${instanceId}`);
  for (let tried = 1; tried <= TRIES; tried++) {
    if ((await platform.api.evict(ref)) !== 'refused') return;
    if (tried < TRIES) await pause(BETWEEN_MS);
  }
  throw new ProviderError(
    'conflict',
    `the disruption budget of ${group.name} allows no eviction now: wait until more of its instances are healthy`,
  );
}
