import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { assertUnlocked, lockDataFolder } from '@/server/supervisor/lock';
import { identifyProcess } from '@/server/supervisor/process/identity';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'signalbox-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('refuses a second supervisor on the same folder in a sentence', () => {
  lockDataFolder(folder);
  expect(() => lockDataFolder(folder)).toThrow(
    `Signalbox already runs on ${folder} (process ${process.pid})`,
  );
  expect(() => assertUnlocked(folder)).toThrow('SIGNALBOX_DATA');
});

it('gives the folder back', () => {
  lockDataFolder(folder)();
  expect(() => lockDataFolder(folder)).not.toThrow();
});

it.each([
  ['of a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '1' })],
  [
    'of a process number that another program has now',
    JSON.stringify({ pid: process.pid, startedAt: 'earlier' }),
  ],
  ['that a crash left half written', '{"pid":'],
])('takes over a lock %s', (_what, text) => {
  writeFileSync(path.join(folder, 'supervisor.lock'), text);
  expect(() => assertUnlocked(folder)).not.toThrow();
  const unlock = lockDataFolder(folder);
  expect(() => lockDataFolder(folder)).toThrow(String(identifyProcess(process.pid)?.pid));
  unlock();
  expect(readdirSync(folder)).toEqual([]);
});
