import { expect, it } from 'vitest';
import { tail } from '@/server/providers/kubernetes/verbs/tail';

it('keeps the end of a long text, from the beginning of a line', () => {
  expect(tail('one\ntwo\nthree', 9)).toBe('three');
  expect(tail('short', 9)).toBe('short');
  expect(tail('x'.repeat(20), 9)).toBe('x'.repeat(9));
});
