import { OWNER_VARIABLE } from '@/server/local-cloud/instances/orphans';
import type { GroupRecord } from '@/server/local-cloud/state';

/** Names that configuration may not take, because the platform gives them their value. */
export const RESERVED_VARIABLE = /^(PORT|PATH|HOME|TMPDIR|SIGNALBOX_.*)$/;

export interface EnvironmentFacts {
  readonly group: GroupRecord;
  readonly id: string;
  readonly port: number;
  /** A folder of the instance's own. */
  readonly scratch: string;
  readonly owner: string;
}

/** Everything an instance sees: built from nothing, so that no secret of the platform reaches it. */
export function instanceEnvironment(facts: EnvironmentFacts): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    LANG: process.env.LANG ?? 'C.UTF-8',
    ...(process.env.TZ === undefined ? {} : { TZ: process.env.TZ }),
    NODE_ENV: 'production',
    ...facts.group.config,
    HOME: facts.scratch,
    TMPDIR: facts.scratch,
    PORT: String(facts.port),
    SIGNALBOX_REGION: facts.group.region,
    SIGNALBOX_APPLICATION: facts.group.application,
    SIGNALBOX_CLUSTER: facts.group.cluster,
    SIGNALBOX_SERVER_GROUP: facts.group.name,
    SIGNALBOX_INSTANCE_ID: facts.id,
    SIGNALBOX_ARTIFACT_VERSION: facts.group.artifact.version,
    [OWNER_VARIABLE]: facts.owner,
  };
}
