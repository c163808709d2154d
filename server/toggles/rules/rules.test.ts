import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Condition,
  conditionsSchema,
  type RuleList,
  ruleListSchema,
} from '@/server/domain/toggle-rules';
import type { Targeting } from '@/server/domain/toggles';
import { compile, evaluate } from '@/server/toggles/evaluate';
import { fromLogic } from '@/server/toggles/rules/condition-from-logic';
import { toLogic, toSegment } from '@/server/toggles/rules/condition-to-logic';
import { fromTargeting } from '@/server/toggles/rules/from-targeting';
import { areMet } from '@/server/toggles/rules/probe';
import { toTargeting } from '@/server/toggles/rules/to-targeting';
import { context, ruleList, SEGMENTS, VARIANTS } from '@/server/toggles/testing/arbitraries';
import { targetingKeys } from '@/server/toggles/testing/flags';

const $evaluators = {
  staff: { ends_with: [{ var: 'email' }, '@corp.test'] },
  beta: { '===': [{ var: 'plan' }, 'pro'] },
};

function setOf(targeting: Targeting | null) {
  const variants = Object.fromEntries(VARIANTS.map((name) => [name, name]));
  const flag = { state: 'ENABLED', variants, defaultVariant: 'off', ...(targeting && { targeting }) };
  return compile({ $evaluators, flags: { flag } });
}

/** Compiling takes its time on a machine that does other work too. */
const PROPERTY_MS = 30_000;

describe('rules and targeting', () => {
  it(
    'read back exactly, and are always right',
    () => {
      fc.assert(
        fc.property(ruleList, (list) => {
          expect(ruleListSchema.parse(list)).toEqual(list);
          const targeting = toTargeting(list);
          expect(fromTargeting(targeting)).toEqual(list);
          expect(toTargeting(list)).toEqual(targeting);
          setOf(targeting);
        }),
        { numRuns: 100 },
      );
    },
    PROPERTY_MS,
  );

  it(
    'read back what they wrote after a trip through text',
    () => {
      fc.assert(
        fc.property(ruleList, (list) => {
          const text = JSON.stringify(toTargeting(list));
          const targeting = JSON.parse(text) as Targeting | null;
          const again = toTargeting(fromTargeting(targeting) ?? { rules: [], otherwise: null });
          expect(JSON.stringify(again)).toBe(text);
        }),
        { numRuns: 100 },
      );
    },
    PROPERTY_MS,
  );

  it(
    'the first rule whose conditions hold decides',
    () => {
      fc.assert(
        fc.property(ruleList, context, (list, who) => {
          const found = evaluate(setOf(toTargeting(list)), 'flag', who);
          const verdicts = list.rules.map((rule) => areMet(rule, $evaluators, who));
          const failsAt = verdicts.indexOf(null);
          const decidedAt = verdicts.indexOf(true);
          if (failsAt >= 0 && (decidedAt < 0 || failsAt < decidedAt)) {
            expect(found.reason).toBe('ERROR');
            return;
          }
          const serve = decidedAt >= 0 ? list.rules[decidedAt]?.serve : list.otherwise;
          if (!serve)
            expect(found).toMatchObject({
              variant: 'off',
              reason: expect.not.stringMatching('TARGETING_MATCH'),
            });
          else if (serve.kind === 'variant') expect(found.variant).toBe(serve.variant);
          else expect(serve.buckets.map(({ variant }) => variant).concat('off')).toContain(found.variant);
        }),
        { numRuns: 100 },
      );
    },
    PROPERTY_MS,
  );

  it.each<[string, Targeting, RuleList]>([
    [
      'an if in the else',
      { if: [{ $ref: 'staff' }, 'on', { if: [{ $ref: 'beta' }, 'other', 'off'] }] },
      {
        rules: [
          rule({ operator: 'inSegment', segment: 'staff' }, 'on'),
          rule({ operator: 'inSegment', segment: 'beta' }, 'other'),
        ],
        otherwise: { kind: 'variant', variant: 'off' },
      },
    ],
    [
      'no else, brackets left out, a name in brackets',
      { if: [{ '!': { in: [{ var: ['plan'] }, ['a']] } }, true] },
      { rules: [rule({ operator: 'notIn', attribute: 'plan', values: ['a'] }, 'true')], otherwise: null },
    ],
    ['nothing', {}, { rules: [], otherwise: null }],
    [
      'weights left out',
      { fractional: [['on'], ['off']] },
      {
        rules: [],
        otherwise: {
          kind: 'split',
          by: null,
          buckets: [
            { variant: 'on', weight: 1 },
            { variant: 'off', weight: 1 },
          ],
        },
      },
    ],
  ])('%s is read, too', (_, targeting, expected) => {
    expect(fromTargeting(targeting)).toEqual(expected);
  });

  it.each<Targeting>([
    { '==': [{ var: 'a' }, 1] },
    { if: [{ '>': [{ var: 'age' }, 18] }, 'on'] },
    { if: [{ and: [{ '!==': [{ var: 'b' }, null] }, { '>': [{ var: 'a' }, 5] }] }, 'on'] },
    { if: [{ and: [{ $ref: 'staff' }, { or: [{ $ref: 'beta' }, { $ref: 'staff' }] }] }, 'on'] },
    { if: [{ in: [{ var: 'a' }, { var: 'b' }] }, 'on'] },
    { if: [{ '===': [{ var: ['a', 'default'] }, 1] }, 'on'] },
    { if: [{ '===': [{ var: 'a' }, null] }, 'on'] },
    { if: [{ $ref: 'staff' }, { cat: ['o', 'n'] }] },
    { if: [{ $ref: 'staff' }, null, 'on'] },
    { fractional: [{ var: 'email' }, ['on', 1], ['off', 1]] },
    {
      fractional: [
        ['on', { var: 'weight' }],
        ['off', 1],
      ],
    },
    {
      if: [
        { '!!': [{ var: 'a' }] },
        { fractional: [{ cat: [{ var: '$flagd.flagKey' }, { var: 'b' }] }, ['on', 1]] },
        null,
      ],
    },
    { if: ['on'] },
    { or: [null, 'on'] },
  ])('is not read where rules cannot say it: %o', (targeting) => {
    expect(fromTargeting(targeting)).toBeNull();
  });
});

