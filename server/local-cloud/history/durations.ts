/**
 * Durations as counts in buckets whose bounds grow by a constant factor, so that a quantile is known to 2 % whatever
 * its size. Source: Masson, Rim and Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error
 * guarantees", VLDB 2019. Merging is adding counts.
 */
const RELATIVE_ERROR = 0.02;
export const BUCKET_GROWTH = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GROWTH = Math.log(BUCKET_GROWTH);
/** What is shorter counts as this long. */
const SHORTEST_SECONDS = 1e-5;

/** Count by bucket. */
export type DurationCounts = Map<number, number>;

export function addDuration(counts: DurationCounts, seconds: number): void {
  const bucket = Math.ceil(Math.log(Math.max(seconds, SHORTEST_SECONDS)) / LOG_GROWTH);
  counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
}

export function mergeDurations(into: DurationCounts, from: DurationCounts): void {
  for (const [bucket, count] of from) into.set(bucket, (into.get(bucket) ?? 0) + count);
}
