import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RuleList, ruleListSchema } from '@/server/domain/toggle-rules';
import { shareOf } from '@/server/toggles/rules/shares';
import { needlessMoves, steadied } from '@/server/toggles/rules/steady';

type Buckets = readonly (readonly [string, number])[];
const split = (buckets: Buckets, by: string | null = null) => ({
  kind: 'split',
  by,
  buckets: buckets.map(([variant, weight]) => ({ variant, weight })),
});
const list = (buckets: Buckets, by: string | null = null): RuleList =>
  ruleListSchema.parse({ rules: [], otherwise: split(buckets, by) });
const bucketsOf = ({ otherwise }: RuleList) =>
  otherwise?.kind === 'split' ? otherwise.buckets.map(({ variant, weight }) => [variant, weight]) : null;

describe('rules with buckets in another order', () => {
  it.each<[string, Buckets, Buckets, Buckets]>([
    [
      'grow where they were',
      [
        ['on', 10],
        ['off', 90],
      ],
      [
        ['off', 75],
        ['on', 25],
      ],
      [
        ['on', 25],
        ['off', 75],
      ],
    ],
    [
      'shrink from the end',
      [
        ['on', 25],
        ['off', 75],
      ],
      [
        ['off', 90],
        ['on', 10],
      ],
      [
        ['on', 10],
        ['off', 90],
      ],
    ],
    [
      'make room for a third at the cost of whom shrinks',
      [
        ['red', 20],
        ['blue', 30],
        ['off', 50],
      ],
      [
        ['off', 20],
        ['blue', 40],
        ['red', 40],
      ],
      [
        ['red', 20],
        ['blue', 40],
        ['red', 20],
        ['off', 20],
      ],
    ],
    [
      'in other units',
      [
        ['on', 1],
        ['off', 3],
      ],
      [
        ['off', 50],
        ['on', 50],
      ],
      [
        ['on', 50],
        ['off', 50],
      ],
    ],
  ])('%s', (_name, before, after, expected) => {
    const next = steadied(list(before), list(after));
    expect(needlessMoves(list(before), next)).toEqual([]);
    const shares = (buckets: RuleList) =>
      [...new Set(after.map(([variant]) => variant))].map((variant) => {
        if (buckets.otherwise?.kind !== 'split') throw new Error('no split');
        const { weight, total } = shareOf(buckets.otherwise, variant);
        return weight / total;
      });
    expect(shares(next)).toEqual(shares(list(after)));
    expect(bucketsOf(next)).toEqual(expected);
  });

  it('stay as they were given when nobody moves who need not', () => {
    const given = list([
      ['on', 3],
      ['off', 1],
    ]);
    expect(
      steadied(
        list([
          ['on', 10],
          ['off', 90],
        ]),
        given,
      ),
    ).toEqual(given);
    expect(steadied(null, given)).toEqual(given);
  });

  it('never move anyone out of a variant that does not shrink', () => {
    const weights = fc.array(
      fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 1_000 })),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(weights, weights, (before, after) => {
        const next = steadied(list(before), list(after));
        expect(needlessMoves(list(before), next)).toEqual([]);
      }),
    );
  });
});

it('tells who would lose a variant that does not shrink', () => {
  const before = list([
    ['on', 10],
    ['off', 90],
  ]);
  expect(
    needlessMoves(
      before,
      list([
        ['off', 75],
        ['on', 25],
      ]),
    ),
  ).toEqual([
    { from: 'on', to: 'off', percent: 10 },
    { from: 'off', to: 'on', percent: 25 },
  ]);
  expect(
    needlessMoves(
      before,
      list([
        ['on', 5],
        ['off', 95],
      ]),
    ),
  ).toEqual([]);
  expect(
    needlessMoves(
      before,
      list(
        [
          ['on', 10],
          ['off', 90],
        ],
        'company',
      ),
    ),
  ).toBeNull();
});

it('compares the splits of a rule as long as it is about the same people', () => {
  const rule = (value: string, buckets: Buckets): RuleList =>
    ruleListSchema.parse({
      rules: [{ conditions: [{ operator: 'equals', attribute: 'plan', value }], serve: split(buckets) }],
      otherwise: null,
    });
  const before = rule('pro', [
    ['on', 10],
    ['off', 90],
  ]);
  expect(
    needlessMoves(
      before,
      rule('pro', [
        ['off', 90],
        ['on', 10],
      ]),
    )?.length,
  ).toBeGreaterThan(0);
  expect(
    needlessMoves(
      before,
      rule('free', [
        ['off', 90],
        ['on', 10],
      ]),
    ),
  ).toEqual([]);
});
