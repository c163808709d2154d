import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { executions, stages } from '@/db/schema';
import { enqueueJobs, notifyWorkers } from '@/server/engine/queue/enqueue-job';

/** Marks a stage that has not ended as not wanted; it ends as skipped when its turn comes, or at once. */
export async function requestSkip(tx: Transaction, stageId: string, by: string): Promise<boolean> {
  return nudge(tx, stageId, { skipRequestedBy: by });
}

/** Lets a stage start although its time window is closed. */
export async function overrideWindow(tx: Transaction, stageId: string, by: string): Promise<boolean> {
  return nudge(tx, stageId, { windowOverriddenBy: by });
}

async function nudge(
  tx: Transaction,
  stageId: string,
  change: Partial<Pick<typeof stages.$inferInsert, 'skipRequestedBy' | 'windowOverriddenBy'>>,
): Promise<boolean> {
  const [column] = Object.keys(change);
  const unset =
    column === 'skipRequestedBy' ? isNull(stages.skipRequestedBy) : isNull(stages.windowOverriddenBy);
  // The engine takes this lock before it touches a stage or its job; without it, each could wait for the other.
  const [execution] = await tx
    .select({ application: executions.application })
    .from(executions)
    .innerJoin(stages, eq(stages.executionId, executions.id))
    .where(eq(stages.id, stageId))
    .for('update', { of: executions });
  const [changed] = await tx
    .update(stages)
    .set(change)
    .where(and(eq(stages.id, stageId), inArray(stages.status, ['pending', 'running']), unset))
    .returning({
      executionId: stages.executionId,
      refId: stages.refId,
      status: stages.status,
      openUpstream: stages.openUpstream,
    });
  if (!execution || !changed) return false;
  const { executionId, refId, status } = changed;
  if (changed.openUpstream === 0) await enqueueJobs(tx, [{ kind: 'stage', executionId, stageId }]);
  const { application } = execution;
  await recordEvents(tx, [{ kind: 'stage', application, executionId, subject: refId, status }]);
  await notifyWorkers(tx);
  return true;
}
