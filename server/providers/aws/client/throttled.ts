import { failureOf } from '@/server/providers/aws/client/errors';

/** Well below what a caller waits for any answer: it is then told that AWS throttles, and not that nobody answers. */
const PATIENCE_MS = 5_000;
const LOOK_AGAIN_MS = 250;
/** A refusal as old as this says nothing of a call that waits now. */
const TELLING_MS = 30_000;

interface Call {
  readonly begunAt: number;
  /** Whether an attempt has been sent that has no answer yet. */
  isSent: boolean;
  isOver: boolean;
}

/**
 * What a client's calls were throttled with. After throttling the SDK holds calls back for as long as it takes; one
 * that is held back for long ends with what AWS said last.
 */
export class Throttled {
  private last: { readonly error: unknown; readonly at: number } | null = null;
  private readonly calls = new WeakMap<object, Call>();

  constructor(private readonly patienceMs = PATIENCE_MS) {}

  /** @param key the same object for all attempts of one call. */
  async call<T>(key: object, work: () => Promise<T>): Promise<T> {
    const call: Call = { begunAt: performance.now(), isSent: false, isOver: false };
    this.calls.set(key, call);
    const working = work();
    let look: NodeJS.Timeout | undefined;
    const heldBack = new Promise<never>((_, reject) => {
      const check = () => {
        const refusal = call.isSent ? null : this.lastRefusal();
        if (refusal === null) {
          look = setTimeout(check, LOOK_AGAIN_MS);
          return;
        }
        call.isOver = true;
        reject(refusal);
      };
      look = setTimeout(check, this.patienceMs);
    });
    try {
      return await Promise.race([working, heldBack]);
    } finally {
      clearTimeout(look);
      // What is left of it is sent no more, and nobody hears how it ends.
      working.catch(() => undefined);
    }
  }

  /** One attempt of it. @throws what AWS refused last when the call has been ended meanwhile. */
  async attempt<T>(key: object, send: () => Promise<T>): Promise<T> {
    const call = this.calls.get(key);
    if (call?.isOver) throw this.last?.error ?? new Error('the call has ended');
    if (call) call.isSent = true;
    try {
      return await send();
    } catch (error) {
      if (failureOf(error, '').code === 'rate_limited') this.last = { error, at: performance.now() };
      throw error;
    } finally {
      if (call) call.isSent = false;
    }
  }

  private lastRefusal(): unknown {
    return this.last && performance.now() - this.last.at < TELLING_MS ? this.last.error : null;
  }
}
