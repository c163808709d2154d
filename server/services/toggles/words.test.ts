import { createTranslator } from 'use-intl/core';
import { describe, expect, it } from 'vitest';
import { message } from '@/server/domain/message';
import english from '@/server/domain/messages/en.json';
import korean from '@/server/domain/messages/ko.json';
import { type Toggle, type ToggleDefinition, toggleDefinitionSchema } from '@/server/domain/toggles';
import { renderEnglish } from '@/server/services/shared/render-english';
import { definitionChanges, detailChanges } from '@/server/services/toggles/changes';
import { servingOf } from '@/server/services/toggles/serving';
import { compileEnvironment } from '@/server/toggles/environment/compile-environment';
import { toggleOf } from '@/server/toggles/testing/flags';

const NOW = new Date('2026-11-21T10:00:00Z');
const PARTS = ['serves', 'next', 'change', 'field', 'request', 'stale', 'import'] as const;

function served(definition: Partial<ToggleDefinition>, more: Partial<Toggle> = {}, others: Toggle[] = []) {
  const toggles = [toggleOf('a', { defaultVariant: 'on', ...definition }, more), ...others];
  const input = { environment: 'prod', toggles, segments: [], facts: { versions: {} }, now: NOW };
  const standing = compileEnvironment(input).standings.get('a');
  if (!standing) throw new Error('no standing');
  return servingOf(standing);
}
const split = (on: number, off: number) => ({
  fractional: [
    ['on', on],
    ['off', off],
  ],
});
const rule = [{ '===': [{ var: 'plan' }, 'pro'] }, 'on'];

describe('what a toggle serves, in words', () => {
  it.each<[string, Parameters<typeof served>, string]>([
    ['off', [{ on: false }], 'Switched off: everyone gets “off”.'],
    [
      'off, left to the code',
      [{ on: false, offVariant: null }],
      'Switched off: everyone gets the default in the code.',
    ],
    ['on for all', [{}], 'Everyone gets “on”.'],
    ['a split', [{ targeting: split(1, 3) }], 'Split: “on” 25 %, “off” 75 %.'],
    ['a split that gives all to one', [{ targeting: split(1, 0) }], 'Everyone gets “on”.'],
    [
      'rules before a split',
      [{ targeting: { if: [...rule, split(1, 1)] } }],
      'One rule decides; all others get “on” 50 %, “off” 50 %.',
    ],
    ['rules alone', [{ targeting: { if: rule } }], 'One rule decides; all others get “on”.'],
    [
      'by hand',
      [{ targeting: { if: [{ '%': [{ var: 'n' }, 2] }, 'on'] } }],
      'By targeting that was written by hand.',
    ],
    [
      'a version that does not run',
      [{ versionRequirement: { application: 'catalog', minimum: '1.1.0', coverage: 'all' } }],
      'Waits for catalog 1.1.0, none of which runs here: everyone gets “off”.',
    ],
    [
      'a prerequisite that is off',
      [{ prerequisites: [{ toggle: 'b', variants: ['on'] }] }, {}, [toggleOf('b', { on: false })]],
      'Waits for “b” to be on: everyone gets “off”.',
    ],
    [
      'a prerequisite for some',
      [
        { prerequisites: [{ toggle: 'b', variants: ['on'] }] },
        {},
        [toggleOf('b', { targeting: split(1, 1) })],
      ],
      'By its rules, for those for whom b allows it.',
    ],
    [
      'an expiry that has come',
      [{}, { expiresAt: '2026-11-21T09:00:00Z', onExpiry: 'off' }],
      'Expired on Nov 21, 2026 9:00 AM: everyone gets “off”.',
    ],
  ])('%s', (_name, input, says) => {
    // Newer versions of the time's format have a narrow space.
    expect(renderEnglish(served(...input).sentence).replaceAll('\u202f', ' ')).toBe(says);
  });

  it('tells what the clock will do next', () => {
    const schedule = [{ at: '2026-11-22T10:00:00Z', timeZone: 'UTC', set: { on: true } }];
    expect(served({ on: false, schedule }).next?.sentence).toEqual(
      message('toggle.next.schedule', { at: Date.parse('2026-11-22T10:00:00Z'), what: 'on' }),
    );
    const expiring = { expiresAt: '2026-11-23T10:00:00Z', onExpiry: 'off' as const };
    expect(served({}, expiring).next?.sentence.key).toBe('toggle.next.expiry');
    expect(served({}).next).toBeNull();
  });
});

describe('what changed, in words', () => {
  const definition = (more: object) =>
    toggleDefinitionSchema.parse({ on: true, offVariant: 'off', defaultVariant: 'off', ...more });

  it.each<[string, object, object, string[]]>([
    ['nothing', {}, {}, []],
    ['a percentage', { targeting: split(1, 9) }, { targeting: split(1, 3) }, ['“on” from 10 % to 25 %']],
    ['a first percentage', {}, { targeting: split(1, 3) }, ['“on” from 0 % to 25 %']],
    ['a last one', { targeting: split(1, 3) }, {}, ['“on” from 25 % to 0 %']],
    ['rules', {}, { targeting: { if: rule } }, ['Other targeting: one rule']],
    [
      'much at once',
      {},
      { on: false, defaultVariant: 'on', prerequisites: [{ toggle: 'b', variants: ['on'] }] },
      ['Switched off', 'Default variant from off to on', 'One prerequisite'],
    ],
  ])('%s', (_name, before, after, says) => {
    expect(definitionChanges(definition(before), definition(after)).map(renderEnglish)).toEqual(says);
  });

  it('an environment that is new or gone, and details', () => {
    const one = definition({});
    expect(definitionChanges(null, one).map(renderEnglish)).toEqual(['Added to the environment, on']);
    expect(definitionChanges(one, null).map(renderEnglish)).toEqual(['Taken out of the environment']);
    const details = {
      name: 'A',
      description: '',
      application: null,
      kind: 'release' as const,
      tags: [],
      owner: null,
      expiresAt: null,
      onExpiry: 'report' as const,
      variants: { on: true },
      metadata: {},
      archived: false,
    };
    expect(detailChanges(null, details).map(renderEnglish)).toEqual(['Created']);
    const after = { ...details, name: 'B', archived: true };
    expect(detailChanges(details, after).map(renderEnglish)).toEqual(['Archived', 'Other name']);
  });
});

describe.each([
  ['en', english],
  ['ko', korean],
] as const)('the sentences in %s', (locale, catalogue) => {
  it.each(PARTS)('of toggle.%s are whole', (part) => {
    const texts: Record<string, string> = { ...catalogue.toggle[part] };
    expect(Object.keys(texts)).toEqual(Object.keys(english.toggle[part]));
    const errors: string[] = [];
    const translate = createTranslator<Record<string, string>>({
      locale,
      messages: texts,
      timeZone: 'UTC',
      onError: (error) => errors.push(error.message),
    });
    for (const [key, text] of Object.entries(texts)) {
      const names = [...text.matchAll(/\{(\w+)(?=[,}])/g)].map(([, name = '']) => name);
      const numbers = new Set(['at', 'count', 'from', 'to', 'runs']);
      const values = Object.fromEntries(names.map((name) => [name, numbers.has(name) ? 7 : 'x']));
      expect(translate(key, values)).not.toContain('{');
    }
    expect(errors).toEqual([]);
  });
});
