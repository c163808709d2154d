import { describe, expect, it } from 'vitest';
import {
  definitionOf,
  definitionText,
  draftOf,
  draftProblems,
  isSame,
  moved,
  readDefinition,
  readValue,
  valueText,
  withOperator,
} from '@/components/features/draft.view';
import type { Rule } from '@/server/domain/toggle-rules';
import { type ToggleDefinition, toggleDefinitionSchema } from '@/server/domain/toggles';

const definition = (targeting: ToggleDefinition['targeting'] = null): ToggleDefinition =>
  toggleDefinitionSchema.parse({ on: true, offVariant: 'off', defaultVariant: 'off', targeting });

const FOR_GERMANY: Rule = {
  match: 'all',
  conditions: [{ operator: 'in', attribute: 'country', values: ['de', 'at'] }],
  serve: { kind: 'variant', variant: 'on' },
};

describe('a draft', () => {
  it('says what it was read from, as long as nobody changes it', () => {
    const draft = { definition: definition(), rules: { rules: [FOR_GERMANY], otherwise: null } };
    const saved = definitionOf(draft);
    expect(definitionOf(draftOf(saved))).toEqual(saved);
    expect(draftOf(saved).rules).toEqual(draft.rules);
  });
  it('keeps targeting that rules cannot say', () => {
    const byHand = definition({ if: [{ '==': [{ '%': [{ var: 'age' }, 2] }, 0] }, 'on', 'off'] });
    expect(draftOf(byHand).rules).toBeNull();
    expect(definitionOf(draftOf(byHand))).toEqual(byHand);
  });
  it('tells where a rule lacks something', () => {
    const empty: Rule = {
      ...FOR_GERMANY,
      conditions: [{ operator: 'equals', attribute: '', value: 'x' }],
    };
    const draft = { definition: definition(), rules: { rules: [FOR_GERMANY, empty], otherwise: null } };
    expect(draftProblems(draft).map(({ path }) => path)).toEqual(['rules.1.conditions.0.attribute']);
  });
});

describe('a definition as JSON', () => {
  it('is read back as it was written', () => {
    const read = readDefinition(definitionText(definition()));
    expect(read.draft && definitionOf(read.draft)).toEqual(definition());
  });
  it('tells the place of what it cannot be', () => {
    expect(readDefinition('{"on": 1, "defaultVariant": null}').problems?.map(({ path }) => path)).toEqual([
      'on',
    ]);
  });
  it('that is no JSON has no places', () => {
    expect(readDefinition('{"on": ')).toEqual({ draft: null, problems: null });
  });
  it('is the same in another order of fields, but not in another order of a list', () => {
    expect(isSame({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
    expect(isSame({ b: [1, 2] }, { b: [2, 1] })).toBe(false);
  });
});

describe('what is typed as a value', () => {
  it.each([
    ['true', true],
    ['5', 5],
    ['"5"', '5'],
    ['05', '05'],
    ['new york', 'new york'],
  ])('%s is read as it is meant, and written so again', (text, value) => {
    expect(readValue(text)).toBe(value);
    expect(valueText(value)).toBe(text);
  });
  it('keeps a space at which somebody is about to go on', () => {
    expect(readValue('new ')).toBe('new ');
  });
});

it('another operator keeps of a condition what still makes sense', () => {
  const one = { operator: 'equals', attribute: 'plan', value: 'pro' } as const;
  expect(withOperator(one, 'in', [])).toEqual({ operator: 'in', attribute: 'plan', values: ['pro'] });
  expect(withOperator(one, 'greater', [])).toEqual({ operator: 'greater', attribute: 'plan', value: 0 });
  expect(withOperator(one, 'inSegment', ['staff'])).toEqual({ operator: 'inSegment', segment: 'staff' });
});

it('a rule moves by one place and never out of the list', () => {
  expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
  expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c']);
});
