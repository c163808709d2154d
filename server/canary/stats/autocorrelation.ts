/** Neighbours in time that are more alike tell nothing new any more; and a variance must stay finite. */
const MOST = 0.95;

export interface LagSums {
  /** Sum of products of neighbours, around the mean. */
  readonly products: number;
  /** Sum of squares around the mean. */
  readonly squares: number;
  readonly count: number;
}

/**
 * What the correlation of neighbours is made of. Neighbours with a gap between them do not count.
 * @param values on their grid, NaN where there is none.
 */
export function lagSums(values: readonly number[]): LagSums {
  let [sum, count] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  const mean = sum / count;
  let [products, squares, before] = [0, 0, Number.NaN];
  for (const value of values) {
    const own = value - mean;
    if (!Number.isNaN(own)) squares += own * own;
    if (!Number.isNaN(own * before)) products += own * before;
    before = own;
  }
  return { products, squares, count };
}

/**
 * By how much the variance of a mean is larger than that of as many independent points, for a series in which each
 * point leans on the one before: (1 + ρ) / (1 − ρ), never under 1. ρ is that of both sides together, corrected for
 * what an estimated mean takes away. Series that are averages over overlapping windows (rate over one minute, asked
 * each 15 s) come out somewhat too careful.
 * Sources: G. Bartlett, Journal of the Royal Statistical Society B 8 (1946); F. Marriott and J. Pope, Bias in the
 * estimation of autocorrelations, Biometrika 41 (1954).
 */
export function varianceInflation(sides: readonly LagSums[]): number {
  let [weighted, count] = [0, 0];
  for (const side of sides) {
    if (!(side.squares > 0)) continue;
    weighted += (side.count * side.products) / side.squares;
    count += side.count;
  }
  if (count === 0) return 1;
  const measured = weighted / count;
  const perSide = count / sides.length;
  const correlation = Math.min(MOST, measured + (1 + 3 * Math.max(0, measured)) / perSide);
  return Math.max(1, (1 + correlation) / (1 - correlation));
}
