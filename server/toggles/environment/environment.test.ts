import { describe, expect, it } from 'vitest';
import type { Segment, Toggle } from '@/server/domain/toggles';
import { compileEnvironment } from '@/server/toggles/environment/compile-environment';
import { isAtLeast, isVersionMet } from '@/server/toggles/environment/version-requirement';
import { compile, evaluate } from '@/server/toggles/evaluate';
import { targetingKeys, toggleOf } from '@/server/toggles/testing/flags';

const NOW = new Date('2026-11-21T10:00:00Z');
const STAFF: Segment = {
  key: 'staff',
  name: 'Staff',
  description: '',
  condition: { ends_with: [{ var: 'email' }, '@corp.test'] },
};

function compiled(
  toggles: Toggle[],
  {
    segments = [STAFF],
    versions = {},
    now = NOW,
  }: { segments?: Segment[]; versions?: Record<string, string[]>; now?: Date } = {},
) {
  const input = { environment: 'prod', toggles, segments, facts: { versions }, now };
  const result = compileEnvironment(input);
  return { ...result, set: compile(result.file) };
}

const half = {
  fractional: [
    ['on', 50],
    ['off', 50],
  ],
};
const later = (at: string, set: object) => ({ at, timeZone: 'Europe/Berlin', set });

describe('a toggle becomes a flag', () => {
  it('that is plain flagd', () => {
    const toggle = toggleOf(
      'a',
      { targeting: { if: [{ $ref: 'staff' }, 'on'] } },
      { metadata: { team: 'web' } },
    );
    const { file, standings } = compiled([toggle, toggleOf('elsewhere', {}, { environments: {} })]);
    expect(file).toEqual({
      $schema: 'https://flagd.dev/schema/v0/flags.json',
      $evaluators: { staff: STAFF.condition },
      flags: {
        a: {
          state: 'ENABLED',
          variants: { on: true, off: false },
          defaultVariant: 'off',
          targeting: { if: [{ $ref: 'staff' }, 'on'] },
          metadata: { team: 'web' },
        },
      },
    });
    expect([...standings.keys()]).toEqual(['a']);
    expect(standings.get('a')?.held).toBeNull();
  });

  it.each([
    [
      'with its off variant',
      'off',
      { state: 'ENABLED', defaultVariant: 'off' },
      { variant: 'off', reason: 'STATIC' },
    ],
    ['without one', null, { state: 'DISABLED' }, { reason: 'DISABLED' }],
  ])('that is switched off, %s', (_, offVariant, flag, answer) => {
    const toggle = toggleOf('a', { on: false, offVariant, defaultVariant: 'on', targeting: half });
    const { file, set, standings } = compiled([toggle]);
    expect(file.flags.a).toMatchObject(flag);
    expect(evaluate(set, 'a', { targetingKey: 'u' })).toMatchObject(answer);
    expect(standings.get('a')?.held).toEqual({ kind: 'off', since: null });
  });

  it('has only the segments that are used, each without references of its own', () => {
    const nested = {
      key: 'outside',
      name: 'Outside',
      description: '',
      condition: { '!': [{ $ref: 'staff' }] },
    };
    const toggle = toggleOf('a', { targeting: { if: [{ $ref: 'outside' }, 'on'] } });
    // Before what it refers to, where one pass over the text would leave the reference as it is.
    for (const segments of [
      [STAFF, nested],
      [nested, STAFF],
    ]) {
      const { file, set } = compiled([toggle], { segments });
      expect(file.$evaluators).toEqual({ outside: { '!': [STAFF.condition] } });
      expect(evaluate(set, 'a', { email: 'x@other.test' }).variant).toBe('on');
      expect(evaluate(set, 'a', { email: 'x@corp.test' }).variant).toBe('off');
    }
  });

  it('holds a segment itself when providers would misread its text', () => {
    const condition = { in: [{ var: 'code' }, ['$&', "$'", '$$']] };
    const odd = { key: 'odd', name: 'Odd', description: '', condition };
    const { file, set } = compiled([toggleOf('a', { targeting: { if: [{ $ref: 'odd' }, 'on'] } })], {
      segments: [odd, STAFF],
    });
    expect(file.$evaluators).toBeUndefined();
    for (const code of ['$&', "$'", '$$']) expect(evaluate(set, 'a', { code }).variant).toBe('on');
  });
});

