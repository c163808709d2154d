import { normalQuantile } from '@/server/canary/stats/normal';

/**
 * How far a standardized statistic must be from 0 to count when nobody knows how often it will be looked at: the
 * boundary of Robbins' normal mixture, which a Brownian motion never crosses but with chance `alpha`, however often and
 * whenever one looks. That freedom costs about a third more points than a plan does.
 * Source: H. Robbins, Statistical methods related to the law of the iterated logarithm, Annals of Mathematical
 * Statistics 41 (1970); for estimated variances: I. Waudby-Smith, D. Arbour, R. Sinha, E. Kennedy, A. Ramdas,
 * Time-uniform central limit theory and asymptotic confidence sequences, Annals of Statistics 52 (2024), theorem 2.2.
 * @param alpha of both directions together.
 * @param points independent ones so far.
 * @param narrowest number of points at which the boundary is lowest.
 */
export function mixtureBoundary(alpha: number, points: number, narrowest: number): number {
  const v = (points / narrowest) * lowestAt(alpha);
  return Math.sqrt((1 + 1 / v) * (Math.log1p(v) - 2 * Math.log(alpha)));
}

/** Where the boundary is lowest, in units of its mixture: the solution of v = ln(1 + v) − 2 ln alpha. */
function lowestAt(alpha: number): number {
  let v = -2 * Math.log(alpha);
  for (let pass = 0; pass < 50; pass += 1) v = Math.log1p(v) - 2 * Math.log(alpha);
  return v;
}

/**
 * How far it must be when each look sees other points, as a sliding window does: each look has its share of `alpha`, and all
 * shares together, for ever, are `alpha` (Bonferroni; Σ 1 / k(k + 1) = 1).
 * @param look from 1.
 */
export function slidingBoundary(alpha: number, look: number): number {
  return normalQuantile(alpha / (look * (look + 1)) / 2);
}
