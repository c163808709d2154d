import type { Bounds } from '@/server/canary/stats/bounds';
import { standardizedRankSum } from '@/server/canary/stats/mann-whitney';

/** Halvings of the range within which the shift can be at all; a tolerance in the metric's unit would depend on it. */
const HALVINGS = 21;
const EDGE = 2 ** -HALVINGS;
/** What counts as 0 of a statistic that moves in steps of far more. */
const ZERO = 1e-9;

export interface LogShift {
  /** The shift that makes both samples alike: the median of all differences (Hodges and Lehmann). */
  readonly estimate: number;
  /** The shifts that are no further than `critical` standard errors from what was measured. */
  bounds(critical: number): Bounds;
}

/**
 * The shift from `y` to `x` by inverting the rank sum test of Mann and Whitney, as for logarithms, where a shift is a
 * relative change. Where the sample is so small that not even complete separation would be `critical` there is no
 * bound, rather than the range of what was seen. Source: M. Bauer, Constructing confidence sets using rank statistics,
 * Journal of the American Statistical Association 67 (1972).
 * @param xs ascending, and so is `ys`; not both constant.
 * @param inflation of the variance, because neighbours are alike.
 */
export function logShift(xs: Float64Array, ys: Float64Array, inflation: number): LogShift {
  const [m, n] = [xs.length, ys.length];
  const range = (xs[m - 1] ?? 0) - (ys[0] ?? 0) - (xs[0] ?? 0) + (ys[n - 1] ?? 0);
  // A little beyond, where both are apart without any tie: whether there is one just there is a matter of rounding.
  const lo = (xs[0] ?? 0) - (ys[n - 1] ?? 0) - EDGE * range;
  const hi = (xs[m - 1] ?? 0) - (ys[0] ?? 0) + EDGE * range;
  const statistic = (shift: number) => standardizedRankSum(xs, ys, shift) / Math.sqrt(inflation);
  const [most, least] = [statistic(lo), statistic(hi)];
  /** Where the statistic, which falls in steps, falls to `at`. A step has its place whatever the search begins with. */
  const fallTo = (at: number): number => {
    let [low, high] = [lo, hi];
    for (let pass = 0; pass < HALVINGS; pass += 1) {
      const middle = (low + high) / 2;
      if (statistic(middle) > at) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  return {
    // Both ends of the step at 0.
    estimate: (fallTo(ZERO) + fallTo(-ZERO)) / 2,
    bounds: (critical) => ({
      lower: most <= critical ? Number.NEGATIVE_INFINITY : fallTo(critical),
      upper: least >= -critical ? Number.POSITIVE_INFINITY : fallTo(-critical),
    }),
  };
}
