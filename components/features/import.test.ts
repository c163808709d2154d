import { expect, it } from 'vitest';
import { isWhole, servedOtherwise } from '@/components/features/import.view';
import { message } from '@/server/domain/message';
import { toggleDefinitionSchema } from '@/server/domain/toggles';
import type { FlagImport } from '@/server/domain/views/toggles';

const definition = toggleDefinitionSchema.parse({ on: true, defaultVariant: 'on' });
const rewritten = { ...definition, targeting: { if: [{ var: 'vip' }, 'on', 'off'] } };
const change = (before: string | null, after: string) => ({
  before: definition,
  after: definition,
  changes: [],
  sentenceBefore: before === null ? null : message(before),
  sentenceAfter: message(after),
});
const flags: FlagImport['flags'] = [
  { key: 'new', outcome: 'created', notes: [], change: change(null, 'on') },
  { key: 'moved', outcome: 'changed', notes: [], change: change('off', 'on') },
  { key: 'reworded', outcome: 'changed', notes: [], change: change('on', 'on') },
  {
    key: 'rewritten',
    outcome: 'changed',
    notes: [],
    change: { ...change('rules', 'rules'), after: rewritten },
  },
  { key: 'same', outcome: 'unchanged', notes: [], change: null },
];

it('of a file, only what people get otherwise is asked about', () => {
  expect(servedOtherwise({ flags }).map(({ key }) => key)).toEqual(['new', 'moved', 'rewritten']);
});

it('a file with one bad flag is not written', () => {
  expect(isWhole({ flags })).toBe(true);
  expect(isWhole({ flags: [...flags, { key: 'bad', outcome: 'refused', notes: [], change: null }] })).toBe(
    false,
  );
});
