import { parseServerGroupName } from '@/server/domain/naming';
import { oneAtATime } from '@/server/providers/aws/verbs/lock';
import { isOvertaken } from '@/server/providers/lambda/client/errors';
import type { Platform, Region } from '@/server/providers/lambda/client/platform';
import { enable } from '@/server/providers/lambda/verbs/enable-server-group';
import { publish } from '@/server/providers/lambda/verbs/publish';
import { findVersion } from '@/server/providers/lambda/verbs/version';
import { clusterNameObjection } from '@/server/providers/lambda/words/function-name';
import { isBy, markText } from '@/server/providers/lambda/words/mark';
import { type Operation, ProviderError, type ServerGroupSpec } from '@/server/providers/provider';

/** Publishes a version of the cluster's function; the function is made with the first. */
export async function createServerGroup(
  platform: Platform,
  operation: Operation,
  spec: ServerGroupSpec,
): Promise<{ name: string }> {
  checkSpec(spec);
  const region = platform.region(spec.region);
  const description = markText(spec, operation);
  await oneAtATime(`${region.name}/${spec.cluster}/code`, async () => {
    if (await isThere(platform, region, operation, spec)) return;
    try {
      await publish(platform, region, spec, description);
    } catch (error) {
      if (!isOvertaken(error)) throw error;
      // Either its answer was lost and the SDK asked twice, or somebody else works on the same function.
      if (!(await isThere(platform, region, operation, spec))) throw later(spec, error);
    }
  });
  if (spec.enabled && spec.loadBalancers.length > 0)
    await enable(platform, { id: `${operation.id}/enable`, fence: operation.fence }, spec);
  return { name: spec.name };
}

function checkSpec({ name, application, cluster, loadBalancers }: ServerGroupSpec): void {
  const parsed = parseServerGroupName(name);
  if (parsed?.cluster !== cluster || parsed.sequence === null)
    throw new ProviderError('invalid', `"${name}" is not the name of a server group of ${cluster}.`);
  const objection = clusterNameObjection(application, cluster);
  if (objection !== null) throw new ProviderError('invalid', `${objection}.`);
  if (loadBalancers.length > 1)
    throw new ProviderError(
      'invalid',
      'A function has one alias, so that it stands behind one load balancer.',
    );
}

/** Whether the operation has published it before. @throws ProviderError `conflict` when another one has. */
async function isThere(
  platform: Platform,
  region: Region,
  operation: Operation,
  { name }: ServerGroupSpec,
): Promise<boolean> {
  const found = await findVersion(platform, region, { name });
  if (!found) return false;
  if (isBy(found.mark, operation)) return true;
  throw new ProviderError('conflict', `server group ${name} already exists in ${region.name}`);
}

/** What we have done so far is found again at the next try. */
function later({ cluster }: ServerGroupSpec, { message }: ProviderError): ProviderError {
  return new ProviderError(
    'pending',
    `Somebody else changes the function ${cluster}. It is tried again. ${message}`,
  );
}
