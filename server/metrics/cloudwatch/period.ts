import { type Grid, MetricsError } from '@/server/metrics/source';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MINUTE = 60;
const HIGH_RESOLUTION = new Set([1, 5, 10, 20, 30]);
const LONGEST = 86_400;

/**
 * What is kept how long: asked for less, CloudWatch answers nothing and does not say why. Oldest first. Source: AWS's
 * reference of MetricStat, `Period`.
 */
const KEPT = [
  { olderThanMs: 63 * DAY_MS, age: '63 days', seconds: 3_600, words: 'whole hours' },
  { olderThanMs: 15 * DAY_MS, age: '15 days', seconds: 300, words: 'whole five minutes' },
  { olderThanMs: 3 * HOUR_MS, age: '3 hours', seconds: MINUTE, words: 'whole minutes' },
] as const;

/**
 * The period in seconds that gives a point for each step.
 * @throws MetricsError `query` when CloudWatch has none like it, or keeps none of that age.
 */
export function periodOf({ startMs, stepMs }: Grid, nowMs: number = Date.now()): number {
  const seconds = stepMs / 1_000;
  if (seconds > LONGEST || !(HIGH_RESOLUTION.has(seconds) || seconds % MINUTE === 0)) {
    throw new MetricsError(
      'query',
      `CloudWatch has no points every ${seconds} s. Take a step of whole minutes, up to a day; or of 1, 5, 10, 20 or 30 s for a metric of high resolution.`,
    );
  }
  const kept = KEPT.find(({ olderThanMs }) => nowMs - startMs > olderThanMs);
  if (kept && seconds % kept.seconds !== 0) {
    throw new MetricsError(
      'query',
      `CloudWatch keeps no points every ${seconds} s for longer than ${kept.age}. Take a step of ${kept.words}, or a younger window.`,
    );
  }
  return seconds;
}
