import { eq, sql } from 'drizzle-orm';
import { recordEvents } from '@/db/events';
import { executions, stages } from '@/db/schema';
import { message } from '@/server/domain/message';
import { afterExecutions, stageEvent } from '@/server/engine/completion';
import { owesCleanUp, SETTLE_MS } from '@/server/engine/handlers/clean-up';
import { dropJobsOfExecution } from '@/server/engine/queue/drop';
import { enqueueJobs } from '@/server/engine/queue/enqueue-job';
import { finishJob } from '@/server/engine/queue/finish';
import type { ClaimedJob } from '@/server/engine/queue/job';
import { commitStep, type Runtime } from '@/server/engine/runtime';
import { moveExecution, moveStages } from '@/server/engine/transitions';

/**
 * Ends a withdrawn execution at once. Its other jobs are deleted, which fences off whoever works on
 * them: their commits find no lease and roll back. What a platform was already asked to do stays
 * done; stages that would leave something half way clean up afterwards.
 */
export async function cancelExecution(runtime: Runtime, job: ClaimedJob): Promise<void> {
  await commitStep(runtime, job, async (tx, execution) => {
    await finishJob(tx, job);
    if (!execution) return;
    const canceled = await moveExecution(tx, execution.id, 'canceled');
    if (!canceled) return;
    await dropJobsOfExecution(tx, execution.id, job.id);
    const moved = await moveStages(tx, eq(stages.executionId, execution.id), 'canceled');
    await tx
      .update(executions)
      .set({ error: await reason(tx, execution.id), openStages: 0, waiting: null })
      .where(eq(executions.id, execution.id));
    await enqueueJobs(
      tx,
      moved
        .filter((stage) => owesCleanUp(runtime, stage))
        .map(({ id }) => ({ kind: 'cleanUp', executionId: execution.id, stageId: id, inMs: SETTLE_MS })),
    );
    await afterExecutions(tx, [execution]);
    await recordEvents(tx, [
      ...moved.map((stage) => stageEvent(execution, stage.refId, 'canceled')),
      {
        kind: 'execution',
        application: execution.application,
        executionId: execution.id,
        status: 'canceled',
      },
    ]);
  });
}

async function reason(tx: Parameters<typeof moveExecution>[0], executionId: string) {
  const [row] = await tx
    .select({ by: executions.cancelRequestedBy, why: sql<string>`coalesce(${executions.cancelReason}, '')` })
    .from(executions)
    .where(eq(executions.id, executionId));
  return row?.why
    ? message('engine.canceledBecause', { by: row.by ?? '', reason: row.why })
    : message('engine.canceledBy', { by: row?.by ?? '' });
}
