import { OWNER_VARIABLE } from '@/server/local-cloud/instances/orphans';
import type { GroupRecord } from '@/server/local-cloud/state';

/** Names that configuration may not take, because the platform gives them their value. */
export const RESERVED_VARIABLE = /^(PORT|PATH|HOME|TMPDIR|SIGNALBOX_.*)$/;

export interface EnvironmentFacts {
  readonly group: GroupRecord;
  readonly id: string;
  readonly port: number;
  /** A folder of its own. */
  readonly scratch: string;
  readonly owner: string;
}

/** Everything an instance sees. */
export function instanceEnvironment(facts: EnvironmentFacts): Record<string, string> {
  const { group } = facts;
  return processEnvironment(facts, group.config, {
    PORT: String(facts.port),
    SIGNALBOX_REGION: group.region,
    SIGNALBOX_APPLICATION: group.application,
    SIGNALBOX_CLUSTER: group.cluster,
    SIGNALBOX_SERVER_GROUP: group.name,
    SIGNALBOX_INSTANCE_ID: facts.id,
    SIGNALBOX_ARTIFACT_VERSION: group.artifact.version,
  });
}

/**
 * The environment of any process of the platform: built from nothing, so that no secret of the platform
 * reaches it.
 * @param own what the platform says, which configuration cannot change.
 */
export function processEnvironment(
  { scratch, owner }: Pick<EnvironmentFacts, 'scratch' | 'owner'>,
  config: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    LANG: process.env.LANG ?? 'C.UTF-8',
    ...(process.env.TZ === undefined ? {} : { TZ: process.env.TZ }),
    NODE_ENV: 'production',
    ...config,
    HOME: scratch,
    TMPDIR: scratch,
    ...own,
    [OWNER_VARIABLE]: owner,
  };
}
