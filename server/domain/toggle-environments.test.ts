import { expect, it } from 'vitest';
import { freezeAt, freezeSchema } from '@/server/domain/toggle-environments';

const freeze = (from: string, until: string) => ({ from, until, reason: 'holidays' });
const christmas = freeze('2026-12-20T00:00:00+09:00', '2027-01-03T00:00:00+09:00');
const eve = freeze('2026-12-24T00:00:00Z', '2026-12-25T00:00:00Z');

it('is frozen from the first moment up to the last, without it, in whatever time zone it was said', () => {
  const at = (time: string) => freezeAt([eve, christmas], new Date(time));
  expect(at('2026-12-19T14:59:59Z')).toBeNull();
  expect(at('2026-12-19T15:00:00Z')).toBe(christmas);
  expect(at('2026-12-24T12:00:00Z')).toBe(christmas);
  expect(at('2027-01-02T15:00:00Z')).toBeNull();
});

it('is no freeze that ends before it begins, or that nobody knows the reason of', () => {
  expect(freezeSchema.safeParse(freeze(christmas.until, christmas.from)).error?.issues[0]?.path).toEqual([
    'until',
  ]);
  expect(freezeSchema.safeParse({ ...christmas, reason: ' ' }).success).toBe(false);
});
