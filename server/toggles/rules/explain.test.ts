import { createTranslator } from 'use-intl/core';
import { describe, expect, it } from 'vitest';
import type { Message } from '@/server/domain/message';
import english from '@/server/domain/messages/en.json';
import korean from '@/server/domain/messages/ko.json';
import type { RuleList } from '@/server/domain/toggle-rules';
import type { EvaluationContext, Segment, Toggle } from '@/server/domain/toggles';
import { compileEnvironment } from '@/server/toggles/environment/compile-environment';
import { compile } from '@/server/toggles/evaluate';
import { describeCondition } from '@/server/toggles/rules/describe-condition';
import { explain } from '@/server/toggles/rules/explain';
import { toTargeting } from '@/server/toggles/rules/to-targeting';
import { targetingKeys, toggleOf } from '@/server/toggles/testing/flags';

const errors: string[] = [];
const [inEnglish, inKorean] = (
  [
    ['en', english],
    ['ko', korean],
  ] as const
).map(([locale, messages]) => {
  const texts = Object.fromEntries(
    Object.entries(messages.toggle).flatMap(([part, own]) =>
      Object.entries(own).map(([key, text]) => [`${part}/${key}`, text]),
    ),
  );
  const translate = createTranslator<Record<string, string>>({
    locale,
    messages: texts,
    timeZone: 'UTC',
    onError: (error) => errors.push(error.message),
  });
  return ({ key, values }: Message) => translate(key.replace('toggle.', '').replace('.', '/'), values);
});

const STAFF: Segment = {
  key: 'staff',
  name: 'Staff',
  description: '',
  condition: { ends_with: [{ var: 'email' }, '@corp.test'] },
};
const NOW = new Date('2026-11-21T10:00:00Z');

function explained(toggles: Toggle[], context: EvaluationContext, versions: Record<string, string[]> = {}) {
  const input = { environment: 'prod', toggles, segments: [STAFF], facts: { versions }, now: NOW };
  const compiled = compileEnvironment(input);
  return explain(compiled, compile(compiled.file), 'a', context);
}

const split = (by: string | null, on: number): RuleList['otherwise'] => ({
  kind: 'split',
  by,
  buckets: [
    { variant: 'on', weight: on },
    { variant: 'off', weight: 100 - on },
  ],
});
const LIST: RuleList = {
  rules: [
    {
      match: 'all',
      conditions: [
        { operator: 'inSegment', segment: 'staff' },
        { operator: 'equals', attribute: 'plan', value: 'pro' },
      ],
      serve: { kind: 'variant', variant: 'on' },
    },
    {
      match: 'any',
      conditions: [
        { operator: 'less', attribute: 'age', value: 18 },
        { operator: 'equals', attribute: 'company.size', value: 5 },
      ],
      serve: { kind: 'variant', variant: 'off' },
    },
    {
      match: 'all',
      conditions: [{ operator: 'equals', attribute: 'plan', value: 'free' }],
      serve: split('email', 100) ?? { kind: 'variant', variant: 'on' },
    },
  ],
  otherwise: split(null, 100),
};
const ruled = toggleOf('a', { targeting: toTargeting(LIST) });

describe('the sentence', () => {
  const base = (definition: object) => toggleOf('base', definition);
  const needs = { defaultVariant: 'on', prerequisites: [{ toggle: 'base', variants: ['on'] }] };
  const version = { versionRequirement: { application: 'catalog', minimum: '1.1.0' } };
  const at = '2026-11-20T08:00:00Z';
  it.each<[Toggle[], EvaluationContext, string]>([
    [[ruled], { email: 'a@corp.test', plan: 'pro' }, 'Rule 1 matches: they get “on”.'],
    [[ruled], { age: 5 }, 'Rule 2 matches: they get “off”.'],
    [
      [ruled],
      { plan: 'free', email: 'b@other.test' },
      'Rule 3 matches, and they lie at 59.3 % of its split: they get “on”.',
    ],
    [[ruled], { plan: 'free' }, 'Rule 3 matches, but without email they cannot be split: they get “off”.'],
    [
      [ruled],
      { targetingKey: 'u' },
      'No rule decides before the split, and they lie at 31.5 % of it: they get “on”.',
    ],
    [
      [ruled],
      {},
      'People are split by their targeting key, and this context has none: applications use the default in their code.',
    ],
    [
      [ruled],
      { age: 'young' },
      "It cannot be evaluated, so applications use the default in their code: Error evaluating targeting rule for flag 'a'.",
    ],
    [
      [toggleOf('a', { targeting: toTargeting({ rules: [], otherwise: split('email', 5) }) })],
      {},
      'No rule decides before the split, and without email they cannot be split: they get “off”.',
    ],
    [
      [toggleOf('a', { targeting: toTargeting({ rules: LIST.rules, otherwise: null }) })],
      {},
      'No rule matches: they get “off”.',
    ],
    [
      [
        toggleOf('a', {
          targeting: toTargeting({ rules: LIST.rules, otherwise: { kind: 'variant', variant: 'on' } }),
        }),
      ],
      {},
      'No rule matches; all others get “on”.',
    ],
    [[toggleOf('a')], {}, 'There are no rules: everyone gets “off”.'],
    [
      [toggleOf('a', { defaultVariant: null })],
      {},
      'There are no rules: everyone gets the default in the code.',
    ],
    [
      [toggleOf('a', { targeting: { cat: ['o', 'n'] } })],
      {},
      'Its targeting, written by hand, answers “on”.',
    ],
    [[toggleOf('a', { on: false })], {}, 'It is switched off here: everyone gets “off”.'],
    [
      [toggleOf('a', { on: false, offVariant: null })],
      {},
      'It is switched off here: everyone gets the default in the code.',
    ],
    [
      [toggleOf('a', { schedule: [{ at, timeZone: 'UTC', set: { on: false } }] })],
      {},
      'The schedule switched it off on Nov 20, 2026 8:00 AM: everyone gets “off”.',
    ],
    [
      [toggleOf('a', {}, { expiresAt: at, onExpiry: 'off' })],
      {},
      'It expired on Nov 20, 2026 8:00 AM and is off: everyone gets “off”.',
    ],
    [
      [toggleOf('a', version)],
      {},
      'It waits until catalog 1.1.0 or later runs here; nothing of it runs now: everyone gets “off”.',
    ],
    [
      [toggleOf('a', needs), base({ targeting: { if: [{ $ref: 'staff' }, 'on'] } })],
      {},
      'It needs “base” to be on, and they get “off” there: they get “off”.',
    ],
    [
      [toggleOf('a', needs), base({ defaultVariant: null, targeting: { if: [{ $ref: 'staff' }, 'on'] } })],
      {},
      'It needs “base” to be on, and they get the default in the code there: they get “off”.',
    ],
    [
      [toggleOf('a', needs), base({})],
      {},
      'It needs “base” to be on, and everyone gets “off” there: everyone gets “off”.',
    ],
    [
      [toggleOf('a', needs)],
      {},
      'It needs “base” to be on, and that is off or not here: everyone gets “off”.',
    ],
    [[toggleOf('b')], {}, 'There is no toggle “a” here.'],
  ])('%#', (toggles, context, expected) => {
    const { summary } = explained(toggles, context);
    expect(inEnglish?.(summary)).toBe(expected);
    expect(inKorean?.(summary)).toMatch(/[가-힣]/);
    expect(errors).toEqual([]);
  });

  it('names the versions that run', () => {
    const { summary } = explained([toggleOf('a', version)], {}, { catalog: ['1.0.0', '1.1.0'] });
    expect(inEnglish?.(summary)).toBe(
      'It waits until catalog 1.1.0 or later is all that runs here, where 1.0.0, 1.1.0 runs now: everyone gets “off”.',
    );
  });
});

