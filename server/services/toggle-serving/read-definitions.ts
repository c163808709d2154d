import { sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { isoTime } from '@/server/services/shared/sql';
import type { ClientKey } from '@/server/services/toggle-serving/client-keys';
import type { EnvironmentFacts } from '@/server/toggles/environment/standing';

/** A toggle as it is stored, still to be checked: what was written by an older version or by hand must not get through. */
export interface StoredToggle {
  readonly key: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Definitions by environment. */
  readonly states: Readonly<Record<string, unknown>>;
}

/** All that this process serves from, as it was at one moment. */
export interface Definitions {
  readonly environments: readonly string[];
  readonly toggles: readonly StoredToggle[];
  readonly segments: readonly unknown[];
  readonly clientKeys: readonly (ClientKey & { readonly hash: string })[];
  /** Versions that receive traffic, for the applications that some toggle demands a version of. */
  readonly running: readonly {
    readonly environment: string;
    readonly application: string;
    readonly versions: readonly string[];
  }[];
  /** Those applications: what changes there may change what is served. */
  readonly watched: readonly string[];
}

/** One statement, so that toggles and the segments they use are of the same moment. */
export async function readDefinitions(db: Database): Promise<Definitions> {
  const { rows } = await db.execute<Record<keyof Definitions, never>>(sql`
    WITH watched AS (
      SELECT DISTINCT definition->'versionRequirement'->>'application' AS application FROM toggle_states
      WHERE definition->'versionRequirement'->>'application' IS NOT NULL
    )
    SELECT
      (SELECT coalesce(json_agg(name ORDER BY name), '[]') FROM toggle_environments) AS environments,
      (SELECT coalesce(json_agg(json_build_object(
          'key', key,
          'details', json_build_object('key', key, 'name', name, 'kind', kind, 'variants', variants,
            'metadata', metadata, 'expiresAt', ${isoTime(sql`expires_at`)}, 'onExpiry', on_expiry),
          'states', (SELECT coalesce(json_object_agg(environment, definition), '{}') FROM toggle_states
                     WHERE toggle = toggles.key)
        ) ORDER BY key), '[]') FROM toggles WHERE archived_at IS NULL) AS toggles,
      (SELECT coalesce(json_agg(json_build_object('key', key, 'name', name, 'condition', condition) ORDER BY key), '[]')
       FROM toggle_segments) AS segments,
      (SELECT coalesce(json_agg(json_build_object('id', id, 'environment', environment, 'kind', kind, 'hash', hash)), '[]')
       FROM toggle_client_keys WHERE revoked_at IS NULL) AS "clientKeys",
      (SELECT coalesce(json_agg(application), '[]') FROM watched) AS watched,
      (SELECT coalesce(json_agg(one), '[]') FROM (
        SELECT e.name AS environment, e.application,
               json_agg(DISTINCT g.data->'artifact'->>'version') AS versions
        FROM environments e
        JOIN inventory_server_groups g
          ON g.application = e.application AND g.account = e.account AND g.cluster = e.cluster
        WHERE e.application IN (SELECT application FROM watched)
          AND (g.data->>'enabled')::boolean AND (g.data->>'traffic')::float8 > 0
        GROUP BY e.name, e.application) one) AS running`);
  const [row] = rows;
  if (!row) throw new Error('a query without conditions gave no row');
  return row;
}

/** What an environment knows apart from its toggles. */
export function factsOf({ running }: Definitions, environment: string): EnvironmentFacts {
  const here = running.filter((one) => one.environment === environment);
  return { versions: Object.fromEntries(here.map(({ application, versions }) => [application, versions])) };
}
