import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { capLog, lastLines, markStart, tellingLine } from '@/server/local-cloud/instances/logs';

let dir: string;
let log: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'signalbox-logs-'));
  log = join(dir, 'stderr.log');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('finds the error in a stack trace of Node', () => {
  writeFileSync(
    log,
    [
      'file:///app/server.mjs:3',
      "throw new TypeError('no database');",
      '      ^',
      '',
      'TypeError: no database',
      '    at file:///app/server.mjs:3:7',
      '    at node:internal/modules/run_main:98:3',
      '',
      'Node.js v20.20.2',
      '',
    ].join('\n'),
  );
  expect(tellingLine(log)).toBe('TypeError: no database');
});

it('hears only the last life, and takes the last line when none names an error', () => {
  writeFileSync(log, 'Error: an old one\n');
  markStart(log, new Date(0));
  expect(tellingLine(log)).toBeNull();
  appendFileSync(log, 'one\nlisten on 80\n\n');
  expect(tellingLine(log)).toBe('listen on 80');
  expect(tellingLine(join(dir, 'missing'))).toBeNull();
});

it('cuts a log that has grown too large down to its end', () => {
  writeFileSync(log, `${'x'.repeat(3 * 1024 * 1024)}\nlast words\n`);
  capLog(log);
  expect(statSync(log).size).toBe(256 * 1024);
  expect(lastLines(log, 1)).toEqual(['last words']);
});
