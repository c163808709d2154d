import { and, eq, isNull, or, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { executions, jobs, stages } from '@/db/schema';
import type { StageLogEntry, Waiting } from '@/server/domain/execution';
import type { ArtifactRef } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { letsDownstreamStart } from '@/server/domain/status';
import { ancestorsOf } from '@/server/engine/ancestors';
import { completeStage, type Ending, stageEvent, statusOfParts } from '@/server/engine/completion';
import { applyStep } from '@/server/engine/group-commit/commit';
import type { EndStep, Moving, WaitStep } from '@/server/engine/group-commit/step';
import { commitStart } from '@/server/engine/handlers/begin';
import { owesCleanUp } from '@/server/engine/handlers/clean-up';
import { insertChildren } from '@/server/engine/plan-children';
import { enqueueJobs } from '@/server/engine/queue/enqueue-job';
import { finishJob, parkJob } from '@/server/engine/queue/finish';
import { type ClaimedJob, LeaseLostError } from '@/server/engine/queue/job';
import { holdLease } from '@/server/engine/queue/renew';
import { commitStep, type Runtime } from '@/server/engine/runtime';
import type { PlanResult, Slot, TaskResult } from '@/server/engine/stages/stage';
import { isBranchFailing, type LockedExecution, type StageState } from '@/server/engine/state';

/** A slot is free again at any moment; looking for it costs one indexed read. */
const SLOT_POLL_MS = 200;

type Next = Moving | null;
type Running = Extract<TaskResult, { status: 'running' }>;
type Planned = Extract<PlanResult, { status: 'planned' }>;
type Done = Exclude<TaskResult, Running>;

/** Ends the stage as its task answered; a stage whose child failed takes the worst of its children. */
export async function commitEnding(
  runtime: Runtime,
  job: ClaimedJob,
  moving: Moving,
  result: Done,
): Promise<null> {
  const plain = plainEnd(runtime, job, moving, result);
  if (plain && (await runtime.commit(plain))) return null;
  const state = await commitStart(runtime, moving);
  if (!state) return null;
  return step(runtime, job, async (tx, execution) => {
    await finishJob(tx, job);
    if ('delivers' in result && result.delivers) await deliver(tx, execution, result.delivers);
    await completeStage(tx, execution, state.stage, await endingOf(tx, runtime, state, result));
    return null;
  });
}

/** The ending as a step that can be made together with others; null when it is not one of those. */
function plainEnd(runtime: Runtime, job: ClaimedJob, state: Moving, result: Done): EndStep | null {
  if (result.status !== 'succeeded' && result.status !== 'skipped') return null;
  if (result.delivers || state.stage.error !== null) return null;
  const { stage, start = null } = state;
  return { kind: 'end', job, stage, status: result.status, start, ...keep(runtime, state, result) };
}

async function deliver(tx: Transaction, execution: LockedExecution, artifact: ArtifactRef): Promise<void> {
  const { name, version, digest } = artifact;
  await tx.update(executions).set({ artifact: name, version, digest }).where(eq(executions.id, execution.id));
}

/** Goes on to the next task, or ends the stage after its last. */
export function commitTaskDone(
  runtime: Runtime,
  job: ClaimedJob,
  state: Moving,
  result: Extract<Done, { status: 'succeeded' | 'skipped' }>,
  taskCount: number,
): Promise<Next> {
  const taskIndex = (state.stage.taskIndex ?? 0) + 1;
  if (taskIndex >= taskCount) return commitEnding(runtime, job, state, result);
  return step(runtime, job, async (tx, execution) => {
    if (await cancelInFailingBranch(tx, execution, job, state, runtime)) return null;
    const kept = keep(runtime, state, result);
    const changes = { ...kept, taskIndex, attempts: 0, waiting: null };
    await tx.update(stages).set(changes).where(eq(stages.id, state.stage.id));
    if (execution.status !== 'running' || execution.cancelRequested) {
      await parkJob(tx, job);
      return null;
    }
    await holdLease(tx, job);
    return { ...state, stage: { ...state.stage, ...changes } };
  });
}

/**
 * Writes why the stage waits and when it looks again. A look that found nothing new costs one row.
 * @param trouble the platform did not answer, so the next look comes later and later.
 */
export async function commitWait(
  runtime: Runtime,
  job: ClaimedJob,
  moving: Moving,
  result: Running,
  trouble: boolean,
): Promise<null> {
  const state = await commitStart(runtime, moving);
  if (!state) return null;
  const wait = waitStep(runtime, job, state, result, trouble);
  if (!(await runtime.commit(wait))) {
    await step(runtime, job, async (tx, execution) => {
      if (await cancelInFailingBranch(tx, execution, job, state, runtime)) return null;
      if (execution.status !== 'running' || execution.cancelRequested) {
        const kept = keep(runtime, state, result);
        if (Object.keys(kept).length > 0)
          await tx.update(stages).set(kept).where(eq(stages.id, state.stage.id));
        await parkJob(tx, job);
        return null;
      }
      if (!(await applyStep(tx, wait, execution))) throw new LeaseLostError(job.id);
      return null;
    });
  }
  runtime.pumpIn(result.retryAfterMs);
  return null;
}

function waitStep(
  runtime: Runtime,
  job: ClaimedJob,
  state: StageState,
  result: Running,
  trouble: boolean,
): WaitStep {
  const { stage } = state;
  const attempts = trouble ? stage.attempts + 1 : 0;
  const isNews = !sameWaiting(stage.waiting, result.waiting);
  const changed = isNews || result.outputs || result.log?.length || attempts !== stage.attempts;
  return {
    kind: 'wait',
    job,
    stage,
    delayMs: result.retryAfterMs,
    wakeOn: result.wakeOn ?? null,
    regardless: goesOnRegardless(runtime, state),
    changes: changed ? { ...keep(runtime, state, result), attempts, waiting: result.waiting } : null,
    isNews,
  };
}

/** Takes the slot before anything is planned on what is there, or waits while another stage has it. */
export async function commitSlot(
  runtime: Runtime,
  job: ClaimedJob,
  state: StageState,
  slot: Slot,
): Promise<Next> {
  const taken = await step(runtime, job, async (tx, execution) => {
    // Two takers at once: the second one waits here and then sees the first one's row.
    await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtext(${slot.key}))`);
    // A withdrawn stage that still cleans up has it too.
    const holders = await tx
      .select({ id: stages.id, executionId: stages.executionId })
      .from(stages)
      .where(
        and(
          eq(stages.slot, slot.key),
          or(
            isNull(stages.endedAt),
            slot.untilCleanedUp
              ? sql`EXISTS (SELECT 1 FROM ${jobs} j WHERE j.stage_id = ${stages}.id AND j.kind = 'cleanUp')`
              : undefined,
          ),
        ),
      );
    if (holders.length > 0) {
      const above = await ancestorsOf(tx, execution.id);
      return holders.some(({ executionId }) => above.has(executionId)) ? 'never' : 'later';
    }
    await holdLease(tx, job);
    await tx.update(stages).set({ slot: slot.key }).where(eq(stages.id, state.stage.id));
    return 'taken';
  });
  if (taken === null) return null;
  if (taken === 'never') {
    // Who has it waits for this very execution.
    const error = message('engine.slotOfAncestor', slot.waiting.values);
    return commitEnding(runtime, job, state, { status: 'errored', error });
  }
  if (taken === 'taken') return { ...state, stage: { ...state.stage, slot: slot.key } };
  const waiting: Waiting = { kind: 'slot', reason: slot.waiting, until: null, who: [] };
  return commitWait(runtime, job, state, { status: 'running', retryAfterMs: SLOT_POLL_MS, waiting }, false);
}

/** Writes the children; the stage itself goes on when they have ended. */
export function commitPlan(
  runtime: Runtime,
  job: ClaimedJob,
  state: StageState,
  plan: Planned,
): Promise<Next> {
  return step(runtime, job, async (tx, execution) => {
    if (await cancelInFailingBranch(tx, execution, job, state, runtime)) return null;
    if (execution.status !== 'running' || execution.cancelRequested) {
      // Nothing was done yet: it is planned anew from what is there then.
      await parkJob(tx, job);
      return null;
    }
    const changes = { ...keep(runtime, state, plan), taskIndex: 0, attempts: 0, waiting: null };
    await tx.update(stages).set(changes).where(eq(stages.id, state.stage.id));
    if (plan.children.length === 0) {
      await holdLease(tx, job);
      return { ...state, stage: { ...state.stage, ...changes } };
    }
    await insertChildren(tx, execution, state.stage, plan.children);
    await recordEvents(tx, [stageEvent(execution, state.stage.refId, 'running')]);
    await parkJob(tx, job);
    return null;
  });
}

function step<T>(
  runtime: Runtime,
  job: ClaimedJob,
  act: (tx: Transaction, execution: LockedExecution) => Promise<T>,
): Promise<T | null> {
  return commitStep<T | null>(runtime, job, async (tx, execution) => {
    if (execution) return act(tx, execution);
    await finishJob(tx, job);
    return null;
  });
}

/** A sibling failed: what has not ended yet at this boundary is not wanted any more. */
async function cancelInFailingBranch(
  tx: Transaction,
  execution: LockedExecution,
  job: ClaimedJob,
  state: StageState,
  runtime: Runtime,
): Promise<boolean> {
  if (goesOnRegardless(runtime, state)) return false;
  if (!(await isBranchFailing(tx, state.stage, execution))) return false;
  await finishJob(tx, job);
  await completeStage(tx, execution, state.stage, { status: 'canceled' });
  if (owesCleanUp(runtime, state.stage)) {
    await enqueueJobs(tx, [{ kind: 'cleanUp', executionId: execution.id, stageId: state.stage.id }]);
  }
  return true;
}

/** It cleans up, or finishes its children. */
function goesOnRegardless(runtime: Runtime, { stage }: StageState): boolean {
  return (
    stage.error !== null || (stage.taskIndex !== null && runtime.stageTypes[stage.type]?.plan !== undefined)
  );
}

async function endingOf(tx: Transaction, runtime: Runtime, state: StageState, result: Done): Promise<Ending> {
  const own = 'error' in result ? result.error : null;
  if (state.stage.error === null)
    return { status: result.status, ...keep(runtime, state, result), error: own };
  const parts = await statusOfParts(tx, eq(stages.parentId, state.stage.id));
  // Its children were withdrawn because its own time was up: that is a failure, whatever became of them.
  const status =
    isOwnFailure(state) && (letsDownstreamStart(parts) || parts === 'canceled') ? 'failed' : parts;
  // A clean-up that failed must be seen, but must not hide what it was cleaning up after.
  const kept = keep(
    runtime,
    state,
    { ...result, log: [...(result.log ?? []), ...(own ? [own] : [])] },
    'error',
  );
  return { status, ...kept, error: state.stage.error };
}

function isOwnFailure({ stage }: StageState): boolean {
  return stage.error?.key === 'engine.timedOut';
}

function keep(
  runtime: Runtime,
  state: StageState,
  result: { readonly outputs?: Readonly<Record<string, unknown>>; readonly log?: readonly Message[] },
  level: StageLogEntry['level'] = 'info',
): Partial<Pick<StageState['stage'], 'outputs' | 'log'>> {
  const at = runtime.services.clock.now().toISOString();
  return {
    ...(result.outputs ? { outputs: { ...state.stage.outputs, ...result.outputs } } : {}),
    ...(result.log?.length
      ? { log: [...state.stage.log, ...result.log.map((text) => ({ at, level, text }))] }
      : {}),
  };
}

function sameWaiting(a: Waiting | null, b: Waiting): boolean {
  return a !== null && flat(a) === flat(b);
}

/** As text in one order of keys, because jsonb does not keep the order of what was written. */
function flat({ kind, until, who, reason }: Waiting): string {
  const values = Object.entries(reason.values).toSorted(([x], [y]) => (x < y ? -1 : 1));
  return JSON.stringify([kind, until, who, reason.key, values]);
}
