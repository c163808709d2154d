import { meanOf } from '@/server/canary/stats/describe-series';

/** Mean of `x` over mean of `y`; NaN when either is exactly 0, because a ratio says nothing then. */
export function meanRatio(x: readonly number[], y: readonly number[]): number {
  const [a, b] = [meanOf(x), meanOf(y)];
  return a === 0 || b === 0 ? Number.NaN : a / b;
}
