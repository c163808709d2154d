import { sql } from 'drizzle-orm';
import type { Waiting } from '@/server/domain/execution';
import type { InstanceHealth } from '@/server/domain/inventory';
import type { Status } from '@/server/domain/status';
import type { Reader } from '@/server/services/shared/reader';
import { isoTime, unitsIn } from '@/server/services/shared/sql';

/** The board's reads: a fixed number of statements, however many applications there are. */

export interface PlaceRow extends Record<string, unknown> {
  readonly application: string;
  readonly owner: string;
  /** Null for an application without environments. */
  readonly environment: string | null;
  readonly order: number;
  readonly account: string;
  readonly regions: readonly string[];
  readonly cluster: string;
}

/** Every application with its environments, in board order. */
export async function readPlaces(db: Reader, owner: string | null): Promise<PlaceRow[]> {
  const { rows } = await db.execute<PlaceRow>(sql`
    SELECT a.name AS application, a.owner, e.name AS environment, coalesce(e."order", 0) AS "order",
           e.account, e.regions, e.cluster
    FROM applications a LEFT JOIN environments e ON e.application = a.name
    WHERE ${owner}::text IS NULL OR a.owner = ${owner}
    ORDER BY a.name, e."order", e.name`);
  return rows;
}

export interface GroupRow extends Record<string, unknown> {
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  readonly version: string;
  readonly digest: string;
  readonly traffic: number;
  readonly enabled: boolean;
  readonly createdAt: string;
  readonly serverless: boolean;
  readonly health: Partial<Record<InstanceHealth, number>>;
}

/** Server groups that load balancers may reach, with their units counted by health. */
export async function readGroups(db: Reader): Promise<GroupRow[]> {
  const { rows } = await db.execute<GroupRow>(sql`
    SELECT g.account, g.region, g.cluster,
           g.data->'artifact'->>'version' AS version, g.data->'artifact'->>'digest' AS digest,
           (g.data->>'traffic')::float8 AS traffic, (g.data->>'enabled')::boolean AS enabled,
           g.data->>'createdAt' AS "createdAt", g.data->'serverless' IS NOT NULL AS serverless,
           (SELECT coalesce(jsonb_object_agg(h.health, h.n), '{}') FROM (
              SELECT i->>'health' AS health, count(*) AS n
              FROM jsonb_array_elements(${unitsIn(sql`g.data`)}) i GROUP BY 1) h) AS health
    FROM inventory_server_groups g
    WHERE (g.data->>'enabled')::boolean OR (g.data->>'traffic')::float8 > 0`);
  return rows;
}

export interface ActivityRow extends Record<string, unknown> {
  readonly executionId: string;
  readonly application: string;
  readonly environment: string;
  readonly status: Status;
  readonly version: string | null;
  readonly waitingFor: Waiting['kind'] | null;
}

/** Open executions that are about an environment, oldest first. A wait for a person outweighs others. */
export async function readActivities(db: Reader): Promise<ActivityRow[]> {
  const { rows } = await db.execute<ActivityRow>(sql`
    SELECT x.id AS "executionId", x.application, x.environment, x.status, x.version,
           (SELECT s.waiting->>'kind' FROM stages s
            WHERE s.execution_id = x.id AND s.status = 'running' AND s.waiting IS NOT NULL
            ORDER BY (s.waiting->>'kind' = 'person') DESC, s.position LIMIT 1) AS "waitingFor"
    FROM (
      SELECT id, application, environment, status, version, created_at FROM executions
      WHERE ended_at IS NULL AND environment IS NOT NULL
      UNION ALL
      -- One that goes to several environments is about those that it is at work in.
      SELECT e.id, e.application, ${environmentOfPart}, e.status, e.version, e.created_at
      FROM executions e JOIN stages s ON s.execution_id = e.id
      WHERE e.ended_at IS NULL AND e.environment IS NULL AND s.parent_id IS NULL AND NOT s.superseded
        AND s.type IN ('deploy', 'rollbackCluster') AND s.status IN ('running', 'paused')) x
    WHERE x.environment IS NOT NULL
    ORDER BY x.created_at`);
  return rows;
}

