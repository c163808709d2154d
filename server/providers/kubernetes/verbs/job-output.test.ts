import { expect, it } from 'vitest';
import { outputsIn, tail } from '@/server/providers/kubernetes/verbs/job-output';

it('takes the JSON object in the last line for outputs, and nothing else', () => {
  expect(outputsIn('working\n{"greeting":"hello"}\n\n')).toEqual({ greeting: 'hello' });
  expect(outputsIn('{"early":1}\ndone\n')).toEqual({});
  expect(outputsIn('{"cut')).toEqual({});
  expect(outputsIn('[1]\n')).toEqual({});
  expect(outputsIn('')).toEqual({});
});

it('keeps the end of a long text, from the beginning of a line', () => {
  expect(tail('one\ntwo\nthree', 9)).toBe('three');
  expect(tail('short', 9)).toBe('short');
  expect(tail('x'.repeat(20), 9)).toBe('x'.repeat(9));
});