describe('the rules', () => {
  it('say which conditions held and what the context had, up to the one that decided', () => {
    const { rules, evaluation } = explained([ruled], { email: 'a@corp.test', age: 17, targetingKey: 'u' });
    expect(evaluation.variant).toBe('off');
    const told = rules?.map(({ number, isMatch, conditions }) => ({
      number,
      isMatch,
      conditions: conditions.map(({ isMet, text, actual }) =>
        [isMet, inEnglish?.(text), actual && inEnglish?.(actual)].join(', '),
      ),
    }));
    expect(told).toEqual([
      {
        number: 1,
        isMatch: false,
        conditions: ['true, is in the segment staff, ', 'false, plan is pro, there is no plan'],
      },
      {
        number: 2,
        isMatch: true,
        conditions: [
          'true, age is less than 18, age is 17',
          'false, company.size is 5, there is no company.size',
        ],
      },
      { number: 3, isMatch: null, conditions: ['false, plan is free, there is no plan'] },
    ]);
  });

  it('are not told where the targeting was written by hand', () => {
    expect(explained([toggleOf('a', { targeting: { cat: ['o', 'n'] } })], {}).rules).toBeNull();
  });

  it('put people where the split puts them', () => {
    const toggle = toggleOf('a', { targeting: toTargeting({ rules: [], otherwise: split(null, 30) }) });
    for (const targetingKey of targetingKeys(60)) {
      const { place, evaluation } = explained([toggle], { targetingKey });
      expect(place?.by).toBeNull();
      expect(evaluation.variant).toBe((place?.percent ?? 100) < 30 ? 'on' : 'off');
    }
  });

  it('tell what of the prerequisites is met', () => {
    const half = {
      fractional: [
        ['on', 50],
        ['off', 50],
      ],
    };
    const prerequisites = ['b', 'c'].map((toggle) => ({ toggle, variants: ['on'] }));
    const toggles = [
      toggleOf('a', { prerequisites }),
      toggleOf('b', { targeting: half }),
      toggleOf('c', { targeting: half }),
    ];
    const seen = new Set<string>();
    for (const targetingKey of targetingKeys(60)) {
      const { prerequisites: told, evaluation } = explained(toggles, { targetingKey });
      for (const { served, isMet } of told) expect(isMet).toBe(served === 'on');
      if (told.every(({ isMet }) => isMet)) expect(evaluation.reason).toBe('TARGETING_MATCH');
      seen.add(told.map(({ isMet }) => isMet).join());
    }
    expect(seen.size).toBe(4);
  });
});

it('every condition has its words in both languages', () => {
  const attribute = 'x';
  const texts = [
    ...(['equals', 'notEquals', 'looselyEquals', 'looselyNotEquals'] as const).map((operator) => ({
      operator,
      attribute,
      value: '',
    })),
    ...(['in', 'notIn'] as const).map((operator) => ({ operator, attribute, values: [1, true] })),
    ...(['contains', 'notContains', 'startsWith', 'endsWith'] as const).map((operator) => ({
      operator,
      attribute,
      value: 'v',
    })),
    ...(['greater', 'greaterOrEqual', 'less', 'lessOrEqual'] as const).map((operator) => ({
      operator,
      attribute,
      value: 5,
    })),
    { operator: 'version' as const, attribute, comparison: '>=' as const, value: '1.0.0' },
    ...(['inSegment', 'notInSegment'] as const).map((operator) => ({ operator, segment: 's' })),
  ].map(describeCondition);
  for (const translate of [inEnglish, inKorean]) {
    const said = texts.map((text) => translate?.(text));
    // The loose ones are said as the others.
    expect(new Set(said).size).toBe(texts.length - 2);
  }
  expect(errors).toEqual([]);
});
