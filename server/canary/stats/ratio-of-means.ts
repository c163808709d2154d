import type { Bounds } from '@/server/canary/stats/bounds';

/** A mean that is not negative, and the variance of it. */
export interface MeanEstimate {
  readonly mean: number;
  readonly variance: number;
}

/**
 * The ratios of two means that are in keeping with what was measured: those r for which x − r·y is no further from 0
 * than `critical` standard errors. Where `y` could be 0 the ratio has no upper bound; where it is 0 without any doubt
 * and `x` is not, no finite ratio will do and both bounds are infinite. Turning the sides around turns the bounds
 * around. Source: E. Fieller, Some problems in interval estimation, Journal of the Royal Statistical Society B 16 (1954).
 */
export function ratioOfMeans(x: MeanEstimate, y: MeanEstimate, critical: number): Bounds {
  const a = y.mean ** 2 - critical ** 2 * y.variance;
  const b = x.mean * y.mean;
  const c = x.mean ** 2 - critical ** 2 * x.variance;
  const infinite = Number.POSITIVE_INFINITY;
  const root = Math.sqrt(Math.max(0, b * b - a * c));
  // Of a·r² − 2·b·r + c ≤ 0, written so that nothing of nearly the same size is subtracted.
  if (a > 0) return { lower: Math.max(0, c / (b + root)) || 0, upper: (b + root) / a };
  return { lower: c > 0 ? (b + root > 0 ? c / (b + root) : infinite) : 0, upper: infinite };
}
