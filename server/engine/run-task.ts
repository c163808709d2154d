import { isBulkheadRejectedError, TaskCancelledError } from 'cockatiel';
import type { z } from 'zod';
import { isAppError } from '@/server/domain/errors';
import type { Waiting } from '@/server/domain/execution';
import { type Message, message } from '@/server/domain/message';
import { storable } from '@/server/domain/storable';
import { LeftAloneError } from '@/server/engine/access/call-policy';
import { BudgetSpentError } from '@/server/engine/access/rate-budget';
import { backoffMs } from '@/server/engine/backoff';
import { crashPoint } from '@/server/engine/crash-point';
import type { ClaimedJob } from '@/server/engine/queue/job';
import { LeaseLostError } from '@/server/engine/queue/job';
import type { Runtime } from '@/server/engine/runtime';
import type { PlanResult, StageContext, TaskResult } from '@/server/engine/stages/stage';
import type { StageState } from '@/server/engine/state';
import { ProviderError } from '@/server/providers/provider';

/** A task that does not answer by then is abandoned and tried again. */
const TASK_LIMIT_MS = 60_000;

/** Thrown when a call is given up in flight: `reason` says why. */
export class AbandonedError extends Error {
  constructor(readonly reason: unknown) {
    super(`abandoned: ${String(reason)}`);
    this.name = 'AbandonedError';
  }
}

export interface Answer<T> {
  readonly result: T | TaskResult;
  /** The platform did not answer or takes its time; the result is a wait, longer each time in a row. */
  readonly trouble: boolean;
}

/**
 * Calls a task or a plan. Expected trouble with a platform becomes an answer; anything else is
 * thrown. What it says may come from anywhere, so here it becomes something that can be kept: a result
 * that cannot be written would be worked out, and its effects made, again and again. A call that outlives its signal is left behind: its lease, and so its fence, is void.
 */
export async function runTask<T extends TaskResult | PlanResult>(
  run: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
  errorsInRow: number,
): Promise<Answer<T>> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(TASK_LIMIT_MS)]);
  crashPoint('before-task');
  try {
    const result = storable(await abandonable(run(limited), limited));
    crashPoint('after-task');
    return { result, trouble: false };
  } catch (error) {
    if (signal.aborted) throw new AbandonedError(signal.reason);
    return storable(answerTo(error, errorsInRow));
  }
}

function abandonable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abandon = () => reject(new AbandonedError(signal.reason));
    if (signal.aborted) abandon();
    signal.addEventListener('abort', abandon, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abandon));
  });
}

function answerTo(error: unknown, errorsInRow: number): Answer<never> {
  if (isAppError(error)) return errored(message('literal', { text: error.message }));
  const reason = waitReason(error);
  if (reason) {
    const waiting: Waiting = { kind: 'platform', reason, until: null, who: [] };
    return {
      result: { status: 'running', retryAfterMs: backoffMs(errorsInRow + 1), waiting },
      trouble: true,
    };
  }
  if (error instanceof ProviderError) {
    // Another worker acts with a newer lease: ours is void, whatever our clock says.
    if (error.code === 'fenced') throw new LeaseLostError(error.message);
    return errored(message('engine.platformRefused', { reason: error.message }));
  }
  throw error;
}

function waitReason(error: unknown): Message | null {
  if (error instanceof LeftAloneError) {
    const { account, reason } = error;
    return reason === null
      ? message('engine.platformBroken', { account })
      : message('engine.platformLeftAlone', { account, reason });
  }
  if (isBulkheadRejectedError(error) || error instanceof BudgetSpentError)
    return message('engine.platformBusy');
  if (error instanceof TaskCancelledError) return message('engine.platformSilent');
  if (error instanceof ProviderError && error.retryable) {
    const key = error.outage ? 'engine.platformUnavailable' : 'engine.platformPending';
    return message(key, { reason: error.message });
  }
  return null;
}

function errored(error: Message): Answer<never> {
  return { result: { status: 'errored', error }, trouble: false };
}

/** Builds what a task gets to see. `config` has passed the type's schema. */
export function taskContext<Config>(
  runtime: Runtime,
  state: StageState,
  job: ClaimedJob,
  config: Config,
  signal: AbortSignal,
): StageContext<Config> {
  const { stage, execution } = state;
  return {
    execution: {
      id: execution.id,
      application: execution.application,
      pipeline: execution.pipeline,
      environment: execution.environment,
      artifact:
        execution.artifact && execution.version && execution.digest
          ? { name: execution.artifact, version: execution.version, digest: execution.digest }
          : null,
      parameters: execution.parameters,
      startedBy: execution.trigger.by,
    },
    stage: {
      id: stage.id,
      refId: stage.refId,
      name: String(stage.name.values.text ?? stage.refId),
      startedAt: stage.startedAt ?? runtime.services.clock.now(),
      pausedMs: stage.pausedMs,
      outputs: stage.outputs,
      log: stage.log,
    },
    config,
    fence: stage.fence + job.attempts,
    signal,
    services: runtime.services,
  };
}

/** One sentence about why a stage's configuration does not fit its type. */
export function configProblem(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'config'}: ${issue.message}`).join('; ');
}
