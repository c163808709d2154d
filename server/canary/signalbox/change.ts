import { byDifference } from '@/server/canary/signalbox/by-difference';
import { byMeans } from '@/server/canary/signalbox/by-means';
import { byRanks } from '@/server/canary/signalbox/by-ranks';
import type { Side } from '@/server/canary/signalbox/sides';
import type { Bounds } from '@/server/canary/stats/bounds';
import { describeSeries } from '@/server/canary/stats/describe-series';
import { tieShare } from '@/server/canary/stats/tie-share';
import type { MetricKind, SeriesStats } from '@/server/domain/canary';

/** A relative change with its uncertainty; 0.38 is 38 % more. */
export interface Change {
  /** Infinite when there is something where there was nothing. */
  readonly estimate: number;
  /** Changes within so many standard errors; infinite where there is no bound. */
  bounds(critical: number): Bounds;
  /** Standard error of ln(1 + change); null where that has none. */
  readonly logError: number | null;
  /** By which the variance is larger than that of as many independent points. */
  readonly inflation: number;
}

/** From this share of equal pairs on ranks are too coarse, and means tell more. */
const MANY_TIES = 0.1;

/**
 * The relative change from the baseline to the canary. Levels and durations are compared by the ranks of their
 * logarithms, which one outlier does not move; counts, ratios and what is often 0 or often equal by their means, since
 * their ranks are mostly ties. What can be negative is compared by its means, relative to the size of the baseline.
 * The unit of the metric makes no difference.
 */
export function changeOf(canary: Side, baseline: Side, kind: MetricKind): Change {
  const [x, y] = [describeSeries(canary.values), describeSeries(baseline.values)];
  const certain = certainChange(x, y);
  if (certain) return certain;
  const scale = scaleOf(x, y);
  const [a, b] = [inUnitsOf(scale, canary.grid), inUnitsOf(scale, baseline.grid)];
  if (x.min < 0 || y.min < 0) return byDifference(a, b);
  if (kind === 'counter' || kind === 'ratio' || x.min === 0 || y.min === 0) return byMeans(a, b);
  return tieShare(canary.values, baseline.values) > MANY_TIES ? byMeans(a, b) : byRanks(a, b);
}

/**
 * What needs no estimate: two constants, or nothing at all on one side and never nothing on the other. That equal
 * sides look like that from some point on happens with one in 252 at five points each, and no more often however long
 * one looks, since they must have looked like that at all points before.
 */
function certainChange(x: SeriesStats, y: SeriesStats): Change | null {
  const [xConstant, yConstant] = [x.min === x.max, y.min === y.max];
  const appeared = yConstant && y.min === 0 && x.min > 0;
  const vanished = xConstant && x.min === 0 && y.min > 0;
  if (!(xConstant && yConstant) && !appeared && !vanished) return null;
  const estimate = relative(x.mean, y.mean);
  return {
    estimate,
    bounds: () => ({ lower: estimate, upper: estimate }),
    // Of no events at all nothing follows for how many it would have taken.
    logError: x.min > 0 && y.min > 0 ? 0 : null,
    inflation: 1,
  };
}

function relative(x: number, y: number): number {
  return x === y ? 0 : (x - y) / Math.abs(y);
}

/** A power of two, so that nothing is rounded, that brings the values near 1. */
function scaleOf(x: SeriesStats, y: SeriesStats): number {
  const largest = Math.max(Math.abs(x.min), Math.abs(x.max), Math.abs(y.min), Math.abs(y.max));
  const scale = 2 ** Math.floor(Math.log2(largest));
  // The logarithm of what is just under a power of two may be rounded up to it.
  return scale > largest ? scale / 2 : scale;
}

function inUnitsOf(scale: number, grid: readonly number[]): number[] {
  return grid.map((value) => value / scale);
}
