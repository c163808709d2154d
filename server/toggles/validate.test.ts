import { describe, expect, it } from 'vitest';
import { isAppError } from '@/server/domain/errors';
import type { Segment } from '@/server/domain/toggles';
import { compile } from '@/server/toggles/evaluate';
import { toggleOf } from '@/server/toggles/testing/flags';
import { checkFile, parseText } from '@/server/toggles/validate';
import { checkFlag } from '@/server/toggles/validate/validate-flag';
import { segmentIssues, toggleIssues } from '@/server/toggles/validate/validate-toggle';

const BOOLEAN = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' };
const STAFF = { staff: { ends_with: [{ var: 'email' }, '@corp.test'] } };
const age = { var: 'age' };

function issuesOf(change: object): string[] {
  const check = checkFlag('flag', { ...BOOLEAN, ...change }, STAFF);
  return check.issues.map(({ path, message }) => `${path}: ${message}`);
}

describe('a flag is refused with the place and the reason', () => {
  const noOther = 'there is no variant “other”; the variants are on, off';
  it.each([
    [{ state: 'ON' }, 'state: must be ENABLED or DISABLED'],
    [{ variants: undefined }, 'variants: must be an object with a value under every variant'],
    [{ variants: {} }, 'variants: needs at least one variant'],
    [{ variants: { on: true, off: [] } }, 'variants.off: must be true, false, text, a number or an object'],
    [
      { variants: { on: true, off: 'no' } },
      'variants.off: is a string, while “on” is a boolean; all variants of a flag have one type',
    ],
    [{ defaultVariant: 'other' }, `defaultVariant: ${noOther}`],
    [{ metadata: { owner: null } }, 'metadata.owner: must be true, false, text or a number'],
  ])('%o', (change, expected) => {
    expect(issuesOf(change)).toEqual([expected]);
  });

  it.each<[object, string]>([
    [{ if: [{ IN: [age, [1]] }, 'on'] }, 'if[0].IN: unknown operator “IN”; did you mean “in”?'],
    [{ if: [{ starts_wiht: [age, 'a'] }, 'on'] }, 'if[0].starts_wiht: unknown operator “starts_wiht”'],
    [
      { if: [{ startswith: [age, 'a'] }, 'on'] },
      'if[0].startswith: unknown operator “startswith”; did you mean “starts_with”?',
    ],
    [
      { if: [{ semver: [age, '=', '1.0.0'] }, 'on'] },
      'if[0].semver: unknown operator “semver”; did you mean “sem_ver”?',
    ],
    [{ if: [{ in: [age] }, 'on'] }, 'if[0].in: takes 2 arguments, not 1'],
    [{ if: [{ in: age }, 'on'] }, 'if[0].in: must be a list of arguments'],
    [{ if: [{ '<': [1, age, 2, 3] }, 'on'] }, 'if[0].<: takes 2 to 3 arguments, not 4'],
    [{ if: [] }, 'if: takes at least 1 argument, not 0'],
    [
      { if: [{ '==': [1, 1], in: [1, [1]] }, 'on'] },
      'if[0]: an expression has one operator, this one has ==, in',
    ],
    [{ if: [{}, 'on'] }, 'if[0]: an empty object decides nothing'],
    [
      { if: [{ in: [age, [1, { VAR: 'x' }]] }, 'on'] },
      'if[0].in[1][1].VAR: unknown operator “VAR”; did you mean “var”?',
    ],
    [
      { if: [{ starts_with: [age, 5] }, 'on'] },
      'if[0].starts_with[1]: must be text or an expression that answers text',
    ],
    [
      { if: [{ '==': [{ var: '$flagd.now' }, 1] }, 'on'] },
      'if[0].==[0].var: flagd gives only $flagd.flagKey and $flagd.timestamp',
    ],
    [{ if: [{ '==': [{ var: 1 }, 1] }, 'on'] }, 'if[0].==[0].var: must name an attribute'],
    [
      { if: [{ sem_ver: [{ var: 'v' }, '>>', '1.0'] }, 'on'] },
      'if[0].sem_ver[1]: must be one of = != > < >= <= ~ ^|if[0].sem_ver[2]: must be a version such as 1.2.3, or {"var": …}',
    ],
    [{ if: [{ $ref: 'stuff' }, 'on'] }, 'if[0].$ref: there is no segment “stuff”'],
    [
      { if: [{ some: [age, { $ref: 'staff' }] }, 'on'] },
      'if[0].some[1].$ref: does not work on the items of a list',
    ],
    [
      { if: [{ filter: [age, { starts_with: [{ var: '' }, 'a'] }] }, 'on'] },
      'if[0].filter[1].starts_with: does not work on the items of a list',
    ],
    [
      {
        fractional: [
          ['on', 10.5],
          ['off', -1],
        ],
      },
      'fractional[0][1]: a weight must be a whole number from 0 on|fractional[1][1]: a weight must be a whole number from 0 on',
    ],
    [
      {
        fractional: [
          ['on', 2_147_483_647],
          ['off', 1],
        ],
      },
      'fractional: the weights add up to 2147483648, more than 2147483647',
    ],
    [
      { fractional: ['on', ['off', 1]] },
      'fractional[0]: must be a variant and its weight, such as ["on", 10]',
    ],
    [{ fractional: [{ var: 'email' }] }, 'fractional: needs at least one bucket'],
    [{ if: [{ $ref: 'staff' }, 'other', 'off'] }, `if[1]: ${noOther}`],
    [{ if: [{ $ref: 'staff' }, 'on', age, { if: [age, 'off', 'other'] }] }, `if[3].if[2]: ${noOther}`],
    [
      {
        fractional: [
          ['on', 1],
          ['other', 1],
        ],
      },
      `fractional[1][0]: ${noOther}`,
    ],
    [{ or: [null, 'other'] }, `or[1]: ${noOther}`],
    [
      { $ref: 'staff' },
      'there is no variant “true”; the variants are on, off|there is no variant “false”; the variants are on, off',
    ],
    [
      { '==': [age, 5] },
      '==: there is no variant “true”; the variants are on, off|==: there is no variant “false”; the variants are on, off',
    ],
  ])('targeting %o', (targeting, expected) => {
    const found = issuesOf({ targeting }).map((text) => text.replace(/^targeting\.?(: )?/, ''));
    expect(found.join('|')).toBe(expected);
  });

  it.each(['', 'a b', 'a/b', '__proto__', '.hidden', 'ü'])('the key “%s”', (key) => {
    expect(checkFlag(key, BOOLEAN).ok).toBe(false);
  });

  it('what objects would use themselves, as a variant', () => {
    const flag: unknown = JSON.parse('{"state":"ENABLED","variants":{"on":true,"__proto__":false}}');
    expect(checkFlag('flag', flag).issues).toEqual([
      { path: 'variants.__proto__', message: 'is a name that objects use themselves' },
    ]);
  });

  it('one that is nested deeper than anyone writes, without running out of stack', () => {
    const deep: unknown = JSON.parse(`${'{"!":['.repeat(20_000)}1${']}'.repeat(20_000)}`);
    expect(issuesOf({ targeting: deep })).toEqual([': is nested too deep']);
    expect(checkFile({ flags: { flag: { ...BOOLEAN, targeting: deep } } }).ok).toBe(false);
    expect(checkFile({ $evaluators: { deep }, flags: {} }).ok).toBe(false);
  });

  it('what flagd cannot compile although its schema lets it pass', () => {
    expect(issuesOf({ targeting: { if: [{ '*': ['a', 'b'] }, 'on'] } })).toEqual([
      'targeting: flagd cannot read it',
    ]);
  });
});

