import type { Platform } from '@/server/providers/lambda/client/platform';
import { changeAlias } from '@/server/providers/lambda/verbs/alias';
import { existingVersion, requireActive } from '@/server/providers/lambda/verbs/version';
import { admitted } from '@/server/providers/lambda/words/routing';
import type { GroupRef, Operation } from '@/server/providers/provider';

/** The alias calls it too, with the share that was asked for, or the same as the other. */
export async function enable(platform: Platform, operation: Operation, ref: GroupRef): Promise<void> {
  const region = platform.region(ref.region);
  const version = await existingVersion(platform, region, ref);
  if (version.mark.loadBalancer === null) return;
  await requireActive(region, version);
  await changeAlias(platform, region, version.functionName, operation, (routing) =>
    admitted(routing, version.number, version.ours),
  );
}
