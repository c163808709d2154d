import type { SeriesStats } from '@/server/domain/canary';

/** Count, bounds, mean and sample standard deviation (n − 1); all 0 for no values. */
export function describeSeries(values: readonly number[]): SeriesStats {
  const count = values.length;
  if (count === 0) return { count, min: 0, max: 0, mean: 0, std: 0 };
  const mean = meanOf(values);
  let [min, max, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
    squares += (value - mean) ** 2;
  }
  return { count, min, max, mean, std: count > 1 ? Math.sqrt(squares / (count - 1)) : 0 };
}

/** Of what is finite, for a report: JSON has no word for the rest. */
export function describeFinite(values: readonly number[]): SeriesStats {
  return describeSeries(values.filter(Number.isFinite));
}

/** NaN for no values. */
export function meanOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
