import type { Platform } from '@/server/providers/lambda/client/platform';
import { changeAlias } from '@/server/providers/lambda/verbs/alias';
import { existingVersion, type Version } from '@/server/providers/lambda/verbs/version';
import { dismissed, type Routing } from '@/server/providers/lambda/words/routing';
import { type GroupRef, type Operation, ProviderError } from '@/server/providers/provider';

/** The alias calls it no longer. What it is doing, it finishes. */
export async function disableServerGroup(
  platform: Platform,
  operation: Operation,
  ref: GroupRef,
): Promise<void> {
  const region = platform.region(ref.region);
  const version = await existingVersion(platform, region, ref);
  if (version.mark.loadBalancer === null)
    throw new ProviderError('invalid', `${ref.name} stands behind no alias that could leave it out.`);
  await changeAlias(platform, region, version.functionName, operation, (routing) =>
    callsOthers(routing, version) ? null : dismissed(routing, version.number),
  );
}

/** Somebody else has taken the alias: what stands in it is theirs. */
function callsOthers({ shares }: Routing, { number, ours }: Version): boolean {
  return !shares.has(number) && [...shares.keys()].some((one) => !ours.has(one));
}
