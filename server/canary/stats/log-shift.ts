import type { Bounds } from '@/server/canary/stats/bounds';
import { standardizedRankSum } from '@/server/canary/stats/mann-whitney';
import { zeroin } from '@/server/canary/stats/zeroin';

/** Of the range within which the shift can be at all; a tolerance in the metric's unit would depend on that unit. */
const PRECISION = 1e-6;

export interface LogShift {
  /** The shift that makes both samples alike (Hodges and Lehmann). */
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
  const lo = (xs[0] ?? 0) - (ys[n - 1] ?? 0);
  const hi = (xs[m - 1] ?? 0) - (ys[0] ?? 0);
  const statistic = (shift: number) => standardizedRankSum(xs, ys, shift) / Math.sqrt(inflation);
  const [most, least] = [statistic(lo), statistic(hi)];
  const root = (at: number) => zeroin((shift) => statistic(shift) - at, lo, hi, PRECISION * (hi - lo));
  return {
    estimate: root(0),
    bounds: (critical) => ({
      lower: most <= critical ? Number.NEGATIVE_INFINITY : root(critical),
      upper: least >= -critical ? Number.POSITIVE_INFINITY : root(-critical),
    }),
  };
}