describe('a schedule', () => {
  const toggle = toggleOf('a', {
    on: false,
    schedule: [
      later('2026-11-22T09:00:00+01:00', { targeting: half }),
      later('2026-11-21T11:00:00+01:00', { on: true, defaultVariant: 'on' }),
      later('2026-11-23T09:00:00+01:00', { on: false }),
    ],
  });

  it.each([
    ['2026-11-21T09:59:59Z', { variant: 'off', reason: 'STATIC' }, '2026-11-21T10:00:00.000Z'],
    ['2026-11-21T10:00:00Z', { variant: 'on', reason: 'STATIC' }, '2026-11-22T08:00:00.000Z'],
    ['2026-11-22T08:00:00Z', { reason: 'TARGETING_MATCH' }, '2026-11-23T08:00:00.000Z'],
    ['2026-11-23T08:00:00Z', { variant: 'off', reason: 'STATIC' }, undefined],
  ])('at %s', (now, answer, next) => {
    const { set, nextChangeAt } = compiled([toggle], { now: new Date(now) });
    expect(evaluate(set, 'a', { targetingKey: 'u' })).toMatchObject(answer);
    expect(nextChangeAt?.toISOString()).toBe(next);
  });

  it('says since when it has been off', () => {
    const { standings } = compiled([toggle], { now: new Date('2026-12-01T00:00:00Z') });
    expect(standings.get('a')?.held).toEqual({ kind: 'off', since: '2026-11-23T09:00:00+01:00' });
  });
});

describe('an expiry', () => {
  const expiresAt = '2026-11-21T12:00:00Z';
  const on = { defaultVariant: 'on' };

  it('only reports, unless it shall switch off', () => {
    const reporting = toggleOf('a', on, { expiresAt });
    const ending = toggleOf('b', on, { expiresAt, onExpiry: 'off' });
    const before = compiled([reporting, ending]);
    expect(before.nextChangeAt?.toISOString()).toBe('2026-11-21T12:00:00.000Z');
    expect(evaluate(before.set, 'b', {}).variant).toBe('on');
    const after = compiled([reporting, ending], { now: new Date(expiresAt) });
    expect(after.nextChangeAt).toBeNull();
    expect(evaluate(after.set, 'a', {}).variant).toBe('on');
    expect(evaluate(after.set, 'b', {}).variant).toBe('off');
    expect(after.standings.get('b')?.held).toEqual({ kind: 'expired', at: expiresAt });
  });
});

describe('a required version', () => {
  it.each([
    ['1.1.0', '1.1.0', true],
    ['1.0.9', '1.1.0', false],
    ['1.10.0', '1.9.0', true],
    ['1.1.0-rc.1', '1.1.0', false],
    ['v1.2', '1.1.0', true],
    ['sha-3f2a', '1.1.0', false],
  ])('%s is at least %s: %s', (version, minimum, expected) => {
    expect(isAtLeast(version, minimum)).toBe(expected);
  });

  it.each([
    ['all', ['1.1.0', '1.2.0'], true],
    ['all', ['1.0.0', '1.2.0'], false],
    ['any', ['1.0.0', '1.2.0'], true],
    ['any', ['1.0.0'], false],
    ['all', [], false],
    ['any', [], false],
  ] as const)('of %s among %o: %s', (coverage, running, expected) => {
    expect(isVersionMet({ application: 'catalog', minimum: '1.1.0', coverage }, running)).toBe(expected);
  });

  it('holds the toggle until it runs', () => {
    const versionRequirement = { application: 'catalog', minimum: '1.1.0' };
    const toggle = toggleOf('a', { defaultVariant: 'on', versionRequirement });
    const early: Record<string, string[]>[] = [{}, { catalog: ['1.0.0'] }, { other: ['1.1.0'] }];
    for (const versions of early) {
      const { set, standings } = compiled([toggle], { versions });
      expect(evaluate(set, 'a', {}).variant).toBe('off');
      expect(standings.get('a')?.held?.kind).toBe('version');
    }
    expect(evaluate(compiled([toggle], { versions: { catalog: ['1.1.0'] } }).set, 'a', {}).variant).toBe(
      'on',
    );
  });
});

