import { eq } from 'drizzle-orm';
import { recordEvents } from '@/db/events';
import { stages } from '@/db/schema';
import type { Waiting } from '@/server/domain/execution';
import { isComplete } from '@/server/domain/status';
import { completeStage, stageEvent } from '@/server/engine/completion';
import { crashPoint } from '@/server/engine/crash-point';
import { failureReason } from '@/server/engine/failure-reason';
import { advanceExecution } from '@/server/engine/handlers/advance-execution';
import { cancelExecution } from '@/server/engine/handlers/cancel-execution';
import { cleanUp } from '@/server/engine/handlers/clean-up';
import { enforceDeadline } from '@/server/engine/handlers/deadline';
import { runStage } from '@/server/engine/handlers/stage';
import { failJob } from '@/server/engine/queue/fail';
import { finishJob } from '@/server/engine/queue/finish';
import { type ClaimedJob, LeaseLostError, MAX_FAILURES } from '@/server/engine/queue/job';
import { AbandonedError } from '@/server/engine/run-task';
import { commitStep, type Runtime } from '@/server/engine/runtime';

/** Does one claimed job. Never throws: what a handler throws becomes a later try, or the stage's end. */
export async function executeJob(runtime: Runtime, job: ClaimedJob, signal: AbortSignal): Promise<void> {
  crashPoint('after-claim');
  try {
    await handle(runtime, job, signal);
  } catch (error) {
    if (error instanceof LeaseLostError || error instanceof AbandonedError) {
      runtime.logger.info({ job: job.id, stage: job.stageId, reason: error.message }, 'job let go');
      return;
    }
    runtime.logger.error({ err: error, job: job.id, stage: job.stageId }, 'a job failed');
    await giveBack(runtime, job, error).catch((later: unknown) => {
      // The database is away: the lease runs out, and whoever finds the job then goes on.
      runtime.logger.warn({ err: later, job: job.id }, 'a failed job could not be put back');
    });
  }
}

async function handle(runtime: Runtime, job: ClaimedJob, signal: AbortSignal): Promise<void> {
  switch (job.kind) {
    case 'execution':
      return advanceExecution(runtime, job);
    case 'cancelExecution':
      return cancelExecution(runtime, job);
    case 'stage':
      return runStage(runtime, job, job.stageId ?? '', signal);
    case 'deadline':
      return enforceDeadline(runtime, job, job.stageId ?? '');
    case 'cleanUp':
      return cleanUp(runtime, job, job.stageId ?? '', signal);
    default:
      return job.kind satisfies never;
  }
}

/** A stage is tried again with growing pauses, visibly, and given up in the end. */
async function giveBack(runtime: Runtime, job: ClaimedJob, error: unknown): Promise<void> {
  const reason = failureReason(error);
  const stageId = job.stageId;
  await commitStep(runtime, job, async (tx, execution) => {
    if (!execution || !stageId || job.kind !== 'stage') {
      await failJob(tx, job, reason.text);
      return;
    }
    const [stage] = await tx.select().from(stages).where(eq(stages.id, stageId));
    if (stage && !isComplete(stage.status) && job.failures + 1 >= MAX_FAILURES) {
      await finishJob(tx, job);
      const gaveUp = reason.gaveUp(job.failures + 1);
      await completeStage(tx, execution, stage, { status: 'errored', error: gaveUp });
      return;
    }
    await failJob(tx, job, reason.text);
    if (!stage || isComplete(stage.status)) return;
    const waiting: Waiting = {
      kind: 'retry',
      reason: reason.retrying,
      until: null,
      who: [],
    };
    await tx.update(stages).set({ waiting }).where(eq(stages.id, stageId));
    await recordEvents(tx, [stageEvent(execution, stage.refId, stage.status)]);
  });
}
