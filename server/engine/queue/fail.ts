import { sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { backoffMs } from '@/server/engine/backoff';
import { type ClaimedJob, LeaseLostError } from '@/server/engine/queue/job';

/**
 * Puts a job back after its handler threw.
 * @returns milliseconds until it is tried again.
 * @throws LeaseLostError when another worker holds it now.
 */
export async function failJob(tx: Transaction, job: ClaimedJob, reason: string): Promise<number> {
  const delayMs = backoffMs(job.failures + 1);
  const { rowCount } = await tx.execute(sql`
    UPDATE jobs SET
      run_at = now() + ${delayMs} * interval '1 millisecond', failures = failures + 1,
      last_error = ${reason.slice(0, 2_000)}, claimed_by = NULL, payload = payload - 'again'
    WHERE id = ${job.id}::bigint AND attempts = ${job.attempts}`);
  if (rowCount !== 1) throw new LeaseLostError(job.id);
  return delayMs;
}
