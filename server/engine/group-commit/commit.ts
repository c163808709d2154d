import { inArray } from 'drizzle-orm';
import { DatabaseError } from 'pg';
import type { Database, Transaction } from '@/db/client';
import { type NewEvent, recordEvents } from '@/db/events';
import { jobs } from '@/db/schema';
import { closeStages, stageEvent } from '@/server/engine/completion';
import { releaseDownstream } from '@/server/engine/counters';
import { crashPoint } from '@/server/engine/crash-point';
import { beginAll, endAll, rescheduleAll, startAll } from '@/server/engine/group-commit/moves';
import type {
  BeginStep,
  EndStep,
  StageStep,
  StartStep,
  Step,
  WaitStep,
} from '@/server/engine/group-commit/step';
import { enqueueJobs, enqueueLeased, type NewJob } from '@/server/engine/queue/enqueue-job';
import type { ClaimedJob } from '@/server/engine/queue/job';
import { type LockedExecution, lockFreeExecutions } from '@/server/engine/state';
import type { Logger } from '@/server/log';

/** What a group writes after its moves. */
interface Consequences {
  readonly jobs: NewJob[];
  readonly events: NewEvent[];
  readonly done: Set<Step>;
}

type Executions = ReadonlyMap<string, LockedExecution>;

/** Room of this worker for what follows. */
export interface Room {
  readonly workerId: string;
  readonly places: number;
}

interface Committed {
  /**
   * For each step whether it was made. One that was not has to go its own way: its execution is locked,
   * paused, withdrawn or failing, or the lease is gone.
   */
  readonly made: boolean[];
  /** What follows and is leased by this worker already. */
  readonly next: readonly ClaimedJob[];
}

/**
 * Commits the steps of many executions in one transaction, in which every statement is about all of
 * them: the trip to the database, its parsing and the write to disk are paid once for the group.
 * Nothing waits for a lock of an execution, so no execution waits for another.
 */
export async function commitTogether(
  db: Database,
  steps: readonly Step[],
  room: Room,
  logger: Logger,
): Promise<Committed> {
  try {
    return await commitGroup(db, steps, room);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // Rolled back as a whole because of one of them: on its own each finds out whether it was meant.
    logger.warn({ err: error, steps: steps.length }, 'a group of steps was refused; each goes its own way');
    return { made: steps.map(() => false), next: [] };
  }
}

async function commitGroup(db: Database, steps: readonly Step[], room: Room): Promise<Committed> {
  const { done, next } = await db.transaction(async (tx) => {
    const ids = steps.map(({ job }) => job.executionId);
    const after = await applyMoves(tx, steps, await lockFreeExecutions(tx, ids));
    await recordEvents(tx, after.events);
    const due = after.jobs.filter((job) => job.kind === 'stage').slice(0, room.places);
    const leased = await enqueueLeased(tx, due, room.workerId);
    await enqueueJobs(
      tx,
      after.jobs.filter((job) => !due.includes(job)),
    );
    for (const _ of after.done) crashPoint('before-commit');
    return { done: after.done, next: leased };
  });
  for (const _ of done) crashPoint('after-commit');
  return { made: steps.map((step) => done.has(step)), next };
}

/** Makes one step under the lock of its execution, for one that could not be made with others. */
export async function applyStep(tx: Transaction, step: Step, execution: LockedExecution): Promise<boolean> {
  const after = await applyMoves(tx, [step], new Map([[execution.id, execution]]));
  await enqueueJobs(tx, after.jobs);
  await recordEvents(tx, after.events);
  return after.done.has(step);
}

async function applyMoves(
  tx: Transaction,
  steps: readonly Step[],
  locked: Executions,
): Promise<Consequences> {
  const fitting = steps.filter((step) => fits(step, locked.get(step.job.executionId)));
  const after: Consequences = { jobs: [], events: [], done: new Set() };
  await begin(tx, ofKind(fitting, 'begin'), locked, after);
  await start(tx, ofKind(fitting, 'start'), locked, after);
  await reschedule(tx, ofKind(fitting, 'wait'), locked, after);
  await end(tx, ofKind(fitting, 'end'), locked, after);
  return after;
}

/** The database said no, so that nothing was committed. A lost connection is no such answer. */
function isRefusal(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return cause instanceof DatabaseError && cause.severity === 'ERROR';
}

function fits(step: Step, execution: LockedExecution | undefined): boolean {
  if (!execution || execution.cancelRequested) return false;
  if (execution.status !== (step.kind === 'begin' ? 'pending' : 'running')) return false;
  switch (step.kind) {
    case 'begin':
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

async function begin(
  tx: Transaction,
  steps: readonly BeginStep[],
  locked: Executions,
  after: Consequences,
): Promise<void> {
  const firstOf = new Map((await beginAll(tx, steps)).map(({ id, first }) => [id, first]));
  for (const step of steps) {
    const { executionId } = step.job;
    const first = firstOf.get(executionId);
    const application = locked.get(executionId)?.application;
    if (!first || !application) continue;
    after.done.add(step);
    after.events.push({ kind: 'execution', application, executionId, status: 'running' });
    after.jobs.push(...first.map((stageId) => ({ kind: 'stage' as const, executionId, stageId })));
  }
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
function those<Kind extends StageStep>(
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