/** Of a stage `s` that is the part of one environment; a rollback of several calls its parts by them. */
const environmentOfPart = sql`CASE s.type WHEN 'deploy' THEN s.config->>'environment' ELSE s.ref_id END`;

export interface ArrivalRow extends Record<string, unknown> {
  readonly application: string;
  readonly environment: string;
  readonly digest: string;
  readonly at: string | null;
  readonly by: string;
}

/** A version of an artifact in an environment. */
export interface WantedArrival {
  readonly application: string;
  readonly environment: string;
  readonly digest: string;
  readonly version: string;
}

/** The last execution that brought each of the digests to its environment. */
export async function readArrivals(db: Reader, wanted: readonly WantedArrival[]): Promise<ArrivalRow[]> {
  if (wanted.length === 0) return [];
  const { rows } = await db.execute<ArrivalRow>(sql`
    SELECT w.application, w.environment, w.digest, x.at, x.by
    FROM ${recordset(wanted)}
    CROSS JOIN LATERAL (
      SELECT ${isoTime(sql`coalesce(e.ended_at, e.started_at)`)} AS at, e.trigger->>'by' AS by
      FROM executions e
      WHERE e.application = w.application AND e.environment = w.environment AND e.digest = w.digest
        -- One that still waits at its gate has brought nothing yet.
        AND (e.status = 'succeeded' OR e.status = 'running' AND EXISTS (
          SELECT 1 FROM stages s WHERE s.execution_id = e.id AND s.type IN ('deploy', 'rollbackCluster')
            AND s.status IN ('running', 'succeeded')))
      ORDER BY e.created_at DESC LIMIT 1) x`);
  const found = new Set(rows.map(keyOf));
  return [
    ...rows,
    ...(await arrivalsInParts(
      db,
      wanted.filter((one) => !found.has(keyOf(one))),
    )),
  ];
}

/** What came with an execution that went to several environments: one version, in each in a form of its own. */
async function arrivalsInParts(db: Reader, wanted: readonly WantedArrival[]): Promise<ArrivalRow[]> {
  if (wanted.length === 0) return [];
  const { rows } = await db.execute<ArrivalRow>(sql`
    SELECT w.application, w.environment, w.digest, x.at, x.by
    FROM ${recordset(wanted)}
    CROSS JOIN LATERAL (
      SELECT ${isoTime(sql`coalesce(s.ended_at, s.started_at)`)} AS at, e.trigger->>'by' AS by
      FROM executions e JOIN stages s ON s.execution_id = e.id
      WHERE e.application = w.application AND e.environment IS NULL AND e.version = w.version
        AND s.type IN ('deploy', 'rollbackCluster') AND s.parent_id IS NULL AND ${environmentOfPart} = w.environment
        AND s.status IN ('running', 'succeeded')
      ORDER BY e.created_at DESC LIMIT 1) x`);
  return rows;
}

function recordset(wanted: readonly WantedArrival[]) {
  return sql`jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb)
    AS w(application text, environment text, digest text, version text)`;
}

function keyOf({ application, environment, digest }: Omit<WantedArrival, 'version'>): string {
  return `${application} ${environment} ${digest}`;
}

export interface AccountRow extends Record<string, unknown> {
  readonly name: string;
  readonly provider: string;
  readonly seenAt: string | null;
  readonly error: string | null;
  readonly secondsAgo: number | null;
}

/** When each account was last seen, and how long ago a worker last followed it. */
export async function readAccounts(db: Reader): Promise<AccountRow[]> {
  const { rows } = await db.execute<AccountRow>(sql`
    SELECT name, provider, ${isoTime(sql`seen_at`)} AS "seenAt", error,
           extract(epoch from now() - coalesce(watched_at, seen_at))::float8 AS "secondsAgo"
    FROM accounts ORDER BY name`);
  return rows;
}

export interface AddressRow extends Record<string, unknown> {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly url: string | null;
}

/** Addresses of load balancers. */
export async function readAddresses(db: Reader): Promise<AddressRow[]> {
  const { rows } = await db.execute<AddressRow>(sql`
    SELECT account, region, name, data->>'url' AS url FROM inventory_load_balancers ORDER BY name`);
  return rows;
}