function rule(condition: Condition, variant: string): RuleList['rules'][number] {
  return { match: 'all', conditions: [condition], serve: { kind: 'variant', variant } };
}

describe('a condition', () => {
  const holds = (condition: Condition, who: object) =>
    areMet({ match: 'all', conditions: [condition] }, $evaluators, { targetingKey: 'u', ...who });

  it.each<[Condition, object[], object[]]>([
    [
      { operator: 'equals', attribute: 'a', value: 5 },
      [{ a: 5 }],
      [{ a: '5' }, { a: [5] }, { a: {} }, { a: null }, {}],
    ],
    [{ operator: 'notEquals', attribute: 'a', value: 5 }, [{ a: 6 }, { a: '5' }, {}], [{ a: 5 }]],
    [{ operator: 'looselyEquals', attribute: 'a', value: 5 }, [{ a: 5 }, { a: '5' }], [{ a: 6 }, {}]],
    [{ operator: 'looselyNotEquals', attribute: 'a', value: 5 }, [{ a: 6 }, {}], [{ a: '5' }]],
    [
      { operator: 'in', attribute: 'a', values: ['x', 5] },
      [{ a: 'x' }, { a: 5 }],
      [{ a: 'y' }, { a: '5' }, { a: null }, {}],
    ],
    [{ operator: 'notIn', attribute: 'a', values: ['x'] }, [{ a: 'y' }, {}], [{ a: 'x' }]],
    [
      { operator: 'contains', attribute: 'a', value: 'b' },
      [{ a: 'abc' }, { a: ['b'] }],
      [{ a: 'xyz' }, { a: ['bb'] }, {}],
    ],
    [{ operator: 'notContains', attribute: 'a', value: 'b' }, [{ a: 'xyz' }, {}], [{ a: 'abc' }]],
    [{ operator: 'startsWith', attribute: 'a', value: 'ab' }, [{ a: 'abc' }], [{ a: 'cab' }, {}]],
    [{ operator: 'endsWith', attribute: 'a', value: 'bc' }, [{ a: 'abc' }], [{ a: 'bca' }, {}, { a: 5 }]],
    [
      { operator: 'greater', attribute: 'a', value: -1 },
      [{ a: 0 }, { a: '3' }],
      [{ a: -1 }, { a: null }, {}],
    ],
    [{ operator: 'greaterOrEqual', attribute: 'a', value: 0 }, [{ a: 0 }], [{ a: -1 }, {}]],
    [{ operator: 'less', attribute: 'a', value: 18 }, [{ a: 17 }], [{ a: 18 }, { a: null }, {}]],
    [{ operator: 'lessOrEqual', attribute: 'a', value: 18 }, [{ a: 18 }], [{ a: 19 }, {}]],
    [
      { operator: 'version', attribute: 'a', comparison: '>=', value: '1.2.0' },
      [{ a: '1.2.0' }, { a: 'v1.10' }, { a: 2 }],
      [{ a: '1.1.9' }, { a: 'x' }, {}],
    ],
    [
      { operator: 'version', attribute: 'a', comparison: '~', value: '1.2.0' },
      [{ a: '1.2.9' }],
      [{ a: '1.3.0' }],
    ],
    [
      { operator: 'version', attribute: 'a', comparison: '^', value: '1.2.0' },
      [{ a: '1.0.0' }],
      [{ a: '2.0.0' }],
    ],
    [
      { operator: 'inSegment', segment: 'staff' },
      [{ email: 'a@corp.test' }],
      [{ email: 'a@other.test' }, {}],
    ],
    [{ operator: 'notInSegment', segment: 'staff' }, [{}], [{ email: 'a@corp.test' }]],
    [
      { operator: 'equals', attribute: 'a.b', value: true },
      [{ a: { b: true } }],
      [{ 'a.b': true }, { a: true }],
    ],
  ])('%o', (condition, met, unmet) => {
    for (const who of met) expect([who, holds(condition, who)]).toEqual([who, true]);
    for (const who of unmet) expect([who, holds(condition, who)]).toEqual([who, false]);
  });

  it('says so when flagd cannot compare', () => {
    expect(holds({ operator: 'greater', attribute: 'a', value: 5 }, { a: 'much' })).toBeNull();
    expect(holds({ operator: 'contains', attribute: 'a', value: 'b' }, { a: 5 })).toBeNull();
  });

  it('of none, everyone; as a segment, too', () => {
    const everyone = conditionsSchema.parse({ conditions: [] });
    expect(toSegment(everyone)).toEqual({ '!!': [true] });
    expect(fromLogic(toSegment(everyone))).toEqual(everyone);
    expect(fromLogic(toLogic(everyone))).toEqual(everyone);
    const targeting = { if: [{ $ref: 'all' }, 'on'] };
    const flag = { state: 'ENABLED', variants: { on: true }, targeting };
    const set = compile({ $evaluators: { all: toSegment(everyone) }, flags: { flag } });
    expect(evaluate(set, 'flag', {}).variant).toBe('on');
    expect(SEGMENTS).toHaveLength(2);
  });
});

describe('a split by an attribute', () => {
  it('gives the default to those who lack it, and never lumps them together', () => {
    const buckets = [
      { variant: 'on', weight: 99 },
      { variant: 'other', weight: 1 },
    ];
    const set = setOf(toTargeting({ rules: [], otherwise: { kind: 'split', by: 'company', buckets } }));
    for (const targetingKey of targetingKeys(200)) {
      expect(evaluate(set, 'flag', { targetingKey })).toMatchObject({ variant: 'off', reason: 'DEFAULT' });
      const [a, b] = ['x', 'y'].map((key) =>
        evaluate(set, 'flag', { targetingKey: key, company: targetingKey }),
      );
      expect(a?.variant).toBe(b?.variant);
      expect(a?.variant).not.toBe('off');
    }
  });
});
