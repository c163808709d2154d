import fc from 'fast-check';
import { expect, it } from 'vitest';
import { alignedGrid, pointsOf, splitGrid } from '@/server/metrics/grid';

const step = fc.integer({ min: 1, max: 600_000 });
const time = fc.integer({ min: 0, max: 4_000_000_000_000 });

it('covers the window on whole steps, with less than a step to spare on either side', () => {
  fc.assert(
    fc.property(time, fc.integer({ min: 1, max: 90_000_000 }), step, (startMs, lengthMs, stepMs) => {
      const grid = alignedGrid(startMs, startMs + lengthMs, stepMs);
      expect(grid.startMs <= startMs && startMs - grid.startMs < stepMs).toBe(true);
      expect(grid.endMs >= startMs + lengthMs && grid.endMs - startMs - lengthMs < stepMs).toBe(true);
      expect(pointsOf(grid, Number.MAX_SAFE_INTEGER)).toBeGreaterThan(0);
    }),
  );
});

it('is the same for windows that begin within one step, so that two sides share it', () => {
  expect(alignedGrid(1_001, 9_999, 1_000)).toEqual(alignedGrid(1_999, 9_001, 1_000));
});

it('splits into parts that follow each other and are no longer than asked', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000 }),
      fc.integer({ min: 1, max: 700 }),
      step,
      (points, most, stepMs) => {
        const grid = { startMs: 0, endMs: points * stepMs, stepMs };
        const parts = splitGrid(grid, most);
        expect(parts.reduce((sum, part) => sum + pointsOf(part, most), 0)).toBe(points);
        expect(parts.slice(1).every((part, index) => part.startMs === parts[index]?.endMs)).toBe(true);
      },
    ),
  );
});

it('says what is wrong with a grid', () => {
  expect(() => pointsOf({ startMs: 1, endMs: 1_001, stepMs: 1_000 }, 10)).toThrow('Align both ends');
  expect(() => pointsOf({ startMs: 0, endMs: 1_000, stepMs: 0 }, 10)).toThrow('Align both ends');
  expect(() => pointsOf({ startMs: 0, endMs: 0, stepMs: 1_000 }, 10)).toThrow('ends before its first point');
  expect(() => pointsOf({ startMs: 0, endMs: 11_000, stepMs: 1_000 }, 10)).toThrow('11 points, and 10');
});