describe('a flag that is right', () => {
  it.each<object>([
    {},
    { targeting: {} },
    { defaultVariant: null },
    { defaultVariant: undefined },
    { variants: { on: { a: [1] }, off: {} } },
    { targeting: { if: [{ $ref: 'staff' }, 'on'] } },
    { targeting: { if: [{ '!': { var: 'x' } }, 'on', null] } },
    {
      targeting: {
        fractional: [{ var: 'email' }, ['on', { '-': [{ var: '$flagd.timestamp' }, 5] }], ['off']],
      },
    },
    { targeting: { if: [{ some: [{ var: 'roles' }, { in: [{ var: '' }, ['a']] }] }, 'on'] } },
    { variants: { true: 1, false: 2 }, defaultVariant: 'true', targeting: { $ref: 'staff' } },
    { unknownField: 'is kept' },
  ])('%o', (change) => {
    expect(issuesOf(change)).toEqual([]);
  });

  it('keeps what is not known here', () => {
    const file = compile({ note: 'x', flags: { flag: { ...BOOLEAN, extra: 1 } } }).file;
    expect(file).toMatchObject({ note: 'x', flags: { flag: { extra: 1 } } });
  });
});

describe('segments', () => {
  const segment = (key: string, condition: Segment['condition']) => ({
    key,
    name: key,
    description: '',
    condition,
  });

  it.each([
    [
      'a circle',
      { a: { '!': [{ $ref: 'b' }] }, b: { '!': [{ $ref: 'a' }] } },
      '$evaluators.a: refers to itself: a → b → a',
    ],
    ['itself', { a: { $ref: 'a' } }, '$evaluators.a: refers to itself: a → a'],
    [
      'one that is not there',
      { a: { '!': [{ $ref: 'b' }] } },
      '$evaluators.a.![0].$ref: there is no segment “b”',
    ],
    ['an unknown operator', { a: { foo: [] } }, '$evaluators.a.foo: unknown operator “foo”'],
    [
      'a quote in the key',
      { 'a"b': { '!': [1] } },
      '$evaluators.a"b: must begin with a letter or digit and hold only letters, digits, dots, dashes and underscores',
    ],
  ])('are refused for %s', (_, $evaluators, expected) => {
    const check = checkFile({ $evaluators, flags: {} });
    expect(check.issues.map(({ path, message }) => `${path}: ${message}`)).toEqual([expected]);
  });

  it('that grow beyond measure are refused before anybody puts them together', () => {
    const doubling = Array.from({ length: 40 }, (_, index) =>
      segment(
        `s${index}`,
        index === 0 ? { '!': [1] } : { and: [{ $ref: `s${index - 1}` }, { $ref: `s${index - 1}` }] },
      ),
    );
    expect(segmentIssues(doubling)[0]?.message).toBe('becomes too large with the segments that it uses');
    expect(segmentIssues(doubling.slice(0, 5))).toEqual([]);
    expect(segmentIssues([segment('a', { '!': [1] }), segment('a', { '!': [1] })])).toEqual([
      { path: 'a', message: 'is there twice' },
    ]);
  });
});

