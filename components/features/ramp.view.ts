/** The percentages of a ramp in so many equal steps, from where it stands up to its end. */
export function rampSteps(from: number, to: number, count: number): number[] {
  const steps = Array.from({ length: count }, (_, index) => from + ((to - from) * (index + 1)) / count);
  // Two steps that round to the same are one.
  return [...new Set(steps.map((percent) => Math.round(percent * 10) / 10))].filter(
    (percent) => percent > from,
  );
}

/** The engine allows no shorter step. */
const SHORTEST_SECONDS = 5;

/** How long each step lasts for the whole to take so long; the one that reaches everyone does not last. */
export function holdOf(totalMinutes: number, percentages: readonly number[]): number {
  const lasting = percentages.filter((percent) => percent < 100).length;
  return Math.max(SHORTEST_SECONDS, Math.round((totalMinutes * 60) / Math.max(1, lasting)));
}
