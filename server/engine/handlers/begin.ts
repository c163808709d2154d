import { eq } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { stages } from '@/db/schema';
import type { StageLogEntry, Waiting } from '@/server/domain/execution';
import { type Message, message } from '@/server/domain/message';
import { rolesGranting } from '@/server/domain/roles';
import { windowState } from '@/server/domain/time-window';
import { completeStage, type Ending, stageEvent } from '@/server/engine/completion';
import { resolveStage } from '@/server/engine/expressions/resolve-stage';
import { applyStep } from '@/server/engine/group-commit/commit';
import type { Moving, StartStep } from '@/server/engine/group-commit/step';
import { finishJob, parkJob } from '@/server/engine/queue/finish';
import type { ClaimedJob } from '@/server/engine/queue/job';
import { rescheduleJob } from '@/server/engine/queue/reschedule';
import { commitStep, type Runtime } from '@/server/engine/runtime';
import type { LockedExecution, StageState } from '@/server/engine/state';

type Next = Moving | null;

/**
 * What stands between a stage whose turn it is and its start: a person who skips it, a closed
 * window, a condition, expressions in its configuration.
 */
export async function begin(runtime: Runtime, job: ClaimedJob, state: StageState): Promise<Next> {
  const { stage } = state;
  if (stage.skipRequestedBy) {
    return endUnstarted(
      runtime,
      job,
      state,
      skipped(runtime, message('engine.did.skipped', { by: stage.skipRequestedBy })),
    );
  }
  const closed = closedUntil(runtime, state);
  if (closed) return waitForWindow(runtime, job, state, closed);
  const resolution = await resolveStage(runtime.services, state, runtime.stageTypes[stage.type]?.evaluates);
  switch (resolution.status) {
    case 'ready':
      return start(runtime, job, state, resolution.config);
    case 'skip':
      return endUnstarted(runtime, job, state, skipped(runtime, resolution.reason));
    case 'error':
      return endUnstarted(runtime, job, state, { status: 'errored', error: resolution.error });
    default:
      return resolution satisfies never;
  }
}

function closedUntil(runtime: Runtime, { stage }: StageState): Date | null {
  if (!stage.window || stage.windowOverriddenBy) return null;
  const state = windowState(stage.window, runtime.services.clock.now(), stage.id);
  return state.open ? null : state.opensAt;
}

function skipped(runtime: Runtime, text: Message): Ending {
  const entry: StageLogEntry = { at: runtime.services.clock.now().toISOString(), level: 'info', text };
  return { status: 'skipped', log: [entry] };
}

function endUnstarted(runtime: Runtime, job: ClaimedJob, state: StageState, ending: Ending): Promise<null> {
  return commitStep(runtime, job, async (tx, execution) => {
    if (await isHeld(tx, job, execution)) return null;
    await finishJob(tx, job);
    if (execution) await completeStage(tx, execution, state.stage, ending);
    return null;
  });
}

async function waitForWindow(
  runtime: Runtime,
  job: ClaimedJob,
  state: StageState,
  opensAt: Date,
): Promise<null> {
  const waiting: Waiting = {
    kind: 'time',
    reason: message('engine.wait.window'),
    until: opensAt.toISOString(),
    who: rolesGranting('window.override'),
  };
  const inMs = Math.max(0, opensAt.getTime() - runtime.services.clock.now().getTime());
  await commitStep(runtime, job, async (tx, execution) => {
    if (!execution || (await isHeld(tx, job, execution))) return;
    await rescheduleJob(tx, job, inMs, null);
    if (state.stage.waiting?.until === waiting.until) return;
    await tx.update(stages).set({ waiting }).where(eq(stages.id, state.stage.id));
    await recordEvents(tx, [stageEvent(execution, state.stage.refId, 'pending')]);
  });
  runtime.pumpIn(inMs);
  return null;
}

async function start(
  runtime: Runtime,
  job: ClaimedJob,
  state: StageState,
  config: Readonly<Record<string, unknown>>,
): Promise<Next> {
  const { stage } = state;
  const type = runtime.stageTypes[stage.type];
  const taskIndex = type?.plan === undefined ? 0 : null;
  const step: StartStep = {
    kind: 'start',
    job,
    stage,
    taskIndex,
    config: config === stage.config ? null : config,
  };
  const startedAt = stage.startedAt ?? runtime.services.clock.now();
  const begun: Moving = {
    ...state,
    stage: { ...stage, taskIndex, config: { ...config }, waiting: null, status: 'running', startedAt },
    start: step,
  };
  const atOnce = type?.instant && !type.plan && type.tasks.length === 1 && !stage.timeoutSeconds;
  return atOnce ? begun : commitStart(runtime, begun);
}

/** @returns null when it may not start after all; the job is then over. */
export async function commitStart(runtime: Runtime, { start: step, ...state }: Moving): Promise<Next> {
  if (!step || (await runtime.commit(step))) return state;
  const { job } = step;
  return commitStep(runtime, job, async (tx, execution) => {
    if (!execution || (await isHeld(tx, job, execution))) return null;
    if (await applyStep(tx, step, execution)) return state;
    await finishJob(tx, job);
    return null;
  });
}

/** Whether nothing may start now; the stage then gets a new job from whoever lets it go on. */
async function isHeld(
  tx: Transaction,
  job: ClaimedJob,
  execution: LockedExecution | undefined,
): Promise<boolean> {
  if (execution?.status === 'running' && !execution.cancelRequested) return false;
  await parkJob(tx, job);
  return true;
}
