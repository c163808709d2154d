import { setTimeout as pause } from 'node:timers/promises';

/**
 * As kubectl allows itself: people and controllers find the API server free, and after a quiet time a large group
 * can be put into traffic, or out of it, without waiting.
 */
export const REQUESTS_PER_SECOND = 50;
export const BURST = 300;

/**
 * How many requests an account may send, as a token bucket: first come, first served. When the server asks to
 * wait, all of the account's requests wait.
 */
export class Budget {
  private tokens: number;
  private filledAt: number;
  private closedUntil = 0;
  private line: Promise<void> = Promise.resolve();

  constructor(
    private readonly perSecond = REQUESTS_PER_SECOND,
    private readonly burst = BURST,
    private readonly now: () => number = () => performance.now(),
    private readonly wait: (ms: number) => Promise<unknown> = pause,
  ) {
    this.tokens = burst;
    this.filledAt = now();
  }

  /** Returns when a request may be sent. Whoever gave up in the line takes nothing. */
  take(signal?: AbortSignal): Promise<void> {
    const turn = this.line.then(() => this.next(signal));
    this.line = turn.catch(() => undefined);
    return turn;
  }

  /** The server is busy: nobody sends anything for so long. */
  closeFor(ms: number): void {
    this.closedUntil = Math.max(this.closedUntil, this.now() + ms);
  }

  private async next(signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const closed = this.closedUntil - this.now();
      if (closed <= 0) {
        this.fill();
        if (this.tokens >= 1) {
          this.tokens -= 1;
          return;
        }
      }
      await this.wait(Math.max(1, closed > 0 ? closed : ((1 - this.tokens) / this.perSecond) * 1_000));
    }
  }

  private fill(): void {
    const now = this.now();
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filledAt) / 1_000) * this.perSecond);
    this.filledAt = now;
  }
}
