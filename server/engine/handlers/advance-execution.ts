import { and, eq, isNull } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { type NewEvent, recordEvents } from '@/db/events';
import { stages } from '@/db/schema';
import type { Status } from '@/server/domain/status';
import { endExecutions } from '@/server/engine/completion';
import { type Admission, takePlace } from '@/server/engine/concurrency';
import { requestCancel } from '@/server/engine/enqueue';
import { enqueueJobs } from '@/server/engine/queue/enqueue-job';
import { finishJob } from '@/server/engine/queue/finish';
import type { ClaimedJob } from '@/server/engine/queue/job';
import { commitStep, type Runtime } from '@/server/engine/runtime';
import type { LockedExecution } from '@/server/engine/state';
import { moveExecution } from '@/server/engine/transitions';

/** Sets a new execution going, or ends one whose last stage ended while it was paused. */
export async function advanceExecution(runtime: Runtime, job: ClaimedJob): Promise<void> {
  if (await runtime.commit({ kind: 'begin', job })) return;
  await commitStep(runtime, job, async (tx, execution) => {
    // Before the job's row is touched: whoever holds the pipeline's lock may want to enqueue it again.
    const starts = execution?.status === 'pending' && !execution.cancelRequested;
    const admission = starts ? await takePlace(tx, execution) : null;
    await finishJob(tx, job);
    if (!execution || execution.cancelRequested) return;
    if (admission) await admit(tx, execution, admission);
    else if (execution.status === 'running' && execution.openStages === 0) {
      await recordEvents(tx, await endExecutions(tx, [execution]));
    }
  });
}

async function admit(tx: Transaction, execution: LockedExecution, admission: Admission): Promise<void> {
  switch (admission) {
    case 'starts':
      return start(tx, execution);
    case 'waits':
      return recordEvents(tx, [executionEvent(execution, 'pending')]);
    case 'superseded':
      await requestCancel(tx, execution.id, 'Signalbox', 'a newer execution takes its place');
      return;
    default:
      return admission satisfies never;
  }
}

/** Its first stages get a job each; after a restart, those that have nothing left before them. */
async function start(tx: Transaction, execution: LockedExecution): Promise<void> {
  await moveExecution(tx, execution.id, 'running');
  const first = await tx
    .select({ id: stages.id })
    .from(stages)
    .where(
      and(
        eq(stages.executionId, execution.id),
        isNull(stages.parentId),
        eq(stages.status, 'pending'),
        eq(stages.openUpstream, 0),
      ),
    );
  await enqueueJobs(
    tx,
    first.map((stage) => ({ kind: 'stage', executionId: execution.id, stageId: stage.id })),
  );
  await recordEvents(tx, [executionEvent(execution, 'running')]);
}

function executionEvent({ application, id }: LockedExecution, status: Status): NewEvent {
  return { kind: 'execution', application, executionId: id, status };
}
