import type { Clock } from '@/server/domain/clock';

/** Thrown when an account's budget is used up for longer than a caller should wait. */
export class BudgetSpentError extends Error {
  constructor(readonly account: string) {
    super(`the call budget of account ${account} is used up`);
    this.name = 'BudgetSpentError';
  }
}

export interface BudgetLimits {
  readonly perSecond: number;
  /** Calls that may come at once after a quiet time. */
  readonly burst: number;
  /** Longest wait for a turn. */
  readonly patienceMs: number;
}

/** A token bucket: calls beyond the rate wait their turn, and are refused when the queue is long. */
export class RateBudget {
  private tokens: number;
  private filledAt: number;

  constructor(
    private readonly account: string,
    private readonly limits: BudgetLimits,
    private readonly clock: Clock,
  ) {
    this.tokens = limits.burst;
    this.filledAt = clock.now().getTime();
  }

  /**
   * Takes a turn.
   * @returns milliseconds to wait before using it.
   * @throws BudgetSpentError when that would take too long; no turn is taken then.
   */
  take(): number {
    const now = this.clock.now().getTime();
    const { perSecond, burst, patienceMs } = this.limits;
    this.tokens = Math.min(burst, this.tokens + (Math.max(0, now - this.filledAt) * perSecond) / 1_000);
    this.filledAt = now;
    // A negative count is the queue of those who wait already.
    const waitMs = this.tokens >= 1 ? 0 : Math.ceil(((1 - this.tokens) * 1_000) / perSecond);
    if (waitMs > patienceMs) throw new BudgetSpentError(this.account);
    this.tokens -= 1;
    return waitMs;
  }
}