describe('a file', () => {
  it('that is no JSON is refused with a sentence', () => {
    expect(() => parseText('{')).toThrow(/^The flags cannot be used: the file is no JSON: .+\.$/);
    expect(parseText('{}')).toEqual({});
  });

  it('is refused with everything that is wrong in it', () => {
    const flags = { good: BOOLEAN, a: { ...BOOLEAN, defaultVariant: 'x' }, 'b c': BOOLEAN, d: 5 };
    let refused: unknown;
    try {
      compile({ flags });
    } catch (error) {
      refused = error;
    }
    expect(isAppError(refused) && refused.code).toBe('unprocessable');
    expect(String(refused)).toContain('flags.a.defaultVariant: there is no variant “x”');
    expect(checkFile({ flags }).issues.map(({ path }) => path)).toEqual([
      'flags.a.defaultVariant',
      'flags.b c',
      'flags.d',
    ]);
  });
});

describe('a toggle', () => {
  const segments = [{ key: 'staff', name: 'Staff', description: '', condition: STAFF.staff }];
  const check = (toggle = toggleOf('own'), others = [toggleOf('other')]) =>
    toggleIssues(toggle, { toggles: others, segments }).map(({ path, message }) => `${path}: ${message}`);

  it('that is right has no issues', () => {
    const prerequisites = [{ toggle: 'other', variants: ['on'] }];
    const schedule = [{ at: '2026-12-01T09:00:00Z', timeZone: 'Europe/Berlin', set: { on: true } }];
    const targeting = { if: [{ $ref: 'staff' }, 'on'] };
    expect(check(toggleOf('own', { prerequisites, schedule, targeting }))).toEqual([]);
  });

  it.each<[Parameters<typeof toggleOf>[1], string]>([
    [
      { defaultVariant: 'x' },
      'environments.prod.defaultVariant: there is no variant “x”; the variants are on, off',
    ],
    [{ offVariant: 'x' }, 'environments.prod.offVariant: there is no variant “x”; the variants are on, off'],
    [{ targeting: { foo: [] } }, 'environments.prod.targeting.foo: unknown operator “foo”'],
    [
      { targeting: { if: [{ $ref: 'gone' }, 'on'] } },
      'environments.prod.targeting.if[0].$ref: there is no segment “gone”',
    ],
    [
      {
        schedule: [{ at: '2026-12-01T09:00:00Z', timeZone: 'UTC', set: { targeting: { if: [true, 'x'] } } }],
      },
      'environments.prod.schedule[0].set.targeting.if[1]: there is no variant “x”; the variants are on, off',
    ],
    [
      { prerequisites: [{ toggle: 'gone', variants: ['on'] }] },
      'environments.prod.prerequisites[0].toggle: there is no toggle “gone”',
    ],
    [
      { prerequisites: [{ toggle: 'other', variants: ['on', 'x'] }] },
      'environments.prod.prerequisites[0].variants[1]: there is no variant “x”; the variants are on, off',
    ],
    [
      { offVariant: null, prerequisites: [{ toggle: 'other', variants: ['on'] }] },
      'environments.prod.offVariant: is needed with prerequisites: choose what those get who do not meet them',
    ],
    [
      { prerequisites: [{ toggle: 'own', variants: ['on'] }] },
      'environments.prod.prerequisites: lead back to this toggle: own → own',
    ],
  ])('is refused for %o', (definition, expected) => {
    expect(check(toggleOf('own', definition))).toEqual([expected]);
  });

  it('is refused in a circle, in a chain too long, and for one that is elsewhere', () => {
    const needs = (key: string, toggle: string) =>
      toggleOf(key, { prerequisites: [{ toggle, variants: ['on'] }] });
    expect(check(needs('own', 'a'), [needs('a', 'b'), needs('b', 'own')])).toEqual([
      'environments.prod.prerequisites: lead back to this toggle: own → a → b → own',
    ]);
    const chain = Array.from({ length: 6 }, (_, index) => needs(`t${index}`, `t${index + 1}`));
    expect(check(needs('own', 't1'), [...chain, toggleOf('t6')])).toEqual([
      'environments.prod.prerequisites: are a chain of 6 toggles; at most 5 can be followed',
    ]);
    expect(check(needs('own', 't2'), [...chain, toggleOf('t6')])).toEqual([]);
    const elsewhere = toggleOf('there', {}, { environments: {} });
    expect(check(needs('own', 'there'), [elsewhere])).toEqual([
      'environments.prod.prerequisites[0].toggle: “there” is not there in prod',
    ]);
  });

  it('that others need cannot read the whole context', () => {
    const targeting = { if: [{ in: ['a', { cat: [{ var: '' }] }] }, 'on'] };
    const dependent = toggleOf('other', { prerequisites: [{ toggle: 'own', variants: ['on'] }] });
    expect(check(toggleOf('own', { targeting }), [dependent])).toEqual([
      'environments.prod.targeting: reads the whole context, which a prerequisite of other cannot',
    ]);
    expect(check(toggleOf('own', { targeting }))).toEqual([]);
  });
});
