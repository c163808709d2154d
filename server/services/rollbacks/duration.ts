import { sql } from 'drizzle-orm';
import type { Reader } from '@/server/services/shared/reader';

/** A rollback to a group that was kept running changes only the load balancer. */
const EXPECTED_SECONDS = 2;

/** How long the last rollback took, there or anywhere in the application; an estimate before the first. */
export async function rollbackSeconds(
  db: Reader,
  application: string,
  environment?: string,
): Promise<number> {
  const { rows } = await db.execute<{ seconds: number }>(sql`
    SELECT extract(epoch FROM ended_at - started_at)::float8 AS seconds FROM executions
    WHERE application = ${application} AND status = 'succeeded' AND trigger->>'kind' = 'rollback'
      AND (${environment ?? null}::text IS NULL OR environment = ${environment ?? null})
    ORDER BY created_at DESC LIMIT 1`);
  const seconds = rows[0]?.seconds;
  return seconds === undefined ? EXPECTED_SECONDS : Math.max(0.1, Math.round(seconds * 10) / 10);
}
