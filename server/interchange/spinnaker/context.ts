import { parseServerGroupName } from '@/server/domain/naming';
import { Unmappable } from '@/server/interchange/spinnaker/report';

/** Where the pipeline comes to, and what the importer says about names that differ. */
export interface ImportTarget {
  readonly application: string;
  /** What it is called in the document. */
  readonly theirApplication?: string | undefined;
  readonly environments: readonly {
    readonly name: string;
    readonly account: string;
    readonly cluster: string;
    readonly regions: readonly string[];
    readonly artifact: string;
  }[];
  /** Of the application. */
  readonly pipelines: readonly string[];
  readonly roles: readonly string[];
  /** Names of the webhook sources and notification endpoints that administrators have set up. */
  readonly sources: readonly string[];
  readonly endpoints: readonly string[];
  readonly mapping: ImportMapping;
}

export interface ImportMapping {
  /** `account/cluster`, `account/namespace`, a cluster or an account there → environment here. */
  readonly environments: Readonly<Record<string, string>>;
  /** id or name of a pipeline there → name here. */
  readonly pipelines: Readonly<Record<string, string>>;
  /** Receiver of a notification there, as `type/address` → notification endpoint here. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** In which schedules and windows are meant; an installation of Spinnaker has one for all. */
  readonly timeZone?: string | undefined;
}

/** What Spinnaker takes when its operators have not said anything. */
const THEIR_TIME_ZONE = 'America/Los_Angeles';

export function timeZoneOf({ mapping }: ImportTarget): string {
  return mapping.timeZone ?? THEIR_TIME_ZONE;
}

export type EnvironmentOf = ImportTarget['environments'][number];

/** How something that runs is named there, the most telling name first. */
export interface Whereabouts {
  readonly account: string | undefined;
  /** Clusters, or workloads of a platform of manifests. */
  readonly clusters: readonly (string | undefined)[];
  readonly namespaces?: readonly (string | undefined)[];
}

/**
 * The environment that is meant: the one that the importer names, else one that cannot be mistaken, because
 * its cluster has that name or stack, or its artifact is the workload in a namespace of its name.
 * @throws Unmappable that says how to name it.
 */
export function environmentFor(target: ImportTarget, where: Whereabouts): EnvironmentOf {
  const { account } = where;
  const clusters = where.clusters.filter((name) => name !== undefined);
  const namespaces = (where.namespaces ?? []).filter((name) => name !== undefined);
  const names = [...clusters, ...namespaces];
  const keys = [...names.map((name) => `${account}/${name}`), ...names, ...(account ? [account] : [])];
  const told = keys.map((key) => target.mapping.environments[key]).find((name) => name !== undefined);
  const { environments, application } = target;
  if (told !== undefined) {
    const named = environments.find((one) => one.name === told);
    if (named) return named;
    throw new Unmappable(`The application ${application} has no environment "${told}".`);
  }
  const found = environments.find((one) => isMeant(one, target, clusters, namespaces));
  if (found) return found;
  const key = [account, names[0]].filter(Boolean).join('/');
  throw new Unmappable(
    `It works on ${key}, and no environment of ${application} is known to be that. Name it with map ${key}=<environment>.`,
  );
}

function isMeant(
  environment: EnvironmentOf,
  { application, theirApplication }: ImportTarget,
  clusters: readonly string[],
  namespaces: readonly string[],
): boolean {
  const { name, cluster, artifact } = environment;
  if (clusters.includes(cluster)) return true;
  const places = [name, parseServerGroupName(cluster)?.stack ?? name];
  const own = [application, theirApplication];
  const ofStack = clusters.some((one) => {
    const parsed = parseServerGroupName(one);
    // A cluster with a detail runs beside that of the environment.
    return (
      parsed?.stack != null &&
      own.includes(parsed.application) &&
      !parsed.detail &&
      places.includes(parsed.stack)
    );
  });
  if (ofStack) return true;
  // Several workloads share a namespace; the others are not this service.
  const [workload = artifact] = clusters;
  return (workload === artifact || own.includes(workload)) && namespaces.some((one) => places.includes(one));
}

/** @throws Unmappable that says how to name it. */
export function pipelineFor({ pipelines, mapping, application }: ImportTarget, idOrName: string): string {
  const name = mapping.pipelines[idOrName] ?? idOrName;
  if (pipelines.includes(name)) return name;
  throw new Unmappable(
    `It names the pipeline "${idOrName}", which ${application} does not have. Import that one first, or name it with pipeline ${idOrName}=<name>.`,
  );
}
