import { describe, expect, it } from 'vitest';
import { openEndedSpending, pocockSpending, spendingBoundaries } from '@/server/canary/stats/alpha-spending';
import { normalQuantile, normalUpperTail } from '@/server/canary/stats/normal';
import { mixtureBoundary, slidingBoundary } from '@/server/canary/stats/sequential';

const FIVE = [0.2, 0.4, 0.6, 0.8, 1];
const rounded = (values: readonly number[]) => values.map((value) => Number(value.toFixed(3)));

describe('the boundaries of planned looks', () => {
  // As printed by Lan and DeMets' program and the R package ldbounds, for 0.05 in two directions.
  it('are those published for spending like Pocock', () => {
    expect(rounded(spendingBoundaries(pocockSpending(0.025), FIVE))).toEqual([
      2.438, 2.427, 2.41, 2.397, 2.386,
    ]);
  });

  it('are those published for spending like O’Brien and Fleming', () => {
    const spending = (t: number) => 2 * normalUpperTail(normalQuantile(0.0125) / Math.sqrt(t));
    expect(rounded(spendingBoundaries(spending, FIVE))).toEqual([4.877, 3.357, 2.68, 2.29, 2.031]);
  });

  it('are that of one test for one look', () => {
    expect(spendingBoundaries(pocockSpending(0.01), [1])[0]).toBeCloseTo(2.3263, 4);
  });

  it('leave the boundaries before a look as they are, wherever the next look is', () => {
    const spending = pocockSpending(0.01);
    const [first, second] = spendingBoundaries(spending, [0.3, 0.5]);
    expect(spendingBoundaries(spending, [0.3, 0.9])[0]).toBe(first);
    expect(spendingBoundaries(spending, [0.3, 0.5, 0.7, 1])[1]).toBe(second);
  });

  it('go on beyond the plan, and spend no more than there is', () => {
    const spending = openEndedSpending(0.01);
    expect(spending(1)).toBeCloseTo(0.009, 10);
    expect(spending(1e9)).toBeCloseTo(0.01, 10);
    const beyond = spendingBoundaries(spending, [0.5, 1, 1.5, 2]);
    expect(beyond.every((boundary) => boundary > 2.5 && boundary < 4)).toBe(true);
  });
});

describe('the boundary of unplanned looks', () => {
  it('is lowest where it was asked to be, at √(1 + v) with v = ln(1 + v) − 2 ln α', () => {
    const lowest = mixtureBoundary(0.02, 30, 30);
    const v = lowest ** 2 - 1;
    expect(v).toBeCloseTo(Math.log1p(v) - 2 * Math.log(0.02), 9);
    expect(mixtureBoundary(0.02, 25, 30)).toBeGreaterThan(lowest);
    expect(mixtureBoundary(0.02, 35, 30)).toBeGreaterThan(lowest);
  });

  it('is the place where the mixture of likelihood ratios is 1 / α', () => {
    // The mixture over N(0, ρ²) of exp(θS − θ²t/2) is exp(S²ρ²/2(1 + tρ²)) / √(1 + tρ²).
    const [alpha, points] = [0.05, 80];
    const z = mixtureBoundary(alpha, points, 30);
    const lowest = mixtureBoundary(alpha, 30, 30) ** 2 - 1;
    const v = (points / 30) * lowest;
    expect(Math.exp((z ** 2 * v) / (2 * (1 + v))) / Math.sqrt(1 + v)).toBeCloseTo(1 / alpha, 6);
  });

  it('rises hardly with the points', () => {
    expect(mixtureBoundary(0.02, 1_440, 30)).toBeLessThan(1.15 * mixtureBoundary(0.02, 30, 30));
  });
});

it('gives all looks of a sliding window no more than alpha together', () => {
  let spent = 0;
  for (let look = 1; look <= 200; look += 1) spent += 2 * normalUpperTail(slidingBoundary(0.02, look));
  expect(spent).toBeLessThan(0.02);
  expect(spent).toBeGreaterThan(0.019);
});

describe('the normal distribution', () => {
  // Abramowitz and Stegun, table 26.2.
  it.each([
    [0, 0.5],
    [1, 0.158655254],
    [1.959963985, 0.025],
    [2.326347874, 0.01],
    [3.5, 0.000232629],
    [-1, 0.841344746],
  ])('is exceeded beyond %d with chance %d', (z, tail) => {
    expect(normalUpperTail(z)).toBeCloseTo(tail, 6);
    if (z > 0) expect(normalQuantile(tail)).toBeCloseTo(z, 5);
  });
});
