/**
 * Milliseconds to wait before the next try: doubling, capped, with the upper half random so that
 * many that failed together do not come back together.
 * @param failures how many failed in a row, at least 1.
 */
export function backoffMs(
  failures: number,
  base = 250,
  cap = 15_000,
  random: () => number = Math.random,
): number {
  const full = Math.min(cap, base * 2 ** Math.min(failures - 1, 20));
  return Math.round(full / 2 + (full / 2) * random());
}
