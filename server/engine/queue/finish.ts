import { sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { enqueueJobs } from '@/server/engine/queue/enqueue-job';
import { type ClaimedJob, LeaseLostError } from '@/server/engine/queue/job';

/**
 * Ends a job inside the transaction that holds its effect. If someone asked for it again meanwhile,
 * it is due again at once.
 * @throws LeaseLostError when another worker holds it now.
 */
export async function finishJob(tx: Transaction, job: ClaimedJob): Promise<void> {
  const { rows } = await tx.execute<{ again: boolean }>(sql`
    DELETE FROM jobs WHERE id = ${job.id}::bigint AND attempts = ${job.attempts}
    RETURNING payload ? 'again' AS again`);
  await afterDelete(tx, job, rows[0]);
}

/**
 * As `finishJob`, for a stage that is not complete and will get another job later. The stage keeps
 * the lease counter, so that fences never go down.
 */
export async function parkJob(tx: Transaction, job: ClaimedJob): Promise<void> {
  const { rows } = await tx.execute<{ again: boolean }>(sql`
    WITH gone AS (
      DELETE FROM jobs WHERE id = ${job.id}::bigint AND attempts = ${job.attempts}
      RETURNING stage_id, attempts, payload ? 'again' AS again
    ), raised AS (
      UPDATE stages SET fence = fence + gone.attempts FROM gone WHERE stages.id = gone.stage_id
    )
    SELECT again FROM gone`);
  await afterDelete(tx, job, rows[0]);
}

async function afterDelete(
  tx: Transaction,
  job: ClaimedJob,
  gone: { again: boolean } | undefined,
): Promise<void> {
  if (!gone) throw new LeaseLostError(job.id);
  if (!gone.again) return;
  await enqueueJobs(tx, [
    { kind: job.kind, executionId: job.executionId, ...(job.stageId ? { stageId: job.stageId } : {}) },
  ]);
}
