import { describe, expect, it } from 'vitest';
import { percentagesOf, rampSeconds } from '@/components/features/ramp.view';

describe('the steps of a ramp', () => {
  it.each([
    ['10, 25, 50, 100', [10, 25, 50, 100]],
    [' 5 % 50 % ', [5, 50]],
    ['0.5;1', [0.5, 1]],
  ])('reads %j', (text, numbers) => {
    expect(percentagesOf(text)).toEqual(numbers);
  });
  it.each(['', 'soon', '50, 25', '10, 10', '0, 10', '10, 101', '-5'])('refuses %j', (text) => {
    expect(percentagesOf(text)).toBeNull();
  });
  it('takes as long as its steps, but for the one that is all of them', () => {
    expect(rampSeconds([10, 50, 100], 60)).toBe(120);
    expect(rampSeconds([10, 50], 60)).toBe(120);
  });
});
