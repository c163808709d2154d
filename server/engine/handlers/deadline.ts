import { eq } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { stages } from '@/db/schema';
import { message } from '@/server/domain/message';
import { completeStage, failParent } from '@/server/engine/completion';
import { owesCleanUp } from '@/server/engine/handlers/clean-up';
import { dropJobsOfStage } from '@/server/engine/queue/drop';
import { enqueueJobs } from '@/server/engine/queue/enqueue-job';
import { finishJob } from '@/server/engine/queue/finish';
import type { ClaimedJob } from '@/server/engine/queue/job';
import { rescheduleJob } from '@/server/engine/queue/reschedule';
import { commitStep, type Runtime } from '@/server/engine/runtime';
import type { LockedExecution } from '@/server/engine/state';

type StageRow = typeof stages.$inferSelect;

/**
 * Ends a stage whose time is up. One that has children withdraws them at their next boundary and then
 * cleans up, as after a failure; any other ends at once, also while a call of it does not answer.
 */
export async function enforceDeadline(runtime: Runtime, job: ClaimedJob, stageId: string): Promise<void> {
  await commitStep(runtime, job, async (tx, execution) => {
    const [stage] = await tx.select().from(stages).where(eq(stages.id, stageId));
    // A paused execution enqueues its deadlines again when it is resumed.
    const concerns =
      execution?.status === 'running' && stage?.status === 'running' && !execution.cancelRequested;
    const left = concerns ? millisecondsLeft(runtime, stage) : null;
    if (!concerns || left === null) return finishJob(tx, job);
    if (left > 0) return rescheduleJob(tx, job, left, null);
    await finishJob(tx, job);
    await timeOut(runtime, tx, execution, stage);
  });
}

async function timeOut(
  runtime: Runtime,
  tx: Transaction,
  execution: LockedExecution,
  stage: StageRow,
): Promise<void> {
  const error = message('engine.timedOut', { seconds: stage.timeoutSeconds ?? 0 });
  if (stage.openChildren > 0) return failParent(tx, execution, stage, error);
  // Its children have failed and it cleans up after them.
  if (stage.error !== null) return;
  await dropJobsOfStage(tx, stage.id);
  await completeStage(tx, execution, stage, { status: 'failed', error });
  if (owesCleanUp(runtime, stage)) {
    await enqueueJobs(tx, [{ kind: 'cleanUp', executionId: execution.id, stageId: stage.id }]);
  }
}

function millisecondsLeft(runtime: Runtime, stage: StageRow): number | null {
  if (!stage.timeoutSeconds || !stage.startedAt) return null;
  const deadline = stage.startedAt.getTime() + stage.pausedMs + stage.timeoutSeconds * 1_000;
  return deadline - runtime.services.clock.now().getTime();
}
