import { describe, expect, it } from 'vitest';
import { holdOf, rampSteps } from '@/components/features/ramp.view';

describe('a ramp', () => {
  it('rises in equal steps up to its end', () => {
    expect(rampSteps(0, 50, 4)).toEqual([12.5, 25, 37.5, 50]);
    expect(rampSteps(10, 100, 3)).toEqual([40, 70, 100]);
  });
  it('has no step twice, and none when there is nowhere to rise', () => {
    expect(rampSteps(0, 0.2, 5)).toEqual([0.1, 0.2]);
    expect(rampSteps(50, 50, 4)).toEqual([]);
  });
  it('lasts as long as was asked, though no step is over before it began', () => {
    expect(holdOf(120, [12.5, 25, 37.5, 50])).toBe(1_800);
    expect(holdOf(120, [50, 100])).toBe(7_200);
    expect(holdOf(0, [50])).toBe(5);
  });
});
