import { averageRanks } from '@/server/canary/stats/ranks';

/**
 * Common language effect size: the chance that a value of `x` is larger than one of `y`, equal ones
 * counted half. 0.5 when they are alike. Source: McGraw and Wong (1992), by the rank sum.
 */
export function cles(x: readonly number[], y: readonly number[]): number {
  const { ranks } = averageRanks(Float64Array.from([...x, ...y]));
  let sum = 0;
  for (let index = 0; index < x.length; index += 1) sum += ranks[index] ?? 0;
  return (2 * sum - x.length * (x.length + 1)) / (2 * x.length * y.length);
}
