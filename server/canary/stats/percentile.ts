/**
 * Percentile by linear interpolation between the closest ranks at position (n − 1)·p / 100.
 * Source: Hyndman and Fan (1996), definition 7; what NumPy and Excel do.
 * @param sorted ascending, not empty.
 * @param p 0..100.
 */
export function percentile(sorted: readonly number[], p: number): number {
  const position = ((sorted.length - 1) * p) / 100;
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low;
  return low + (high - low) * (position - below);
}
