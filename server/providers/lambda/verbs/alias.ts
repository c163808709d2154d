import { type AliasConfiguration, CreateAliasCommand, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { oneAtATime } from '@/server/providers/aws/verbs/lock';
import { isOvertaken } from '@/server/providers/lambda/client/errors';
import type { Platform, Region } from '@/server/providers/lambda/client/platform';
import { readAlias } from '@/server/providers/lambda/read/functions';
import { type Routing, routingOf, standingOf, targetOf } from '@/server/providers/lambda/words/routing';
import { type Operation, ProviderError } from '@/server/providers/provider';

/** Others that write the same alias are outlived so often. */
const ATTEMPTS = 5;

/**
 * Changes what a function's alias routes to, in one write: read, worked out, and written only if nobody else wrote in
 * between; else once more. An operation that has acted before changes nothing.
 * @param change null when there is nothing to write.
 */
export function changeAlias(
  platform: Platform,
  region: Region,
  functionName: string,
  operation: Operation,
  change: (routing: Routing) => Routing | null,
): Promise<void> {
  return oneAtATime(`${region.name}/${functionName}`, async () => {
    for (let attempt = 1; ; attempt++)
      try {
        const alias = await readAlias(platform, region, functionName);
        await write(platform, region, functionName, alias, operation, change);
        return;
      } catch (error) {
        if (!isOvertaken(error)) throw error;
        if (attempt === ATTEMPTS)
          throw new ProviderError(
            'pending',
            `Somebody else keeps changing the alias of ${functionName}. It is tried again later.`,
          );
      }
  });
}

async function write(
  { config }: Platform,
  { lambda }: Region,
  FunctionName: string,
  alias: AliasConfiguration | null,
  operation: Operation,
  change: (routing: Routing) => Routing | null,
): Promise<void> {
  const routing = routingOf(alias);
  const before = standingOf(routing, operation);
  if (before === 'done') return;
  // One that has acted only leaves its newer fence.
  const next = before === 'acted' ? routing : change(routing);
  if (next === null || (!alias && next.shares.size === 0)) return;
  const target = { FunctionName, Name: config.alias, ...targetOf(next, operation) };
  if (alias) await lambda.send(new UpdateAliasCommand({ ...target, RevisionId: alias.RevisionId }));
  else await lambda.send(new CreateAliasCommand(target));
}
