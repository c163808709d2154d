import { MetricsError } from '@/server/metrics/source';

/** Away for now, and when it said to come back, if it did. */
export class TryAgain extends MetricsError {
  constructor(
    message: string,
    readonly retryAfterMs: number | null = null,
    options?: ErrorOptions,
  ) {
    super('unavailable', message, options);
  }
}

const RETRIES = 2;
const BASE_MS = 500;
/** Longer than this nobody waits within one read; the next interval asks again. */
const MAX_WAIT_MS = 10_000;

/**
 * Does it up to three times while it throws `TryAgain`. Waits up to 0.5 s and then 1 s, at random so that many that
 * failed together do not come back together; or as long as it was told to.
 */
export async function withRetries<T>(act: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let retry = 0; ; retry++) {
    try {
      return await act();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof TryAgain) || retry === RETRIES) throw error;
      const waitMs = error.retryAfterMs ?? BASE_MS * 2 ** retry * Math.random();
      if (waitMs > MAX_WAIT_MS) throw error;
      await pause(waitMs, signal);
    }
  }
}

/** Of a Retry-After header, which has seconds or a date. */
export function retryAfterMs(header: string | undefined, now: number = Date.now()): number | null {
  if (header === undefined) return null;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

/** @throws the signal's reason, at once. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
  signal.throwIfAborted();
}
