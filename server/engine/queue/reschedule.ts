import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '@/db/client';
import { type ClaimedJob, LeaseLostError } from '@/server/engine/queue/job';

/**
 * Gives the lease back and makes the job due after `delayMs`, or at once if someone asked for it
 * meanwhile. Counts as progress: failures start from zero.
 * @param wakeOn key whose notice from a platform brings it forward.
 * @throws LeaseLostError when another worker holds it now.
 */
export async function rescheduleJob(
  tx: Transaction | Database,
  job: ClaimedJob,
  delayMs: number,
  wakeOn: string | null,
): Promise<void> {
  const { rowCount } = await tx.execute(sql`
    UPDATE jobs SET
      run_at = CASE WHEN payload ? 'again' THEN now() ELSE now() + ${delayMs} * interval '1 millisecond' END,
      payload = payload - 'again', claimed_by = NULL, failures = 0, last_error = NULL, wake_on = ${wakeOn}
    WHERE id = ${job.id}::bigint AND attempts = ${job.attempts}`);
  if (rowCount !== 1) throw new LeaseLostError(job.id);
}

/** Gives leases back untouched, for a worker that is leaving. */
export async function releaseJobs(db: Database, held: readonly ClaimedJob[]): Promise<void> {
  if (held.length === 0) return;
  await db.execute(sql`
    UPDATE jobs SET run_at = now(), claimed_by = NULL
    FROM (${pairs(held)}) AS held (id, attempts)
    WHERE jobs.id = held.id AND jobs.attempts = held.attempts`);
}

/** The (id, attempts) pairs of leases, as rows. */
export function pairs(held: readonly ClaimedJob[]) {
  const ids = `{${held.map((job) => job.id).join(',')}}`;
  const attempts = `{${held.map((job) => job.attempts).join(',')}}`;
  return sql`SELECT * FROM unnest(${ids}::bigint[], ${attempts}::int[])`;
}
