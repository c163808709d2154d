import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { type NewEvent, recordEvents } from '@/db/events';
import { executions, stages } from '@/db/schema';
import { type Message, message } from '@/server/domain/message';
import { letsDownstreamStart, type Status, worstStatus } from '@/server/domain/status';
import { enqueueJobs, type NewJob } from '@/server/engine/queue/enqueue-job';
import type { LockedExecution, StageState } from '@/server/engine/state';
import { moveExecution, moveStage, moveStages } from '@/server/engine/transitions';

/**
 * What follows from the end of a stage. All of it happens in one transaction under the execution's
 * lock, and costs as much as the stage has neighbours.
 *
 * When a stage does not succeed:
 * - siblings that have not started are skipped, on every branch;
 * - siblings that wait are canceled at their next look (they are woken for it), never in the middle
 *   of a call to a platform; a call in flight ends first, so clean-up always acts after it;
 * - at the top level, stages with children finish them, so that no cluster is left half way;
 * - then the parent runs its `onFailure` tasks and takes the worst status of its children.
 */

export interface Ending {
  readonly status: Status;
  readonly outputs?: Record<string, unknown>;
  readonly log?: StageState['stage']['log'];
  readonly error?: Message | null;
}

type Stage = Pick<StageState['stage'], 'id' | 'refId' | 'parentId' | 'name'>;

/** Ends a running stage. Answers false when it was no longer running. */
export async function completeStage(
  tx: Transaction,
  execution: LockedExecution,
  stage: Stage,
  ending: Ending,
): Promise<boolean> {
  const { status, ...changes } = ending;
  const moved = await moveStage(tx, stage.id, status, changes);
  if (!moved) return false;
  const events: NewEvent[] = [stageEvent(execution, stage.refId, status)];
  if (letsDownstreamStart(status)) {
    await enqueueJobs(tx, await releaseDownstream(tx, execution.id, stage.id));
    await closeStages(tx, execution, stage.parentId, 1, events);
  } else {
    const skipped = await failBranch(tx, execution, stage, ending.error ?? statusMessage(stage, status));
    events.push(...skipped.map((refId) => stageEvent(execution, refId, 'skipped')));
    await closeStages(tx, execution, stage.parentId, 1 + skipped.length, events);
  }
  await recordEvents(tx, events);
  return true;
}

export function stageEvent(execution: LockedExecution, refId: string, status: Status): NewEvent {
  return {
    kind: 'stage',
    application: execution.application,
    executionId: execution.id,
    subject: refId,
    status,
  };
}

/** Lowers the count of what blocks the stages after this one; those with nothing left may start. */
async function releaseDownstream(tx: Transaction, executionId: string, stageId: string): Promise<NewJob[]> {
  const { rows } = await tx.execute<{ id: string; open_upstream: number; status: Status }>(sql`
    UPDATE stages SET open_upstream = open_upstream - 1 FROM stage_edges e
    WHERE e.from_id = ${stageId} AND stages.id = e.to_id AND stages.status = 'pending'
    RETURNING stages.id, stages.open_upstream, stages.status`);
  return rows
    .filter((row) => row.open_upstream === 0)
    .map((row) => ({ kind: 'stage', executionId, stageId: row.id }));
}

/** @returns refIds of the siblings that are skipped. */
async function failBranch(
  tx: Transaction,
  execution: LockedExecution,
  stage: Stage,
  error: Message,
): Promise<string[]> {
  const siblings = and(
    eq(stages.executionId, execution.id),
    stage.parentId ? eq(stages.parentId, stage.parentId) : isNull(stages.parentId),
  );
  const first = stage.parentId
    ? await tx
        .update(stages)
        .set({ error })
        .where(and(eq(stages.id, stage.parentId), isNull(stages.error)))
        .returning({ id: stages.id })
    : await tx
        .update(executions)
        .set({ error })
        .where(and(eq(executions.id, execution.id), isNull(executions.error)))
        .returning({ id: executions.id });
  if (first.length === 0) return [];
  const skipped = await moveStages(tx, and(siblings, eq(stages.status, 'pending')), 'skipped');
  await wakeWaiting(tx, execution.id, stage.parentId);
  return skipped.map((row) => row.refId);
}

/** Makes running siblings without children look again now, so that they notice. */
async function wakeWaiting(tx: Transaction, executionId: string, parentId: string | null): Promise<void> {
  const rows = await tx
    .select({ id: stages.id })
    .from(stages)
    .where(
      and(
        eq(stages.executionId, executionId),
        parentId ? eq(stages.parentId, parentId) : isNull(stages.parentId),
        eq(stages.status, 'running'),
        eq(stages.openChildren, 0),
      ),
    );
  await enqueueJobs(
    tx,
    rows.map((row) => ({ kind: 'stage', executionId, stageId: row.id })),
  );
}

/** Counts ended stages off their parent, or off the execution; the last one wakes or ends it. */
async function closeStages(
  tx: Transaction,
  execution: LockedExecution,
  parentId: string | null,
  count: number,
  events: NewEvent[],
): Promise<void> {
  if (parentId) {
    const [row] = await tx
      .update(stages)
      .set({ openChildren: sql`${stages.openChildren} - ${count}` })
      .where(eq(stages.id, parentId))
      .returning({ open: stages.openChildren });
    if (row?.open === 0)
      await enqueueJobs(tx, [{ kind: 'stage', executionId: execution.id, stageId: parentId }]);
    return;
  }
  const [row] = await tx
    .update(executions)
    .set({ openStages: sql`${executions.openStages} - ${count}` })
    .where(eq(executions.id, execution.id))
    .returning({ open: executions.openStages });
  // A paused execution ends when it is resumed.
  if (row?.open === 0 && execution.status === 'running') events.push(await endExecution(tx, execution));
}

/** Gives an execution whose stages have all ended the worst of their statuses. */
export async function endExecution(tx: Transaction, execution: LockedExecution): Promise<NewEvent> {
  const status = await worstOf(tx, and(eq(stages.executionId, execution.id), isNull(stages.parentId)));
  await moveExecution(tx, execution.id, status);
  return { kind: 'execution', application: execution.application, executionId: execution.id, status };
}

/** The status a whole takes from its parts. */
export async function worstOf(tx: Transaction, which: ReturnType<typeof and>): Promise<Status> {
  const rows = await tx.selectDistinct({ status: stages.status }).from(stages).where(which);
  return worstStatus(rows.map((row) => row.status));
}

function statusMessage(stage: Stage, status: Status): Message {
  return message('engine.ended', { refId: stage.refId, status });
}
