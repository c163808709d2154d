import { parseServerGroupName } from '@/server/domain/naming';
import { Unmappable } from '@/server/interchange/spinnaker/report';

/** Where the pipeline comes to, and what the importer says about names that differ. */
export interface ImportTarget {
  readonly application: string;
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

/**
 * The environment that is meant by an account and the names of what is there, the most telling first.
 * @throws Unmappable that says how to name it.
 */
export function environmentFor(
  { environments, mapping, application }: ImportTarget,
  account: string | undefined,
  names: readonly (string | undefined)[],
): EnvironmentOf {
  const known = names.filter((name) => name !== undefined);
  const keys = [...known.map((name) => `${account}/${name}`), ...known, ...(account ? [account] : [])];
  const told = keys.map((key) => mapping.environments[key]).find((name) => name !== undefined);
  const found =
    told === undefined
      ? known
          .map((name) => environments.find((one) => one.cluster === name || one.name === stackOf(name)))
          .find((one) => one !== undefined)
      : environments.find((one) => one.name === told);
  if (found) return found;
  if (told !== undefined)
    throw new Unmappable(`The application ${application} has no environment "${told}".`);
  const key = `${account ?? ''}${account && known[0] ? '/' : ''}${known[0] ?? ''}`;
  throw new Unmappable(
    `It works on ${key}, and no environment of ${application} is known to be that. Name it with map ${key}=<environment>.`,
  );
}

/** A namespace such as `staging` often is the environment; of a cluster, its stack. */
function stackOf(name: string): string {
  return parseServerGroupName(name)?.stack ?? name;
}

/** @throws Unmappable that says how to name it. */
export function pipelineFor({ pipelines, mapping, application }: ImportTarget, idOrName: string): string {
  const name = mapping.pipelines[idOrName] ?? idOrName;
  if (pipelines.includes(name)) return name;
  throw new Unmappable(
    `It names the pipeline "${idOrName}", which ${application} does not have. Import that one first, or name it with pipeline ${idOrName}=<name>.`,
  );
}
