import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lagSums, varianceInflation } from '@/server/canary/stats/autocorrelation';
import { logShift } from '@/server/canary/stats/log-shift';
import { standardizedRankSum } from '@/server/canary/stats/mann-whitney';
import { ratioOfMeans } from '@/server/canary/stats/ratio-of-means';
import { studentFromNormal, welchDegrees } from '@/server/canary/stats/student';
import { superiority } from '@/server/canary/stats/superiority';
import { tieShare } from '@/server/canary/stats/tie-share';

const sorted = (values: readonly number[]) => Float64Array.from(values).sort();

describe('the ratio of two means', () => {
  it('is held by Fieller’s interval, here by hand', () => {
    // x = 12 ± 1, y = 10 ± 1, 2 standard errors: 96 r² − 240 r + 140 ≤ 0.
    const { lower, upper } = ratioOfMeans({ mean: 12, variance: 1 }, { mean: 10, variance: 1 }, 2);
    const root = Math.sqrt(120 ** 2 - 96 * 140);
    expect(lower).toBeCloseTo((120 - root) / 96, 12);
    expect(upper).toBeCloseTo((120 + root) / 96, 12);
  });

  it('has no upper bound where the baseline could be 0, and none at all where it is', () => {
    const some = { mean: 12, variance: 1 };
    const nothing = { mean: 0, variance: 0 };
    expect(ratioOfMeans(some, { mean: 1, variance: 1 }, 2)).toMatchObject({
      upper: Number.POSITIVE_INFINITY,
    });
    expect(ratioOfMeans(some, { mean: 1, variance: 1 }, 2).lower).toBeGreaterThan(1);
    expect(ratioOfMeans(some, nothing, 2).lower).toBe(Number.POSITIVE_INFINITY);
    expect(ratioOfMeans({ mean: 1, variance: 1 }, nothing, 2).lower).toBe(0);
    expect(ratioOfMeans(nothing, some, 2)).toEqual({ lower: 0, upper: 0 });
  });

  it('turns around with its sides', () => {
    const side = fc.record({
      mean: fc.double({ min: 0.5, max: 100, noNaN: true }),
      variance: fc.double({ min: 0.001, max: 100, noNaN: true }),
    });
    fc.assert(
      fc.property(side, side, (x, y) => {
        const [there, back] = [ratioOfMeans(x, y, 2.5), ratioOfMeans(y, x, 2.5)];
        const product = there.lower * back.upper;
        if (Number.isFinite(product) && there.lower > 0) expect(product).toBeCloseTo(1, 6);
        else expect([there.lower, back.upper]).toEqual([0, Number.POSITIVE_INFINITY]);
      }),
    );
  });
});

describe('Student’s t', () => {
  // Printed tables: the value that is exceeded with chance 0.01.
  it.each([
    [5, 3.365],
    [10, 2.764],
    [30, 2.457],
  ])('with %d degrees', (degrees, expected) => {
    const ratio = studentFromNormal(2.3263478740408408, degrees) / expected;
    expect(ratio).toBeGreaterThan(0.9995);
    expect(ratio).toBeLessThan(1.01);
  });

  it('has the degrees of Welch', () => {
    expect(welchDegrees(1, 9, 1, 9)).toBe(18);
    expect(welchDegrees(0, 9, 1, 4)).toBe(4);
    expect(welchDegrees(0, 9, 0, 4)).toBe(13);
  });
});

describe('the shift of logarithms', () => {
  it('has no bounds where not even complete separation would do', () => {
    const { bounds } = logShift(sorted([10, 11, 12]), sorted([1, 2, 3]), 1);
    expect(bounds(2.3263)).toEqual({ lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY });
    expect(bounds(1).lower).toBeGreaterThan(6.9);
  });

  it('is wider for what leans on its neighbours', () => {
    const [xs, ys] = [sorted([...Array(30).keys()]), sorted([...Array(30).keys()].map((at) => at + 0.5))];
    const width = (inflation: number) => {
      const { lower, upper } = logShift(xs, ys, inflation).bounds(2);
      return upper - lower;
    };
    expect(width(4)).toBeGreaterThan(1.7 * width(1));
  });

  it('ranks what infinite values become last, and comes to an end', () => {
    const infinite = Number.POSITIVE_INFINITY;
    expect(standardizedRankSum(sorted([1, 2, infinite]), sorted([0, 1, 2]), infinite)).toBeLessThan(0.1);
    expect(standardizedRankSum(sorted([1, 2, 3]), sorted([0, 1, infinite]), -infinite)).toBeGreaterThan(0);
  });
});

describe('how alike neighbours are', () => {
  const inflationOf = (...sides: number[][]) => varianceInflation(sides.map(lagSums));

  it('is nothing for what swings from point to point', () => {
    const swinging = Array.from({ length: 40 }, (_, at) => at % 2);
    expect(inflationOf(swinging, swinging)).toBe(1);
  });

  it('is much for what moves slowly, and never without end', () => {
    const slow = Array.from({ length: 60 }, (_, at) => Math.floor(at / 10) % 2);
    expect(inflationOf(slow, slow)).toBeGreaterThan(5);
    expect(inflationOf([...Array(500).keys()])).toBeCloseTo(39, 6);
    expect(inflationOf([1, 1, 1], [2, 2])).toBe(1);
  });

  it('is not told by neighbours with a gap between them', () => {
    const gap = Number.NaN;
    const { products, squares, count } = lagSums([1, gap, -1, gap, 1, gap, -1]);
    expect({ products, squares, count }).toEqual({ products: 0, squares: 4, count: 4 });
  });
});

it('counts the chance of being larger, with an error that never vanishes', () => {
  expect(superiority([2, 3], [1, 2]).estimate).toBe(0.875);
  const apart = superiority([11, 12, 13, 14], [1, 2, 3, 4]);
  expect(apart.estimate).toBe(1);
  expect(apart.standardError).toBeCloseTo(Math.sqrt(9 / 192), 12);
});

it('counts pairs that are equal', () => {
  expect(tieShare([1, 1, 2], [1, 3])).toBeCloseTo(2 / 6, 12);
});
