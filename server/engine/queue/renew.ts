import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '@/db/client';
import { type ClaimedJob, LEASE_MS, LeaseLostError } from '@/server/engine/queue/job';
import { pairs } from '@/server/engine/queue/reschedule';

export interface HeldLease {
  readonly id: string;
  /** A person withdrew the execution: let go of what is in flight. */
  readonly canceled: boolean;
}

/**
 * Prolongs all leases of a process in one statement and answers those it still holds. Rows that are
 * locked by their own finishing transaction are left alone, so that renewal never waits.
 */
export async function renewLeases(db: Database, held: readonly ClaimedJob[]): Promise<HeldLease[]> {
  const { rows } = await db.execute<{ id: string; canceled: boolean }>(sql`
    WITH held (id, attempts) AS (${pairs(held)}),
    mine AS (
      SELECT j.id, coalesce(e.cancel_requested_by IS NOT NULL, false) AS canceled
      FROM jobs j JOIN held ON j.id = held.id AND j.attempts = held.attempts
      LEFT JOIN executions e ON e.id = j.execution_id
    ),
    free AS (SELECT j.id, j.attempts FROM jobs j JOIN held USING (id, attempts) FOR UPDATE OF j SKIP LOCKED),
    renewed AS (
      UPDATE jobs j SET run_at = now() + ${LEASE_MS} * interval '1 millisecond'
      FROM free WHERE j.id = free.id AND j.attempts = free.attempts
    )
    SELECT id::text, canceled FROM mine`);
  return rows;
}

/**
 * Proves, inside a transaction that goes on with the job afterwards, that the lease is still held.
 * @throws LeaseLostError when it is not.
 */
export async function holdLease(tx: Transaction, job: ClaimedJob): Promise<void> {
  const { rowCount } = await tx.execute(sql`
    UPDATE jobs SET run_at = now() + ${LEASE_MS} * interval '1 millisecond'
    WHERE id = ${job.id}::bigint AND attempts = ${job.attempts}`);
  if (rowCount !== 1) throw new LeaseLostError(job.id);
}
