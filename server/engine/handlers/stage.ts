import { message } from '@/server/domain/message';
import { isComplete } from '@/server/domain/status';
import type { Moving } from '@/server/engine/group-commit/step';
import { begin } from '@/server/engine/handlers/begin';
import {
  commitEnding,
  commitPlan,
  commitSlot,
  commitTaskDone,
  commitWait,
} from '@/server/engine/handlers/stage-steps';
import { finishJob, parkJob } from '@/server/engine/queue/finish';
import { type ClaimedJob, MAX_FAILURES } from '@/server/engine/queue/job';
import { configProblem, runTask, taskContext } from '@/server/engine/run-task';
import { commitStep, type Runtime } from '@/server/engine/runtime';
import type { PlanResult, StageType, TaskResult } from '@/server/engine/stages/stage';

/** Null: this job is over, because the stage waits, ended, or is not to be moved now. */
type Next = Moving | null;

/** Moves one stage as far as it goes without waiting. */
export async function runStage(
  runtime: Runtime,
  job: ClaimedJob,
  stageId: string,
  signal: AbortSignal,
): Promise<void> {
  let state: Next = (await runtime.readStage(stageId)) ?? null;
  if (!state) return commitStep(runtime, job, (tx) => finishJob(tx, job));
  while (state) {
    state = await step(runtime, job, state, signal);
  }
}

async function step(runtime: Runtime, job: ClaimedJob, state: Moving, signal: AbortSignal): Promise<Next> {
  const { stage, execution } = state;
  if (isComplete(stage.status) || isComplete(execution.status) || execution.cancelRequestedBy)
    return drop(runtime, job);
  if (execution.status !== 'running' || stage.openChildren > 0) return park(runtime, job);
  if (stage.status === 'pending')
    return stage.openUpstream > 0 ? park(runtime, job) : begin(runtime, job, state);
  if (stage.skipRequestedBy && stage.taskIndex !== null) {
    const log = [message('engine.did.skipped', { by: stage.skipRequestedBy })];
    return commitEnding(runtime, job, state, { status: 'skipped', log });
  }
  if (job.failures >= MAX_FAILURES) {
    const error = message('engine.gaveUp', { times: job.failures });
    return commitEnding(runtime, job, state, { status: 'errored', error });
  }
  const type = runtime.stageTypes[stage.type];
  if (!type) {
    const error = message('engine.unknownStageType', { type: stage.type });
    return commitEnding(runtime, job, state, { status: 'errored', error });
  }
  const config = type.configSchema.safeParse(stage.config);
  if (!config.success) {
    const error = message('engine.badConfig', { problem: configProblem(config.error) });
    return commitEnding(runtime, job, state, { status: 'errored', error });
  }
  return stage.taskIndex === null
    ? plan(runtime, job, state, type, config.data, signal)
    : task(runtime, job, state, type, config.data, signal);
}

function drop(runtime: Runtime, job: ClaimedJob): Promise<null> {
  return commitStep(runtime, job, async (tx) => {
    await finishJob(tx, job);
    return null;
  });
}

/** The stage gets a new job from whoever lets it go on: resume, its children, its upstream. */
function park(runtime: Runtime, job: ClaimedJob): Promise<null> {
  return commitStep(runtime, job, async (tx) => {
    await parkJob(tx, job);
    return null;
  });
}

async function plan(
  runtime: Runtime,
  job: ClaimedJob,
  state: Moving,
  type: StageType,
  config: unknown,
  signal: AbortSignal,
): Promise<Next> {
  const slot = (await type.slot?.(taskContext(runtime, state, job, config, signal))) ?? null;
  if (slot && state.stage.slot !== slot.key) return commitSlot(runtime, job, state, slot);
  const { result, trouble } = await runTask<PlanResult>(
    async (limited) =>
      type.plan
        ? type.plan(taskContext(runtime, state, job, config, limited))
        : { status: 'planned' as const, children: [] },
    signal,
    state.stage.attempts,
  );
  switch (result.status) {
    case 'planned':
      return commitPlan(runtime, job, state, result);
    case 'running':
      return commitWait(runtime, job, state, result, trouble);
    case 'succeeded':
    case 'skipped':
    case 'failed':
    case 'errored':
    case 'stopped':
      return commitEnding(runtime, job, state, result);
    default:
      return result satisfies never;
  }
}

async function task(
  runtime: Runtime,
  job: ClaimedJob,
  state: Moving,
  type: StageType,
  config: unknown,
  signal: AbortSignal,
): Promise<Next> {
  // Only a child's failure puts an error on a stage that is still running.
  const cleaningUp = state.stage.error !== null;
  const tasks = cleaningUp ? (type.onFailure ?? []) : type.tasks;
  const current = tasks[state.stage.taskIndex ?? 0];
  if (!current) return commitEnding(runtime, job, state, { status: 'succeeded' });
  const { result, trouble } = await runTask<TaskResult>(
    (limited) => current.run(taskContext(runtime, state, job, config, limited)),
    signal,
    state.stage.attempts,
  );
  switch (result.status) {
    case 'running':
      return commitWait(runtime, job, state, result, trouble);
    case 'succeeded':
      return commitTaskDone(runtime, job, state, result, tasks.length);
    case 'skipped':
    case 'failed':
    case 'errored':
    case 'stopped':
      return commitEnding(runtime, job, state, result);
    default:
      return result satisfies never;
  }
}
