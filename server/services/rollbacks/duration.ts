import { sql } from 'drizzle-orm';
import type { RollbackPlan } from '@/server/services/rollbacks/plan';
import type { Reader } from '@/server/services/shared/reader';

/** A rollback to a group that was kept running changes only the load balancer. */
export const EXPECTED_SECONDS = 2;

/**
 * How long the last rollback took that had not to start anything, there or anywhere in the application; an estimate
 * before the first.
 */
export async function rollbackSeconds(
  db: Reader,
  application: string,
  environment?: string,
): Promise<number> {
  const { rows } = await db.execute<{ seconds: number }>(sql`
    SELECT extract(epoch FROM ended_at - started_at)::float8 AS seconds FROM executions e
    WHERE NOT EXISTS (SELECT 1 FROM stages s WHERE s.execution_id = e.id AND s.type = 'resizeServerGroup') AND application = ${application} AND status = 'succeeded' AND trigger->>'kind' = 'rollback'
      AND (${environment ?? null}::text IS NULL OR environment = ${environment ?? null})
    ORDER BY created_at DESC LIMIT 1`);
  const seconds = rows[0]?.seconds;
  return seconds === undefined ? EXPECTED_SECONDS : tenths(seconds);
}

/**
 * How long the last rollback of a cluster took that had not to start anything, be it a part of a larger one; null before
 * the first.
 */
export async function lastRollbackSeconds(
  db: Reader,
  { application, account, cluster }: Pick<RollbackPlan, 'application' | 'account' | 'cluster'>,
): Promise<number | null> {
  const { rows } = await db.execute<{ seconds: number }>(sql`
    WITH latest AS (
      SELECT id FROM executions WHERE application = ${application} AND trigger->>'kind' = 'rollback'
      ORDER BY created_at DESC LIMIT ${LOOKED_AT})
    SELECT extract(epoch FROM s.ended_at - s.started_at)::float8 AS seconds
    FROM stages s JOIN latest ON latest.id = s.execution_id
    WHERE s.type = 'rollbackCluster' AND s.parent_id IS NULL AND s.status = 'succeeded'
      AND s.config->>'account' = ${account} AND s.config->>'cluster' = ${cluster}
      AND NOT EXISTS (SELECT 1 FROM stages r WHERE r.execution_id = s.execution_id
        AND r.type = 'resizeServerGroup' AND r.config->>'cluster' = ${cluster})
    ORDER BY s.ended_at DESC LIMIT 1`);
  const seconds = rows[0]?.seconds;
  return seconds === undefined ? null : tenths(seconds);
}

function tenths(seconds: number): number {
  return Math.max(0.1, Math.round(seconds * 10) / 10);
}

/** Of an application's rollbacks, or an environment's deploys, so many are looked through for how long they take. */
const LOOKED_AT = 20;

/** How long instances took to be healthy when they were last created there; null when that is not known. */
export async function startSeconds(
  db: Reader,
  application: string,
  environment: string | null,
  cluster: string,
): Promise<number | null> {
  if (environment === null) return null;
  const { rows } = await db.execute<{ seconds: number }>(sql`
    WITH latest AS (
      SELECT id FROM executions WHERE application = ${application} AND environment = ${environment}
      ORDER BY created_at DESC LIMIT ${LOOKED_AT})
    SELECT extract(epoch FROM s.ended_at - s.started_at)::float8 AS seconds
    FROM stages s JOIN latest ON latest.id = s.execution_id
    WHERE s.type = 'createServerGroup' AND s.status = 'succeeded' AND s.config->>'cluster' = ${cluster}
    ORDER BY s.ended_at DESC LIMIT 1`);
  return rows[0]?.seconds ?? null;
}
