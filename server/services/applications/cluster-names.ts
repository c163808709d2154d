import { clusterName } from '@/server/domain/naming';
import type { ApplicationDefinition, EnvironmentDefinition } from '@/server/domain/pipeline';
import { findManifest } from '@/server/services/accounts/load-provider';
import type { Issue } from '@/server/services/pipelines/validate';

/** Wherever this is taken by no platform, it is the application's name that is not. */
const HARMLESS_STACK = 'a';

/**
 * What is wrong with the names that clusters get from an application and its environments, at the field that was
 * written: nobody writes the name of a cluster.
 * @param platforms kinds of platform by account.
 */
export function clusterNameIssues(
  { name, environments }: ApplicationDefinition,
  platforms: ReadonlyMap<string, string>,
): Issue[] {
  const found = environments.flatMap((environment, index): Issue[] => {
    const { account, stack } = environment;
    const kind = platforms.get(account) ?? '';
    const ofApplication = objectionTo(kind, name, HARMLESS_STACK);
    if (ofApplication !== null) return [{ path: 'name', message: `"${name}" ${ofApplication}` }];
    const written = stackOf(environment);
    const message = objectionTo(kind, name, written);
    if (message === null) return [];
    const at = `environments.${index}`;
    if (stack !== undefined) return [{ path: `${at}.stack`, message: `"${written}" ${message}` }];
    const instead = 'give the environment a stack, which then stands in names instead';
    return [{ path: `${at}.name`, message: `"${written}" ${message}; ${instead}` }];
  });
  // What is wrong with the application's name is so in each of its environments.
  return found.filter((issue, at) => found.findIndex(({ path }) => path === issue.path) === at);
}

/**
 * The cluster of an environment.
 * @throws RangeError when its name could not be read back.
 */
export function environmentCluster(application: string, environment: EnvironmentDefinition): string {
  return clusterName(application, stackOf(environment));
}

function stackOf({ stack, name }: EnvironmentDefinition): string {
  return stack ?? name;
}

function objectionTo(kind: string, application: string, stack: string): string | null {
  const manifest = findManifest(kind);
  try {
    const cluster = clusterName(application, stack);
    const objection = manifest?.clusterNameObjection?.(application, cluster) ?? null;
    return objection === null ? null : `cannot be used on ${manifest?.label}, because ${objection}`;
  } catch (error) {
    if (error instanceof RangeError) return 'would be read as the number of a server group';
    throw error;
  }
}
