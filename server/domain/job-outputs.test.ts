import { expect, it } from 'vitest';
import { outputsIn } from '@/server/domain/job-outputs';

it('takes the JSON object in the last line for outputs, and nothing else', () => {
  expect(outputsIn('working\n{"greeting":"hello"}\n\n')).toEqual({ greeting: 'hello' });
  expect(outputsIn('{"early":1}\ndone\n')).toEqual({});
  expect(outputsIn('{"cut')).toEqual({});
  expect(outputsIn('[1]\n')).toEqual({});
  expect(outputsIn('')).toEqual({});
});
