import { expect, it } from 'vitest';
import { isStorable, storable } from '@/server/domain/storable';

it('tells what the database cannot keep from what merely looks strange', () => {
  expect(['a\u0000b', 'a\ud800', '\udc00'].map(isStorable)).toEqual([false, false, false]);
  expect(['', 'a\\u0000b', '신호', '🚦', '\ufffd'].map(isStorable)).toEqual([true, true, true, true, true]);
});

it('puts the sign for a lost character where one cannot be kept, in keys too, at any depth', () => {
  const given = { 'k\u0000': ['a\u0000b', { deep: '\ud83d and 🚦' }], fine: 1 };
  expect(storable(given)).toEqual({ 'k\ufffd': ['a\ufffdb', { deep: '\ufffd and 🚦' }], fine: 1 });
});

it('answers what is fine as it is', () => {
  const given = { at: new Date(0), list: [1, null, 'x'], none: undefined };
  expect(storable(given)).toBe(given);
});
