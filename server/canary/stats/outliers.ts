import { percentile } from '@/server/canary/stats/percentile';

/**
 * Leaves out what lies beyond the quartiles by so many interquartile ranges, but nothing between the 1st
 * and the 99th percentile: gentler than Tukey's fences, for series whose tails are meant.
 * @param factor interquartile ranges, > 0.
 */
export function withoutOutliers(values: readonly number[], factor: number): number[] {
  if (values.length === 0) return [];
  const sorted = [...values].sort((a, b) => a - b);
  const [lowQuartile, highQuartile] = [percentile(sorted, 25), percentile(sorted, 75)];
  const reach = factor * (highQuartile - lowQuartile);
  const lowest = Math.min(percentile(sorted, 1), lowQuartile - reach);
  const highest = Math.max(percentile(sorted, 99), highQuartile + reach);
  return values.filter((value) => value >= lowest && value <= highest);
}
