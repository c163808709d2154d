/** When a message that could not be delivered is tried again: after seconds at first, then after hours. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const PAUSES = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];
export const MAX_ATTEMPTS = PAUSES.length + 1;
/** A receiver may ask for so much patience, not for more. */
const MAX_PAUSE = 24 * HOUR;
/** Up to so much is added, so that many messages do not come back all at once. */
const JITTER = 0.2;

/**
 * @param attempts made so far.
 * @param retryAfter the receiver's own wish: seconds, or a date of HTTP.
 * @param random 0 to 1.
 * @returns milliseconds, or null when it was tried often enough.
 */
export function pauseAfter(
  attempts: number,
  retryAfter: string | undefined,
  now: Date,
  random: number,
): number | null {
  const pause = PAUSES[attempts - 1];
  if (pause === undefined) return null;
  return Math.max(pause * (1 + JITTER * random), wished(retryAfter, now));
}

function wished(retryAfter: string | undefined, now: Date): number {
  if (retryAfter === undefined) return 0;
  const ms = /^\d+$/.test(retryAfter.trim())
    ? Number(retryAfter) * SECOND
    : Date.parse(retryAfter) - now.getTime();
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(0, ms), MAX_PAUSE);
}
