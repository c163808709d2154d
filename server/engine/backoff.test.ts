import { expect, it } from 'vitest';
import { backoffMs } from '@/server/engine/backoff';

it('doubles up to the cap', () => {
  const longest = (failures: number) => backoffMs(failures, 100, 1_000, () => 1);

  expect([1, 2, 3, 4, 5, 500].map(longest)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
});

it('never waits less than half of it', () => {
  expect(backoffMs(3, 100, 1_000, () => 0)).toBe(200);
});