describe('a prerequisite', () => {
  const needs = (key: string, toggle: string, variants = ['on'], more = {}) =>
    toggleOf(key, { defaultVariant: 'on', prerequisites: [{ toggle, variants }], ...more });

  it.each<[string, Toggle[], string | null]>([
    ['that is on for all', [toggleOf('base', { defaultVariant: 'on' })], null],
    ['that is off for all', [toggleOf('base', { defaultVariant: 'off' })], 'off'],
    ['that is switched off', [toggleOf('base', { on: false, defaultVariant: 'on' })], 'off'],
    ['that is left to the code', [toggleOf('base', { on: false, offVariant: null })], 'none'],
    ['that is not here', [], 'none'],
    ['without default', [toggleOf('base', { defaultVariant: null })], 'none'],
  ])('%s costs no targeting', (_, others, served) => {
    const { file, set, standings } = compiled([needs('a', 'base'), ...others]);
    expect(file.flags.a?.targeting).toBeUndefined();
    expect(file.$evaluators).toBeUndefined();
    expect(evaluate(set, 'a', {}).variant).toBe(served === null ? 'on' : 'off');
    const held = standings.get('a')?.held;
    expect(held?.kind === 'prerequisite' ? (held.served ?? 'none') : null).toBe(served);
  });

  const numbers = { variants: { true: true, false: false } };
  it.each<[string, Toggle, string[]]>([
    ['a split', toggleOf('base', { targeting: half }), ['on']],
    ['several of its variants', toggleOf('base', { targeting: half }), ['on', 'off']],
    [
      'rules before a split',
      toggleOf('base', { targeting: { if: [{ $ref: 'staff' }, 'on', half] } }),
      ['on'],
    ],
    ['rules without else', toggleOf('base', { targeting: { if: [{ $ref: 'staff' }, 'on'] } }), ['off']],
    [
      'a split in a split',
      toggleOf('base', {
        targeting: {
          fractional: [
            [half, 70],
            ['off', 30],
          ],
        },
      }),
      ['on'],
    ],
    [
      'a split by the flag’s key',
      toggleOf('base', {
        targeting: {
          fractional: [{ cat: [{ var: '$flagd.flagKey' }, { var: 'email' }] }, ['on', 50], ['off', 50]],
        },
      }),
      ['on'],
    ],
    [
      'an answer of true and false',
      toggleOf('base', { offVariant: 'false', defaultVariant: 'false', targeting: STAFF.condition }, numbers),
      ['true'],
    ],
    [
      'the other of the two',
      toggleOf('base', { offVariant: 'false', defaultVariant: 'false', targeting: STAFF.condition }, numbers),
      ['false'],
    ],
    [
      'an answer put together',
      toggleOf('base', { targeting: { cat: ['o', { if: [{ $ref: 'staff' }, 'n', 'ff'] }] } }),
      ['on'],
    ],
    [
      'no default to fall back to',
      toggleOf('base', { defaultVariant: null, targeting: { if: [{ $ref: 'staff' }, 'on'] } }),
      ['on'],
    ],
    [
      'the key in a list’s test',
      toggleOf('base', {
        targeting: {
          if: [{ some: [['x', { var: 'email' }], { in: ['@corp', { var: '' }] }] }, half, 'off'],
        },
      }),
      ['on'],
    ],
  ])('by %s is met by exactly those who get it', (_, base, variants) => {
    const { set } = compiled([needs('a', 'base', variants), base]);
    let met = 0;
    for (const [index, targetingKey] of targetingKeys(500).entries()) {
      const email = index % 3 === 0 ? `${targetingKey}@corp.test` : targetingKey;
      const context = { targetingKey, email };
      const served = evaluate(set, 'base', context).variant ?? 'none';
      const expected = variants.includes(served) ? 'on' : 'off';
      expect([context, evaluate(set, 'a', context).variant]).toEqual([context, expected]);
      if (expected === 'on') met++;
    }
    expect(met).toBeGreaterThan(0);
  });

  it('by a split is the default variant for those who cannot be split, as flagd has it', () => {
    for (const served of ['on', 'off']) {
      const { set } = compiled([
        needs('a', 'base'),
        toggleOf('base', { defaultVariant: served, targeting: half }),
      ]);
      expect(evaluate(set, 'a', {}).variant).toBe(served);
    }
  });

  it('of a prerequisite counts as well, and the own rules come after it', () => {
    const { set, file } = compiled([
      needs('c', 'b', ['on'], { defaultVariant: 'off', targeting: { if: [{ $ref: 'staff' }, 'on', half] } }),
      needs('b', 'a', ['on'], { targeting: half, defaultVariant: 'off' }),
      toggleOf('a', { targeting: half }),
    ]);
    expect(Object.keys(file.$evaluators ?? {}).toSorted()).toEqual([
      'prerequisite.a',
      'prerequisite.b',
      'staff',
    ]);
    const seen = new Set<string>();
    for (const targetingKey of targetingKeys(500)) {
      const [a, b, c] = ['a', 'b', 'c'].map((key) => evaluate(set, key, { targetingKey }).variant);
      if (a === 'off') expect(b).toBe('off');
      if (b === 'off') expect(c).toBe('off');
      seen.add(`${a} ${b} ${c}`);
    }
    expect(seen).toEqual(new Set(['off off off', 'on off off', 'on on off', 'on on on']));
  });

  it('does not take the name of a segment', () => {
    const segment = { ...STAFF, key: 'prerequisite.base' };
    const targeting = { if: [{ $ref: 'prerequisite.base' }, 'on', 'off'] };
    const { file } = compiled(
      [needs('a', 'base', ['on'], { targeting }), toggleOf('base', { targeting: half })],
      {
        segments: [segment],
      },
    );
    expect(Object.keys(file.$evaluators ?? {}).toSorted()).toEqual([
      'prerequisite.base',
      'prerequisite.base_',
    ]);
    expect(file.$evaluators?.['prerequisite.base']).toEqual(STAFF.condition);
  });

  it('in a circle, or one that no targeting can hold, is refused with a sentence', () => {
    expect(() => compiled([needs('a', 'b'), needs('b', 'a')])).toThrow(
      'needs itself by its prerequisites: a → b → a',
    );
    const whole = toggleOf('base', { targeting: { if: [{ in: ['a', { cat: [{ var: '' }] }] }, 'on'] } });
    expect(() => compiled([needs('a', 'base'), whole])).toThrow(
      'flags.base.targeting: reads the whole context',
    );
    const gone = toggleOf('base', { targeting: { if: [{ $ref: 'gone' }, 'on'] } });
    expect(() => compiled([needs('a', 'base'), gone])).toThrow('There is no segment “gone”');
  });
});
