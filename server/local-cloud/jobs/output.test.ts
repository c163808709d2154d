import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { jobLog, jobOutputs } from '@/server/local-cloud/jobs/output';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'signalbox-output-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function file(name: string, content: string): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

it('keeps the end of both logs within 16 KiB, errors last and never crowded out', () => {
  const stdout = file('out', `${'o'.repeat(99)}\n`.repeat(1_000));
  const stderr = file('err', `${'first line\n'.repeat(2_000)}Error: the last\n`);
  const log = jobLog(stdout, stderr);
  expect(Buffer.byteLength(log)).toBeLessThanOrEqual(16 * 1024);
  expect(log.endsWith('Error: the last\n')).toBe(true);
  expect(log.split('\n')[0]).toBe('o'.repeat(99));
  expect(jobLog(file('one', 'no newline'), file('two', 'error'))).toBe('no newline\nerror');
  expect(jobLog(join(dir, 'none'), join(dir, 'none'))).toBe('');
});

it('takes outputs from the last line when that is a JSON object, and from nothing else', () => {
  expect(jobOutputs(file('a', 'working\n{"rows": 3, "ok": true}\n\n'))).toEqual({ rows: 3, ok: true });
  expect(jobOutputs(file('b', '{"rows": 3}\ndone\n'))).toEqual({});
  expect(jobOutputs(file('c', '[1, 2]\n'))).toEqual({});
  expect(jobOutputs(file('d', '{"cut": \n'))).toEqual({});
  expect(jobOutputs(join(dir, 'none'))).toEqual({});
});
