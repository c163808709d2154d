import { parseServerGroupName } from '@/server/domain/naming';
import type { Platform } from '@/server/providers/lambda/client/platform';
import { findFunction } from '@/server/providers/lambda/read/functions';
import { changeAlias } from '@/server/providers/lambda/verbs/alias';
import { numbersOfOurs, versionNamed } from '@/server/providers/lambda/verbs/version';
import { weighted } from '@/server/providers/lambda/words/routing';
import { type LoadBalancerRef, type Operation, ProviderError } from '@/server/providers/provider';

/** Sets the shares that the alias gives, and those of versions that are enabled later. */
export async function setWeights(
  platform: Platform,
  operation: Operation,
  { region: regionName, name }: LoadBalancerRef,
  weights: Readonly<Record<string, number>>,
): Promise<void> {
  const region = platform.region(regionName);
  const [group = ''] = Object.keys(weights);
  const functionName = parseServerGroupName(group)?.cluster ?? group;
  const versions = (await findFunction(platform, region, functionName))?.versions ?? [];
  const asked = Object.entries(weights).map(([serverGroup, weight]): [string, number] => {
    const version = versionNamed(functionName, versions, serverGroup);
    if (version?.mark.loadBalancer === name) return [version.number, weight];
    throw new ProviderError('invalid', `server group ${serverGroup} is not behind load balancer ${name}`);
  });
  await changeAlias(platform, region, functionName, operation, (routing) => {
    if (routing.shares.size > 0) return weighted(routing, Object.fromEntries(asked), numbersOfOurs(versions));
    const { alias } = platform.config;
    throw new ProviderError(
      'not_found',
      `There is no alias ${alias} of ${functionName} in ${region.name}, so no shares can be given and nobody reaches its versions by it. Deploy again to make it anew.`,
    );
  });
}
