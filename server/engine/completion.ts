import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { type NewEvent, recordEvents } from '@/db/events';
import { executions, jobs, stages } from '@/db/schema';
import { aftermath, statusOfWhole } from '@/server/domain/failure';
import { type Message, message } from '@/server/domain/message';
import type { Status } from '@/server/domain/status';
import { releasePins } from '@/server/engine/clusters/release-pins';
import { admitNext } from '@/server/engine/concurrency';
import { countOffExecutions, countOffParents, releaseDownstream } from '@/server/engine/counters';
import { enqueueJobs, type NewJob, notifyWorkers } from '@/server/engine/queue/enqueue-job';
import type { LockedExecution, StageState } from '@/server/engine/state';
import { moveExecutions, moveStage, moveStages } from '@/server/engine/transitions';

/**
 * What follows from the end of a stage. All of it happens in one transaction under the execution's
 * lock, and costs as much as the stage has neighbours.
 *
 * What a stage's failure means is said by its policy (domain/failure). When it halts all:
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

/** What the executions of rollbacks go by; others are not asked for pins, which would cost each end a query. */
const ROLLBACK = 'rollback';

type Stage = Pick<StageState['stage'], 'id' | 'refId' | 'parentId' | 'name' | 'onFailure' | 'timeoutSeconds'>;

/** Ends a stage that has not ended. Answers false when it has. */
export async function completeStage(
  tx: Transaction,
  execution: LockedExecution,
  stage: Stage,
  ending: Ending,
): Promise<boolean> {
  const { status, ...changes } = ending;
  const moved = await moveStage(tx, stage.id, status, changes);
  if (!moved) return false;
  if (stage.timeoutSeconds) await tx.delete(jobs).where(eq(jobs.key, `deadline:${stage.id}`));
  const skipped = await passOn(tx, execution, stage, ending);
  const events: NewEvent[] = [
    stageEvent(execution, stage.refId, status),
    ...skipped.map((refId) => stageEvent(execution, refId, 'skipped')),
  ];
  const closed = await closeStages(tx, [{ execution, parentId: stage.parentId, count: 1 + skipped.length }]);
  await enqueueJobs(tx, closed.jobs);
  await recordEvents(tx, [...events, ...closed.events]);
  return true;
}

