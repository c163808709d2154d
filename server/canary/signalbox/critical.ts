import type { Looks } from '@/server/canary/judge';
import { openEndedSpending, spendingBoundaries } from '@/server/canary/stats/alpha-spending';
import { normalQuantile } from '@/server/canary/stats/normal';
import { mixtureBoundary, slidingBoundary } from '@/server/canary/stats/sequential';

/** Chance of a false alarm in either direction, half of it in each, over all looks together. */
export const ALPHA = 0.02;
/** Φ⁻¹(0.9): passing needs the limit to be ruled out with 90 % confidence. That is decided once, at the last look. */
export const PASSING = 1.2815515655446004;
/** Independent points at which looks without a plan cost least; later ones cost a few percent more. */
const NARROWEST = 30;
/** Share of the planned points within which several looks count as one; the integral is not finer than that. */
const FINEST = 0.01;

/** Standard errors that a change must be beyond its limit, by the number of independent points on a side. */
export type Critical = (points: number) => number;

/**
 * How sure a verdict must be at this look. With a plan: boundaries that spend the chance of a false alarm early and
 * keep some for going on beyond it, so that a large change is caught at once and many looks cost little. Without one:
 * a boundary that holds for any number of looks.
 * @param seen points of the window at this look.
 */
export function criticalFor(seen: number, looks: Looks | undefined): Critical {
  if (looks === undefined) return () => normalQuantile(ALPHA / 2);
  const { window, previousPoints, plannedPoints = 0 } = looks;
  if (window === 'sliding') {
    const boundary = slidingBoundary(ALPHA, previousPoints.length + 1);
    return () => boundary;
  }
  if (plannedPoints <= 0 || seen <= 0) return (points) => mixtureBoundary(ALPHA, points, NARROWEST);
  const boundary = plannedBoundary(timesOf(previousPoints, seen, plannedPoints));
  return () => boundary;
}

/** Shares of the plan at which was looked, this look last. One without new points is that before once more. */
function timesOf(previousPoints: readonly number[], seen: number, planned: number): number[] {
  const now = seen / planned;
  const times: number[] = [];
  for (const points of previousPoints) {
    const time = points / planned;
    if (time - (times.at(-1) ?? 0) >= FINEST && now - time >= FINEST) times.push(time);
  }
  return [...times, now];
}

/** Boundaries by their looks: all metrics of a judgement, and its next one, ask for the same. */
const known = new Map<string, number>();
const MOST_KNOWN = 1_000;

function plannedBoundary(times: readonly number[]): number {
  const key = times.join(' ');
  const before = known.get(key);
  if (before !== undefined) return before;
  const boundary = spendingBoundaries(openEndedSpending(ALPHA / 2), times).at(-1) ?? Number.POSITIVE_INFINITY;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, boundary);
  return boundary;
}
