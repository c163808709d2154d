import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Targeting } from '@/server/domain/toggles';
import { compile, evaluate } from '@/server/toggles/evaluate';
import { rolloutOf, withRollout } from '@/server/toggles/rules/rollout';
import { targetingKeys } from '@/server/toggles/testing/flags';

const KEYS = targetingKeys(1_000);
const plain = { targeting: null, defaultVariant: 'off' };
const everyone = { rule: null, variant: 'on' };

function reached(targeting: Targeting, defaultVariant = 'off'): Set<string> {
  const variants = { on: 1, off: 2, other: 3 };
  const set = compile({ flags: { flag: { state: 'ENABLED', variants, defaultVariant, targeting } } });
  return new Set(KEYS.filter((targetingKey) => evaluate(set, 'flag', { targetingKey }).variant === 'on'));
}

it('a ramp from nothing to all never moves anyone out', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 6 }), (steps) => {
      let definition: { targeting: Targeting | null; defaultVariant: string } = plain;
      let before = new Set<string>();
      for (const percent of [...steps.toSorted((a, b) => a - b), 100]) {
        const targeting = withRollout(definition, { ...everyone, percent });
        expect(rolloutOf(targeting, null, 'on')).toBeCloseTo(percent, 2);
        const now = reached(targeting);
        expect([...before].filter((key) => !now.has(key))).toEqual([]);
        expect(Math.abs(now.size / KEYS.length - percent / 100)).toBeLessThan(0.06);
        [definition, before] = [{ ...definition, targeting }, now];
      }
      expect(before.size).toBe(KEYS.length);
    }),
    { numRuns: 25 },
  );
}, 30_000);

it('goes on from a split in coarse units without moving anyone', () => {
  const targeting = {
    fractional: [
      ['other', 1],
      ['on', 1],
      ['off', 1],
    ],
  };
  const definition = { targeting, defaultVariant: 'off' };
  const third = rolloutOf(targeting, null, 'on') ?? 0;
  const same = withRollout(definition, { ...everyone, percent: third });
  expect(reached(same)).toEqual(reached(targeting));
  expect(rolloutOf(withRollout(definition, { ...everyone, percent: 50 }), null, 'on')).toBeCloseTo(50, 2);
  expect(() => withRollout(definition, { ...everyone, percent: 70 })).toThrow('“on” can reach 66 % at most');
});

it('begins where a rule or everyone has one variant', () => {
  const targeting = { if: [{ in: [{ var: 'plan' }, ['pro']] }, 'on', null] };
  const inRule = withRollout({ ...plain, targeting }, { rule: 0, variant: 'on', percent: 30 });
  expect(inRule).toEqual({
    if: [
      { in: [{ var: 'plan' }, ['pro']] },
      {
        fractional: [
          ['on', 30_000],
          ['off', 70_000],
        ],
      },
      null,
    ],
  });
  const inElse = withRollout({ ...plain, targeting }, { ...everyone, percent: 0.5 });
  expect(inElse).toMatchObject({
    if: [
      {},
      'on',
      {
        fractional: [
          ['on', 500],
          ['off', 99_500],
        ],
      },
    ],
  });
  expect(rolloutOf(inElse, null, 'on')).toBe(0.5);
  expect(rolloutOf(inElse, 0, 'on')).toBeNull();
  expect(rolloutOf(targeting, null, 'on')).toBeNull();
});

it.each([
  ['by hand', { targeting: { cat: ['on'] }, defaultVariant: 'off' }, everyone, 'written by hand'],
  ['no rule', plain, { ...everyone, rule: 3 }, 'There is no rule 4'],
  ['nobody else', { ...plain, defaultVariant: null }, everyone, 'Say which variant the others get'],
  ['itself', { ...plain, defaultVariant: 'on' }, everyone, 'Say which variant the others get'],
  [
    'a third',
    { targeting: { if: [true, 'other', null] }, defaultVariant: 'off' },
    { ...everyone, rule: 0 },
    'Everyone gets “other” there',
  ],
  [
    'no weight',
    { targeting: { fractional: [['on', 0]] }, defaultVariant: 'off' },
    everyone,
    'weight to nobody',
  ],
])('is refused with a sentence: %s', (_, definition, rollout, sentence) => {
  expect(() => withRollout(definition, { ...rollout, percent: 50 })).toThrow(sentence);
});
