import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Split, splitSchema } from '@/server/domain/toggle-rules';
import { compile, evaluate } from '@/server/toggles/evaluate';
import { shareOf, withShare } from '@/server/toggles/rules/shares';
import { toTargeting } from '@/server/toggles/rules/to-targeting';
import { split, VARIANTS } from '@/server/toggles/testing/arbitraries';
import { targetingKeys } from '@/server/toggles/testing/flags';

const KEYS = targetingKeys(400);

function assignments(own: Split): (string | undefined)[] {
  const targeting = toTargeting({ rules: [], otherwise: own });
  const variants = Object.fromEntries(VARIANTS.map((name) => [name, name]));
  const flag = { state: 'ENABLED', variants, defaultVariant: 'off', targeting };
  const set = compile({ flags: { flag } });
  return KEYS.map(
    (key) => evaluate(set, 'flag', { targetingKey: key, email: key, company: { size: key } }).variant,
  );
}

const of = (...buckets: [string, number][]): Split =>
  splitSchema.parse({ kind: 'split', buckets: buckets.map(([variant, weight]) => ({ variant, weight })) });
const listed = ({ buckets }: Split) => buckets.map(({ variant, weight }) => [variant, weight]);

describe('a share', () => {
  it.each<[string, Split, [string, number, string], [string, number][]]>([
    [
      'grows',
      of(['on', 10], ['off', 90]),
      ['on', 25, 'off'],
      [
        ['on', 25],
        ['off', 75],
      ],
    ],
    [
      'shrinks',
      of(['on', 25], ['off', 75]),
      ['on', 10, 'off'],
      [
        ['on', 10],
        ['off', 90],
      ],
    ],
    [
      'grows to all',
      of(['on', 10], ['off', 90]),
      ['on', 100, 'off'],
      [
        ['on', 100],
        ['off', 0],
      ],
    ],
    [
      'shrinks to nothing',
      of(['on', 10], ['off', 90]),
      ['on', 0, 'off'],
      [
        ['on', 0],
        ['off', 100],
      ],
    ],
    [
      'grows from nothing',
      of(['on', 0], ['off', 100]),
      ['on', 5, 'off'],
      [
        ['on', 5],
        ['off', 95],
      ],
    ],
    [
      'of a new variant begins',
      of(['off', 100]),
      ['on', 5, 'off'],
      [
        ['on', 5],
        ['off', 95],
      ],
    ],
    [
      'grows past a third',
      of(['a', 10], ['b', 10], ['off', 80]),
      ['a', 20, 'off'],
      [
        ['a', 10],
        ['b', 10],
        ['a', 10],
        ['off', 70],
      ],
    ],
    [
      'shrinks past a third',
      of(['a', 10], ['b', 10], ['a', 10], ['off', 70]),
      ['a', 5, 'off'],
      [
        ['a', 5],
        ['off', 5],
        ['b', 10],
        ['off', 80],
      ],
    ],
    [
      'that stays',
      of(['on', 10], ['off', 90]),
      ['on', 10, 'off'],
      [
        ['on', 10],
        ['off', 90],
      ],
    ],
  ])('%s', (_, before, [variant, weight, against], expected) => {
    const after = withShare(before, variant, weight, against);
    expect(listed(after)).toEqual(expected);
    expect(shareOf(after, variant)).toEqual({ weight, total: shareOf(before, variant).total });
  });

  it('cannot be more than there is, less than nothing, or in parts', () => {
    const own = of(['on', 10], ['off', 90]);
    for (const weight of [-1, 101, 1.5])
      expect(() => withShare(own, 'on', weight, 'off')).toThrow(RangeError);
    expect(() => withShare(own, 'on', 20, 'other')).toThrow(RangeError);
    expect(() => withShare(own, 'on', 5, 'on')).toThrow(RangeError);
  });

  it('that changes moves people only between the two, and only in one direction', () => {
    fc.assert(
      fc.property(
        split,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(...VARIANTS),
        (own, part, variant) => {
          const against = VARIANTS.find((one) => one !== variant) ?? 'off';
          const [now, most] = [shareOf(own, variant).weight, shareOf(own, against).weight];
          const weight = Math.floor(part * (now + most));
          const [before, after] = [assignments(own), assignments(withShare(own, variant, weight, against))];
          const [loser, winner] = weight >= now ? [against, variant] : [variant, against];
          // Without any weight there are no buckets: everyone has the default.
          const moved = before.flatMap((was, at) => (was === after[at] ? [] : [`${was} → ${after[at]}`]));
          expect(new Set([...moved, `${loser} → ${winner}`]).size).toBe(1);
        },
      ),
      { numRuns: 40 },
    );
  }, 30_000);

  it('that grew and shrank again is where it was', () => {
    fc.assert(
      fc.property(fc.nat({ max: 100 }), fc.nat({ max: 100 }), fc.nat({ max: 80 }), (a, b, more) => {
        const own = of(['a', a], ['b', b], ['off', 100]);
        const back = withShare(withShare(own, 'a', a + more, 'off'), 'a', a, 'off');
        const plain = own.buckets.map(({ variant }) => variant);
        expect(plain.map((variant) => shareOf(back, variant))).toEqual(
          plain.map((variant) => shareOf(own, variant)),
        );
        expect(listed(back).filter(([, weight]) => weight !== 0)).toEqual(
          listed(own).filter(([, weight]) => weight !== 0),
        );
      }),
    );
  });

  it('of ten percent is about that, and everyone stays while it grows to all', () => {
    let own = of(['on', 0], ['off', 100_000]);
    let before = assignments(own);
    for (const percent of [1, 5, 10, 25, 50, 100]) {
      own = withShare(own, 'on', percent * 1_000, 'off');
      const after = assignments(own);
      expect(before.every((was, at) => was !== 'on' || after[at] === 'on')).toBe(true);
      before = after;
    }
    expect(new Set(before)).toEqual(new Set(['on']));
    const many = targetingKeys(20_000);
    const variants = { on: true, off: false };
    const targeting = toTargeting({ rules: [], otherwise: of(['on', 10], ['off', 90]) });
    const set = compile({ flags: { flag: { state: 'ENABLED', variants, targeting } } });
    const reached = many.filter(
      (targetingKey) => evaluate(set, 'flag', { targetingKey }).variant === 'on',
    ).length;
    expect(reached / many.length).toBeCloseTo(0.1, 2);
  });
});
