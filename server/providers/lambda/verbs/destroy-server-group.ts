import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import { isMissing } from '@/server/providers/lambda/client/errors';
import type { Platform } from '@/server/providers/lambda/client/platform';
import { readAlias } from '@/server/providers/lambda/read/functions';
import { changeAlias } from '@/server/providers/lambda/verbs/alias';
import { findVersion } from '@/server/providers/lambda/verbs/version';
import { dismissed, routingOf } from '@/server/providers/lambda/words/routing';
import type { GroupRef, Operation } from '@/server/providers/provider';

/** Deletes the version, never the function: aliases, triggers and addresses hang on that. */
export async function destroyServerGroup(
  platform: Platform,
  operation: Operation,
  ref: GroupRef,
): Promise<void> {
  const region = platform.region(ref.region);
  const version = await findVersion(platform, region, ref);
  if (!version) return;
  const { functionName: FunctionName, number: Qualifier } = version;
  const alias = await readAlias(platform, region, FunctionName);
  if (alias && routingOf(alias).shares.has(Qualifier))
    await changeAlias(platform, region, FunctionName, operation, (routing) => dismissed(routing, Qualifier));
  try {
    // AWS refuses while any alias calls it.
    await region.lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier }));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
