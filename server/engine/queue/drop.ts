import { sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';

/**
 * Takes the work on a stage away from whoever has it: their commit finds no lease and rolls back. The
 * stage keeps the lease counter, so that what comes later is newer than what may still be in flight.
 */
export async function dropJobsOfStage(tx: Transaction, stageId: string): Promise<void> {
  await tx.execute(sql`
    WITH gone AS (DELETE FROM jobs WHERE stage_id = ${stageId} AND kind = 'stage' RETURNING attempts)
    UPDATE stages SET fence = fence + gone.attempts FROM gone WHERE stages.id = ${stageId}`);
}

/** As `dropJobsOfStage`, for everything of an execution but one job. */
export async function dropJobsOfExecution(
  tx: Transaction,
  executionId: string,
  keptJobId: string,
): Promise<void> {
  await tx.execute(sql`
    WITH gone AS (
      DELETE FROM jobs WHERE execution_id = ${executionId} AND id <> ${keptJobId}::bigint AND kind <> 'cleanUp'
      RETURNING stage_id, attempts, kind
    )
    UPDATE stages SET fence = fence + gone.attempts FROM gone
    WHERE stages.id = gone.stage_id AND gone.kind = 'stage'`);
}
