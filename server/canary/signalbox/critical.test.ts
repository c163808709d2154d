import { expect, it } from 'vitest';
import { criticalFor } from '@/server/canary/signalbox/critical';

const growing = (previousPoints: readonly number[], plannedPoints?: number) =>
  plannedPoints === undefined
    ? ({ window: 'growing', previousPoints } as const)
    : ({ window: 'growing', previousPoints, plannedPoints } as const);
const EVERY_SIX = [6, 12, 18, 24, 30, 36, 42, 48, 54];

it('is that of one test when there is only one look', () => {
  expect(criticalFor(60, undefined)(60)).toBeCloseTo(2.3263, 4);
});

it('asks for more with every way to look more than once', () => {
  const last = criticalFor(60, growing(EVERY_SIX, 60))(60);
  expect(last).toBeGreaterThan(2.7);
  expect(last).toBeLessThan(3);
  expect(criticalFor(6, growing([], 60))(6)).toBeLessThan(3.1);
  expect(criticalFor(60, growing(EVERY_SIX))(60)).toBeGreaterThan(last);
  expect(criticalFor(20, { window: 'sliding', previousPoints: [20, 20] })(20)).toBeGreaterThan(2.9);
});

it('does not punish a look without new points, or hundreds of them in a moment', () => {
  const once = criticalFor(60, growing([30], 60))(60);
  expect(criticalFor(60, growing([30, 30, 30, 60], 60))(60)).toBe(once);
  const often = Array.from({ length: 500 }, (_, at) => 30 + at / 1_000);
  expect(criticalFor(60, growing(often, 60))(60)).toBeCloseTo(once, 2);
});

it('goes on beyond the plan at a price', () => {
  const beyond = criticalFor(90, growing([...EVERY_SIX, 60], 60))(90);
  expect(beyond).toBeGreaterThan(criticalFor(60, growing(EVERY_SIX, 60))(60));
  expect(beyond).toBeLessThan(4);
});
