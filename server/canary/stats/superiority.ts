import { averageRanks } from '@/server/canary/stats/ranks';

export interface Superiority {
  readonly estimate: number;
  readonly standardError: number;
}

/**
 * Chance that a value of `x` is larger than one of `y`, with its standard error: the larger one of that under equal
 * distributions, which never vanishes, and of that by DeLong, which holds when the spreads differ.
 * Source: E. DeLong, D. DeLong, D. Clarke-Pearson, Biometrics 44 (1988).
 */
export function superiority(x: readonly number[], y: readonly number[]): Superiority {
  const [m, n] = [x.length, y.length];
  const pooled = averageRanks(Float64Array.from([...x, ...y])).ranks;
  const placementsOf = (own: readonly number[], from: number, others: number) => {
    const ranks = averageRanks(Float64Array.from(own)).ranks;
    return own.map((_, index) => ((pooled[from + index] ?? 0) - (ranks[index] ?? 0)) / others);
  };
  const above = placementsOf(x, 0, n);
  const below = placementsOf(y, m, m);
  const estimate = above.reduce((sum, value) => sum + value, 0) / m;
  const equal = (m + n + 1) / (12 * m * n);
  return {
    estimate,
    standardError: Math.sqrt(Math.max(equal, varianceOf(above) / m + varianceOf(below) / n)),
  };
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