/** @returns refIds of the stages that are skipped because of it. */
async function passOn(
  tx: Transaction,
  execution: LockedExecution,
  stage: Stage,
  ending: Ending,
): Promise<string[]> {
  const { status } = ending;
  const after = aftermath({ status, onFailure: stage.onFailure });
  switch (after) {
    case 'goesOn':
      await enqueueJobs(tx, await releaseDownstream(tx, [stage.id]));
      return [];
    case 'branchHalts':
      return skipBranch(tx, stage.id);
    case 'allHalts':
      return haltAll(tx, execution, stage, ending.error ?? statusMessage(stage, status));
    default:
      return after satisfies never;
  }
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

/** Skips everything that can never have all it requires. */
async function skipBranch(tx: Transaction, stageId: string): Promise<string[]> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    WITH RECURSIVE behind (id) AS (
      SELECT to_id FROM stage_edges WHERE from_id = ${stageId}
      UNION SELECT e.to_id FROM stage_edges e JOIN behind b ON e.from_id = b.id
    ) SELECT id FROM behind`);
  if (rows.length === 0) return [];
  const behind = rows.map((row) => row.id);
  const skipped = await moveStages(
    tx,
    and(inArray(stages.id, behind), eq(stages.status, 'pending')),
    'skipped',
  );
  return skipped.map((row) => row.refId);
}

/** Makes the whole that a stage belongs to fail. @returns refIds of the siblings that are skipped. */
async function haltAll(
  tx: Transaction,
  execution: LockedExecution,
  stage: Stage,
  error: Message,
): Promise<string[]> {
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
  return first.length === 0 ? [] : skipPending(tx, execution.id, stage.parentId);
}

/** Skips what has not started among the parts of a whole, and makes what waits look again, so that it notices. */
async function skipPending(tx: Transaction, executionId: string, parentId: string | null): Promise<string[]> {
  const parts = and(
    eq(stages.executionId, executionId),
    parentId ? eq(stages.parentId, parentId) : isNull(stages.parentId),
    eq(stages.status, 'pending'),
  );
  const skipped = await moveStages(tx, parts, 'skipped');
  await wakeWaiting(tx, executionId, parentId);
  return skipped.map((row) => row.refId);
}

/** Makes a stage with children fail although none of them has: its time is up. */
export async function failParent(
  tx: Transaction,
  execution: LockedExecution,
  stage: Pick<Stage, 'id'>,
  error: Message,
): Promise<void> {
  const set = await tx
    .update(stages)
    .set({ error })
    .where(and(eq(stages.id, stage.id), isNull(stages.error)))
    .returning({ id: stages.id });
  if (set.length === 0) return;
  const skipped = await skipPending(tx, execution.id, stage.id);
  const events = skipped.map((refId) => stageEvent(execution, refId, 'skipped'));
  const closed = await closeStages(tx, [{ execution, parentId: stage.id, count: skipped.length }]);
  await enqueueJobs(tx, closed.jobs);
  await recordEvents(tx, [...events, ...closed.events]);
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

export interface Closing {
  readonly execution: LockedExecution;
  /** Null for stages at the top. */
  readonly parentId: string | null;
  /** How many stages have ended. */
  readonly count: number;
}

/**
 * Counts ended stages off their parents, or off their executions; the last one wakes or ends it.
 * @returns what follows, for the caller to write.
 */
export async function closeStages(
  tx: Transaction,
  closings: readonly Closing[],
): Promise<{ readonly jobs: readonly NewJob[]; readonly events: readonly NewEvent[] }> {
  const counted = closings.filter(({ count }) => count > 0);
  const jobs = await countOffParents(
    tx,
    counted.flatMap(({ parentId, count }) => (parentId ? [{ id: parentId, count }] : [])),
  );
  const done = new Set(
    await countOffExecutions(
      tx,
      counted.flatMap(({ parentId, execution, count }) => (parentId ? [] : [{ id: execution.id, count }])),
    ),
  );
  const ended = counted
    .map(({ execution }) => execution)
    // A paused execution ends when it is resumed.
    .filter(({ id, status }) => done.has(id) && status === 'running');
  return { jobs, events: await endExecutions(tx, [...new Set(ended)]) };
}

/** Gives executions whose stages have all ended the status they add up to, and their places to others. */
export async function endExecutions(
  tx: Transaction,
  ended: readonly LockedExecution[],
): Promise<readonly NewEvent[]> {
  if (ended.length === 0) return [];
  const statusOf = await statusOfWholes(
    tx,
    ended.map(({ id }) => id),
  );
  for (const status of new Set(statusOf.values())) {
    const ids = [...statusOf].filter(([, one]) => one === status).map(([id]) => id);
    await moveExecutions(tx, ids, status);
  }
  await afterExecutions(tx, ended);
  return ended.map(({ id, application }) => ({
    kind: 'execution',
    application,
    executionId: id,
    status: statusOf.get(id) ?? null,
  }));
}

async function statusOfWholes(tx: Transaction, executionIds: string[]): Promise<ReadonlyMap<string, Status>> {
  const rows = await tx
    .selectDistinct({ id: stages.executionId, status: stages.status, onFailure: stages.onFailure })
    .from(stages)
    .where(
      and(inArray(stages.executionId, executionIds), isNull(stages.parentId), eq(stages.superseded, false)),
    );
  return new Map(executionIds.map((id) => [id, statusOfWhole(rows.filter((row) => row.id === id))]));
}

/** What waits for the end of executions: stages that started them, and executions that want their places. */
export async function afterExecutions(tx: Transaction, ended: readonly LockedExecution[]): Promise<void> {
  for (const { parentStageId } of ended) if (parentStageId) await wakeParent(tx, parentStageId);
  await releasePins(
    tx,
    ended.filter(({ pipeline }) => pipeline === ROLLBACK).map(({ id }) => id),
  );
  const places = new Map(ended.map((one) => [`${one.application}/${one.pipeline}`, one]));
  // In one order: two groups that each let others of several pipelines in must not wait for each other.
  for (const [, place] of [...places].toSorted(([a], [b]) => a.localeCompare(b))) await admitNext(tx, place);
}

async function wakeParent(tx: Transaction, stageId: string): Promise<void> {
  const [parent] = await tx
    .select({ executionId: stages.executionId })
    .from(stages)
    .where(and(eq(stages.id, stageId), eq(stages.status, 'running')));
  if (!parent) return;
  await enqueueJobs(tx, [{ kind: 'stage', executionId: parent.executionId, stageId }]);
  await notifyWorkers(tx);
}

/** The status that parts add up to. */
export async function statusOfParts(tx: Transaction, which: SQL | undefined): Promise<Status> {
  const rows = await tx
    .selectDistinct({ status: stages.status, onFailure: stages.onFailure })
    .from(stages)
    .where(which);
  return statusOfWhole(rows);
}

function statusMessage(stage: Stage, status: Status): Message {
  return message('engine.ended', { refId: stage.refId, status });
}
