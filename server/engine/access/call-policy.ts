import { setTimeout as pause } from 'node:timers/promises';
import {
  bulkhead,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  type IPolicy,
  isBrokenCircuitError,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import type { Clock } from '@/server/domain/clock';
import { RateBudget } from '@/server/engine/access/rate-budget';
import { ProviderError } from '@/server/providers/provider';

export interface CallLimits {
  /** An answer that takes longer counts as an outage. */
  readonly timeoutMs: number;
  /** Calls in flight at once: a silent platform cannot take all the room of a worker. */
  readonly inFlight: number;
  /** Outages in a row that open the breaker, and how long it stays open before it tries again. */
  readonly breakAfter: number;
  readonly halfOpenAfterMs: number;
  /** Further tries within one call. */
  readonly retries: number;
  readonly perSecond: number;
  readonly burst: number;
}

export const DEFAULT_LIMITS: CallLimits = {
  timeoutMs: 15_000,
  inFlight: 16,
  breakAfter: 5,
  halfOpenAfterMs: 5_000,
  retries: 2,
  perSecond: 50,
  burst: 100,
};

/** Thrown without asking, after outages in a row: the account is left alone for a while. */
export class LeftAloneError extends Error {
  constructor(
    readonly account: string,
    /** What it said last, where it said anything. */
    readonly reason: string | null = null,
  ) {
    super(`the platform of account ${account} has not answered several times in a row`);
    this.name = 'LeftAloneError';
  }
}

/** Runs one call to a platform under the account's limits. */
export type CallPolicy = <T>(call: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal) => Promise<T>;

/**
 * One account's circuit breaker, room, rate budget and retry. A refusal by the platform is an answer,
 * not an outage: it neither opens the breaker nor is tried again. Nor does what only takes its time: whoever asked
 * asks again later, and nobody else in the account waits for it.
 */
export function callPolicy(account: string, clock: Clock, limits: CallLimits = DEFAULT_LIMITS): CallPolicy {
  const outage = handleWhen(
    // The package's own isTaskCancelledError (3.2.1) tests for another error's mark.
    (error) => error instanceof TaskCancelledError || (error instanceof ProviderError && error.outage),
  );
  const policy: IPolicy<{ signal: AbortSignal }> = wrap(
    retry(outage, {
      maxAttempts: limits.retries,
      backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 2_000 }),
    }),
    circuitBreaker(outage, {
      halfOpenAfter: limits.halfOpenAfterMs,
      breaker: new ConsecutiveBreaker(limits.breakAfter),
    }),
    bulkhead(limits.inFlight),
    timeout(limits.timeoutMs, TimeoutStrategy.Aggressive),
  );
  let lastOutage: string | null = null;
  const budget = new RateBudget(account, { ...limits, patienceMs: 2_000 }, clock);
  return async (call, signal) => {
    try {
      return await policy.execute(async ({ signal: limited }) => {
        const waitMs = budget.take();
        if (waitMs > 0) await pause(waitMs, undefined, { signal: limited });
        return call(limited);
      }, signal);
    } catch (error) {
      if (isBrokenCircuitError(error)) throw new LeftAloneError(account, lastOutage);
      if (error instanceof TaskCancelledError) lastOutage = null;
      if (error instanceof ProviderError && error.outage) lastOutage = error.message;
      throw error;
    }
  };
}
