import { eq } from 'drizzle-orm';
import { recordEvents } from '@/db/events';
import { stages } from '@/db/schema';
import type { StageLogEntry } from '@/server/domain/execution';
import { type Message, message } from '@/server/domain/message';
import { stageEvent } from '@/server/engine/completion';
import { finishJob } from '@/server/engine/queue/finish';
import { type ClaimedJob, MAX_FAILURES } from '@/server/engine/queue/job';
import { rescheduleJob } from '@/server/engine/queue/reschedule';
import { runTask, taskContext } from '@/server/engine/run-task';
import { commitStep, type Runtime } from '@/server/engine/runtime';
import type { TaskResult } from '@/server/engine/stages/stage';
import { readStage, type StageState } from '@/server/engine/state';

/** A call that was in flight when a stage was withdrawn may still reach its platform for so long. */
export const SETTLE_MS = 300;
/** What has not been cleaned up by then is left to people; the stage's log says so. */
const PATIENCE_MS = 10 * 60_000;

/** Whether a stage that is withdrawn leaves something to do. */
export function owesCleanUp(
  runtime: Runtime,
  stage: { readonly type: string; readonly startedAt: Date | null },
): boolean {
  return stage.startedAt !== null && (runtime.stageTypes[stage.type]?.onCancel?.length ?? 0) > 0;
}

/**
 * Runs what a withdrawn stage has to leave in order. The stage has ended for people already; what this
 * does, or could not do, is told in its log. All tasks run again until all are done: they are idempotent.
 */
export async function cleanUp(
  runtime: Runtime,
  job: ClaimedJob,
  stageId: string,
  signal: AbortSignal,
): Promise<void> {
  const state = await readStage(runtime.services.db, stageId);
  const told: Message[] = [];
  const put = new Map<string, unknown>();
  const again = state ? await runTasks(runtime, job, state, signal, told, put) : null;
  await commitStep(runtime, job, async (tx, execution) => {
    const late = again !== null && state !== undefined && isLate(runtime, job, state);
    const waits = again !== null && !late;
    if (waits) await rescheduleJob(tx, job, again, null);
    else await finishJob(tx, job);
    if (!state || !execution || (waits && told.length === 0 && put.size === 0)) return;
    if (late) told.push(message('engine.cleanUp.gaveUp'));
    const at = runtime.services.clock.now().toISOString();
    const level: StageLogEntry['level'] = late ? 'error' : 'info';
    const log = [...state.stage.log, ...told.map((text) => ({ at, level, text }))];
    const outputs = { ...state.stage.outputs, ...Object.fromEntries(put) };
    await tx.update(stages).set({ log, outputs }).where(eq(stages.id, stageId));
    await recordEvents(tx, [stageEvent(execution, state.stage.refId, state.stage.status)]);
  });
}

/** @returns milliseconds after which to try again, or null when all is done. */
async function runTasks(
  runtime: Runtime,
  job: ClaimedJob,
  state: StageState,
  signal: AbortSignal,
  told: Message[],
  put: Map<string, unknown>,
): Promise<number | null> {
  const type = runtime.stageTypes[state.stage.type];
  const config = type?.configSchema.safeParse(state.stage.config);
  if (!type || !config?.success) return null;
  for (const task of type.onCancel ?? []) {
    const { result } = await runTask<TaskResult>(
      (limited) => task.run(taskContext(runtime, state, job, config.data, limited)),
      signal,
      job.failures,
    );
    told.push(...(result.log ?? []), ...('error' in result ? [result.error] : []));
    for (const [key, value] of Object.entries(result.outputs ?? {})) put.set(key, value);
    if (result.status === 'running') return result.retryAfterMs;
  }
  return null;
}

function isLate(runtime: Runtime, job: ClaimedJob, { stage }: StageState): boolean {
  const waited = runtime.services.clock.now().getTime() - (stage.endedAt?.getTime() ?? 0);
  return job.failures >= MAX_FAILURES || waited > PATIENCE_MS;
}
