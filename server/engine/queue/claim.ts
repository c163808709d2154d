import { sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { type ClaimedJob, type JobKind, LEASE_MS } from '@/server/engine/queue/job';

type Row = {
  id: string;
  kind: JobKind;
  execution_id: string;
  stage_id: string | null;
  attempts: number;
  failures: number;
  lag_ms: number;
};

/** Leases up to `limit` due jobs. A row that still names a holder comes from a worker that died: that counts as a failure. */
export async function claimJobs(db: Database, workerId: string, limit: number): Promise<ClaimedJob[]> {
  const { rows } = await db.execute<Row>(sql`
    WITH due AS (
      SELECT id, run_at FROM jobs WHERE run_at <= now()
      ORDER BY run_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    UPDATE jobs j SET
      run_at = now() + ${LEASE_MS} * interval '1 millisecond',
      attempts = j.attempts + 1,
      failures = j.failures + (j.claimed_by IS NOT NULL)::int,
      payload = j.payload - 'again',
      claimed_by = ${workerId}
    FROM due WHERE j.id = due.id
    RETURNING j.id::text, j.kind, j.execution_id, j.stage_id, j.attempts, j.failures,
      (extract(epoch FROM now() - due.run_at) * 1000)::float8 AS lag_ms`);
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    executionId: row.execution_id,
    stageId: row.stage_id,
    attempts: row.attempts,
    failures: row.failures,
    lagMs: row.lag_ms,
  }));
}
