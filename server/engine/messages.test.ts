import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import en from '@/server/domain/messages/en.json';
import ko from '@/server/domain/messages/ko.json';

const folder = path.resolve('server/engine');

/** Every key that a source file of the engine names. */
function usedKeys(): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/\.i?test\.ts$/.test(file),
  );
  const keys = files.flatMap((file) =>
    [...readFileSync(path.join(folder, file), 'utf8').matchAll(/'((?:engine|stage)\.[a-zA-Z.]+)'/g)].map(
      (match) => match[1] ?? '',
    ),
  );
  return [...new Set(keys)].toSorted();
}

function textOf(catalogue: unknown, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], catalogue);
}

it('has every sentence of the engine in English and Korean', () => {
  const keys = usedKeys();

  expect(keys.length).toBeGreaterThan(20);
  expect(keys.filter((key) => typeof textOf(en, key) !== 'string')).toEqual([]);
  expect(keys.filter((key) => typeof textOf(ko, key) !== 'string')).toEqual([]);
});

it('asks for the same values in both languages', () => {
  const values = (key: string, catalogue: unknown) =>
    [...String(textOf(catalogue, key)).matchAll(/\{(\w+)/g)].map((match) => match[1]).toSorted();

  expect(usedKeys().filter((key) => values(key, en).join() !== values(key, ko).join())).toEqual([]);
});
