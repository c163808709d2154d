import { expect, it } from 'vitest';
import { RateLimit } from '@/server/services/toggle-serving/rate-limit';

const rate = { perSecond: 2, burst: 3 };

it('lets a burst through, then as many as the rate, each key by itself', () => {
  let now = 0;
  const limit = new RateLimit(() => now);
  expect([1, 2, 3, 4].map(() => limit.admit('a', rate))).toEqual([0, 0, 0, 1]);
  expect(limit.admit('b', rate)).toBe(0);
  now += 500;
  expect([1, 2].map(() => limit.admit('a', rate))).toEqual([0, 1]);
  now += 3_600_000;
  expect([1, 2, 3, 4].map(() => limit.admit('a', rate))).toEqual([0, 0, 0, 1]);
});
