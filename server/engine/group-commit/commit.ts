import { inArray } from 'drizzle-orm';
import { DatabaseError } from 'pg';
import type { Database, Transaction } from '@/db/client';
import { type NewEvent, recordEvents } from '@/db/events';
import { jobs } from '@/db/schema';
import { closeStages, stageEvent } from '@/server/engine/completion';
import { releaseDownstream } from '@/server/engine/counters';
import { crashPoint } from '@/server/engine/crash-point';
import { endAll, rescheduleAll, startAll } from '@/server/engine/group-commit/moves';
import type { EndStep, StartStep, Step, WaitStep } from '@/server/engine/group-commit/step';
import { enqueueJobs, type NewJob } from '@/server/engine/queue/enqueue-job';
import { type LockedExecution, lockFreeExecutions } from '@/server/engine/state';
import type { Logger } from '@/server/log';

/** What a group writes after its moves. */
interface Consequences {
  readonly jobs: NewJob[];
  readonly events: NewEvent[];
  readonly done: Set<Step>;
}

export type Executions = ReadonlyMap<string, LockedExecution>;

/**
 * Commits the steps of many executions in one transaction, in which every statement is about all of
 * them: the trip to the database, its parsing and the write to disk are paid once for the group.
 * Nothing waits for a lock of an execution, so no execution waits for another.
 * @returns for each step whether it was done. One that was not has to go its own way: its execution is
 *   locked, paused, withdrawn or failing, or the lease is gone.
 */
export async function commitTogether(
  db: Database,
  steps: readonly Step[],
  logger: Logger,
): Promise<boolean[]> {
  try {
    return await commitGroup(db, steps);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // Rolled back as a whole because of one of them: on its own each finds out whether it was meant.
    logger.warn({ err: error, steps: steps.length }, 'a group of steps was refused; each goes its own way');
    return steps.map(() => false);
  }
}

async function commitGroup(db: Database, steps: readonly Step[]): Promise<boolean[]> {
  const done = await db.transaction(async (tx) => {
    const ids = steps.map(({ job }) => job.executionId);
    const answer = await applySteps(tx, steps, await lockFreeExecutions(tx, ids));
    for (const _ of answer) crashPoint('before-commit');
    return answer;
  });
  for (const _ of done) crashPoint('after-commit');
  return steps.map((step) => done.has(step));
}

/** The database said no, so that nothing was committed. A lost connection is no such answer. */
function isRefusal(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return cause instanceof DatabaseError && cause.severity === 'ERROR';
}

/** Makes the steps and writes what follows from them. @returns those that were made. */
export async function applySteps(
  tx: Transaction,
  steps: readonly Step[],
  locked: Executions,
): Promise<ReadonlySet<Step>> {
  const fitting = steps.filter((step) => fits(step, locked.get(step.job.executionId)));
  const after: Consequences = { jobs: [], events: [], done: new Set() };
  await start(tx, ofKind(fitting, 'start'), locked, after);
  await reschedule(tx, ofKind(fitting, 'wait'), locked, after);
  await end(tx, ofKind(fitting, 'end'), locked, after);
  await enqueueJobs(tx, after.jobs);
  await recordEvents(tx, after.events);
  return after.done;
}

function fits(step: Step, execution: LockedExecution | undefined): boolean {
  if (execution?.status !== 'running' || execution.cancelRequested) return false;
  switch (step.kind) {
    case 'start':
      return true;
    case 'wait':
      return step.regardless || step.stage.parentId !== null || !execution.failing;
    case 'end':
      // What waits for a whole execution belongs to another one, whose lock is not held here.
      return execution.parentStageId === null;
    default:
      return step satisfies never;
  }
}

function ofKind<Kind extends Step['kind']>(
  steps: readonly Step[],
  kind: Kind,
): Extract<Step, { kind: Kind }>[] {
  return steps.filter((step): step is Extract<Step, { kind: Kind }> => step.kind === kind);
}

async function start(
  tx: Transaction,
  steps: readonly StartStep[],
  locked: Executions,
  after: Consequences,
): Promise<void> {
  const moved = await startAll(tx, steps);
  for (const { step, execution } of those(steps, moved, locked, after)) {
    const { id: stageId, refId, timeoutSeconds } = step.stage;
    after.events.push(stageEvent(execution, refId, 'running'));
    if (!timeoutSeconds) continue;
    after.jobs.push({ kind: 'deadline', executionId: execution.id, stageId, inMs: timeoutSeconds * 1_000 });
  }
}

async function reschedule(
  tx: Transaction,
  steps: readonly WaitStep[],
  locked: Executions,
  after: Consequences,
): Promise<void> {
  const moved = await rescheduleAll(tx, steps);
  for (const { step, execution } of those(steps, moved, locked, after)) {
    if (step.isNews) after.events.push(stageEvent(execution, step.stage.refId, 'running'));
  }
}

async function end(
  tx: Transaction,
  steps: readonly EndStep[],
  locked: Executions,
  after: Consequences,
): Promise<void> {
  const moved = await endAll(tx, steps);
  if (moved.size === 0) return;
  const ended = those(steps, moved, locked, after);
  for (const { step, execution } of ended) {
    if (step.start) after.events.push(stageEvent(execution, step.stage.refId, 'running'));
    after.events.push(stageEvent(execution, step.stage.refId, step.status));
  }
  const timed = ended
    .filter(({ step }) => step.stage.timeoutSeconds)
    .map(({ step }) => `deadline:${step.stage.id}`);
  if (timed.length > 0) await tx.delete(jobs).where(inArray(jobs.key, timed));
  after.jobs.push(...(await releaseDownstream(tx, [...moved])));
  const closed = await closeStages(
    tx,
    ended.map(({ step, execution }) => ({ execution, parentId: step.stage.parentId, count: 1 })),
  );
  after.jobs.push(...closed.jobs);
  after.events.push(...closed.events);
}

/** Those of the steps that were done, with their executions. */
function those<Kind extends Step>(
  steps: readonly Kind[],
  moved: ReadonlySet<string>,
  locked: Executions,
  after: Consequences,
): { readonly step: Kind; readonly execution: LockedExecution }[] {
  return steps.flatMap((step) => {
    const execution = locked.get(step.job.executionId);
    if (!execution || !moved.has(step.stage.id)) return [];
    after.done.add(step);
    return [{ step, execution }];
  });
}
