import { describe, expect, it } from 'vitest';
import {
  inSplitOrder,
  newSplit,
  percentOf,
  restOf,
  variantsOf,
  withPercent,
  withVariant,
} from '@/components/features/split.view';
import type { Split } from '@/server/domain/toggle-rules';
import { movesBetween } from '@/server/toggles/rules/moves';

describe('a percentage split', () => {
  it('begins with everyone where they are', () => {
    const split = newSplit(['on', 'off'], 'off');
    expect(percentOf(split, 'off')).toBe(100);
    expect(percentOf(split, 'on')).toBe(0);
  });
  it('grows without moving anyone out', () => {
    const small = withPercent(newSplit(['on', 'off'], 'off'), 'on', 10, 'off');
    const large = withPercent(small, 'on', 35.5, 'off');
    expect(percentOf(large, 'on')).toBeCloseTo(35.5);
    expect(movesBetween(small, large)).toEqual([{ from: 'off', to: 'on', percent: 25.5 }]);
  });
  it('takes no more than the other has', () => {
    const three = withPercent(newSplit(['a', 'b', 'rest'], 'rest'), 'a', 60, 'rest');
    expect(percentOf(withPercent(three, 'b', 90, 'rest'), 'b')).toBeCloseTo(40);
  });
  it('that was written in coarse weights keeps its thresholds', () => {
    const coarse: Split = {
      kind: 'split',
      by: null,
      buckets: [
        { variant: 'on', weight: 1 },
        { variant: 'off', weight: 3 },
      ],
    };
    expect(movesBetween(coarse, withPercent(coarse, 'on', 30, 'off'))).toEqual([
      { from: 'off', to: 'on', percent: 5 },
    ]);
  });
  it('of weights that are all nothing can still be filled', () => {
    const nobody: Split = {
      kind: 'split',
      by: null,
      buckets: [
        { variant: 'on', weight: 0 },
        { variant: 'off', weight: 0 },
      ],
    };
    expect(percentOf(withPercent(nobody, 'on', 20, 'off'), 'on')).toBeCloseTo(20);
  });
  it('by another attribute cannot say who moves', () => {
    const split = newSplit(['on', 'off'], 'off');
    expect(movesBetween(split, { ...split, by: 'company' })).toBeNull();
  });
  it('takes another variant in at nothing, once', () => {
    const split = withVariant(newSplit(['on', 'off'], 'off'), 'maybe');
    expect(variantsOf(withVariant(split, 'maybe'))).toEqual(['maybe', 'on', 'off']);
    expect(movesBetween(newSplit(['on', 'off'], 'off'), split)).toEqual([]);
  });
});

describe('who gets the feature', () => {
  it('stands first, and what the others get last, whatever is served behind the switch', () => {
    const split = newSplit(inSplitOrder(['off', 'on'], 'off'), 'on');
    expect(variantsOf(split)).toEqual(['on', 'off']);
    expect(percentOf(split, 'on')).toBe(100);
    expect(restOf(split, 'off')).toBe('off');
  });
  it('can be narrowed from everyone to a part, and grows from there without moving anyone out', () => {
    const quarter = withPercent(newSplit(['on', 'off'], 'on'), 'on', 25, 'off');
    expect(percentOf(quarter, 'off')).toBeCloseTo(75);
    expect(movesBetween(quarter, withPercent(quarter, 'on', 40, 'off'))).toEqual([
      { from: 'off', to: 'on', percent: 15 },
    ]);
  });
});

it('the rest goes to the default where it takes part, else to the largest', () => {
  const split = withPercent(newSplit(['on', 'off'], 'off'), 'on', 80, 'off');
  expect(restOf(split, 'off')).toBe('off');
  expect(restOf(split, null)).toBe('on');
});
