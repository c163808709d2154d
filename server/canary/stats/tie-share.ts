/** Share of the pairs of one value of `x` and one of `y` that are equal, 0..1. */
export function tieShare(x: readonly number[], y: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of y) counts.set(value, (counts.get(value) ?? 0) + 1);
  let equal = 0;
  for (const value of x) equal += counts.get(value) ?? 0;
  return equal / (x.length * y.length);
}
