import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { stageTypes } from '@/server/engine/stages/registry';
import { strategies } from '@/server/strategies/registry';

/** Plug-in files of a folder, by the name under which their registry must have them. */
function plugIns(folder: string, ...others: string[]): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !/\.i?test\.ts$/.test(file))
    .map((file) => file.replace(/\.ts$/, ''))
    .filter((name) => !['registry', ...others].includes(name))
    .map((name) => name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase()))
    .toSorted();
}

it('lists every stage type of the folder under its own name', () => {
  expect(Object.keys(stageTypes).toSorted()).toEqual(plugIns('server/engine/stages', 'stage'));
  expect(Object.values(stageTypes).map((type) => type.type)).toEqual(Object.keys(stageTypes));
});

it('lists every strategy of the folder under its own name', () => {
  expect(Object.keys(strategies).toSorted()).toEqual(plugIns('server/strategies', 'strategy'));
  expect(Object.values(strategies).map((strategy) => strategy.kind)).toEqual(Object.keys(strategies));
});
