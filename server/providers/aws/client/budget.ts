import { setTimeout as pause } from 'node:timers/promises';

export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * How many requests an account may send to one service of a region, as a token bucket. A sweep leaves half of it to
 * the requests that decisions and changes wait for.
 */
export class Budget {
  private tokens: number;
  private filledAt: number;
  private line: Promise<void> = Promise.resolve();
  private sweepLine: Promise<void> = Promise.resolve();

  constructor(
    private readonly rate: Rate,
    private readonly now: () => number = () => performance.now(),
    private readonly wait: (ms: number) => Promise<unknown> = pause,
  ) {
    this.tokens = rate.burst;
    this.filledAt = now();
  }

  /** Returns when a request may be sent; first come, first served among those of the same urgency. */
  take(urgency: 'now' | 'sweep', signal?: AbortSignal): Promise<void> {
    if (urgency === 'sweep') {
      const turn = this.sweepLine.then(() => this.next(this.rate.burst / 2, signal));
      this.sweepLine = turn.catch(() => undefined);
      return turn;
    }
    const turn = this.line.then(() => this.next(0, signal));
    this.line = turn.catch(() => undefined);
    return turn;
  }

  private async next(reserve: number, signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      this.fill();
      const lacking = 1 + reserve - this.tokens;
      if (lacking <= 0) {
        this.tokens -= 1;
        return;
      }
      await this.wait(Math.max(1, (lacking / this.rate.perSecond) * 1_000));
    }
  }

  private fill(): void {
    const now = this.now();
    const gained = ((now - this.filledAt) / 1_000) * this.rate.perSecond;
    this.tokens = Math.min(this.rate.burst, this.tokens + gained);
    this.filledAt = now;
  }
}
