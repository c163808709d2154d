import { zeroin } from '@/server/canary/stats/zeroin';

export interface ShiftInterval {
  readonly lower: number;
  readonly upper: number;
  /** The shift that makes both samples alike; close to the Hodges–Lehmann estimate. */
  readonly estimate: number;
}

/** All observations are equal after shifting, so that ranks say nothing. */
export class AllTiedError extends Error {
  constructor() {
    super('all observations are tied');
    this.name = 'AllTiedError';
  }
}

const TOLERANCE = 1e-4;

/**
 * Confidence interval for the shift from `y` to `x` by inverting the rank sum test of Mann and Whitney with
 * the normal approximation, a correction for continuity and one for ties. Never exact, whatever the sample
 * size. Source: M. Bauer, Constructing confidence sets using rank statistics (1972), as R's wilcox.test does.
 * @param quantile standard normal quantile of one tail, positive: 2.326… for 98 %.
 * @throws AllTiedError
 */
export function shiftInterval(x: readonly number[], y: readonly number[], quantile: number): ShiftInterval {
  const [xs, ys] = [Float64Array.from(x).sort(), Float64Array.from(y).sort()];
  const lo = first(xs) - last(ys);
  const hi = last(xs) - first(ys);
  const statistic = (shift: number, at: number) => standardizedRankSum(xs, ys, shift) - at;
  const root = (at: number): number => {
    if (statistic(lo, at) <= 0) return lo;
    if (statistic(hi, at) >= 0) return hi;
    return zeroin((shift) => statistic(shift, at), lo, hi, TOLERANCE);
  };
  return {
    lower: root(quantile),
    upper: root(-quantile),
    estimate: zeroin((shift) => statistic(shift, 0), lo, hi, TOLERANCE),
  };
}

/**
 * The standardized rank sum of `xs − shift` among `ys`, corrected for continuity and ties. Both are sorted, so merging
 * them gives the ranks in linear time; it is asked some dozen times for one interval.
 * @throws AllTiedError
 */
export function standardizedRankSum(xs: Float64Array, ys: Float64Array, shift: number): number {
  if (Number.isFinite(shift) && Number.isFinite(last(xs)) && Number.isFinite(last(ys)))
    return ofSorted(xs, ys, shift);
  return ofSorted(
    xs.map((x) => largestIfNaN(x - shift)),
    ys.map(largestIfNaN),
    0,
  );
}

/** Infinite values become NaN by shifting. Unranked they would never be passed; the source ranks them last. */
function largestIfNaN(value: number): number {
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}

function ofSorted(xs: Float64Array, ys: Float64Array, shift: number): number {
  const m = xs.length;
  const n = ys.length;
  let rankSum = 0;
  let tied = 0;
  let i = 0;
  let j = 0;
  while (i < m || j < n) {
    const a = i < m ? (xs[i] ?? 0) - shift : Number.POSITIVE_INFINITY;
    const b = j < n ? (ys[j] ?? 0) : Number.POSITIVE_INFINITY;
    const value = a < b ? a : b;
    const fromI = i;
    const fromJ = j;
    while (i < m && (xs[i] ?? 0) - shift === value) i += 1;
    while (j < n && ys[j] === value) j += 1;
    const size = i - fromI + (j - fromJ);
    rankSum += (i - fromI) * (fromI + fromJ + (size + 1) / 2);
    if (size > 1) tied += size * size * size - size;
  }
  const w = rankSum - (m * (m + 1)) / 2 - (m * n) / 2;
  const sigma = Math.sqrt(((m * n) / 12) * (m + n + 1 - tied / ((m + n) * (m + n - 1))));
  if (!(sigma > 0)) throw new AllTiedError();
  return (w - 0.5 * Math.sign(w)) / sigma;
}

function first(values: Float64Array): number {
  return values[0] ?? Number.NaN;
}

function last(values: Float64Array): number {
  return values[values.length - 1] ?? Number.NaN;
}
