import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { judgeNamed, judges } from '@/server/canary/registry';

it('has one line for every folder of a judge', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['stats', 'testing'].includes(entry.name))
    .map((entry) => entry.name);
  expect(Object.keys(judges).sort()).toEqual(folders.sort());
});

it('finds a judge by every name it goes by, and none by another', () => {
  expect(judgeNamed(undefined)?.name).toBe('signalbox-v1');
  expect(judgeNamed('signalbox-v1')?.name).toBe('signalbox-v1');
  for (const name of ['netflix-aca-v1', 'NetflixACAJudge-v1.0', 'dredd-v1.0'])
    expect(judgeNamed(name)?.name).toBe('netflix-aca-v1');
  expect(judgeNamed('judge-dread')).toBeUndefined();
});

it('gives no name twice', () => {
  const names = Object.values(judges).flatMap(({ name, aliases }) => [name, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
});
