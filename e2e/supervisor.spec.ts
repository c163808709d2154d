import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { recordedProcesses, startStack } from '@/e2e/stack';
import { findFreePort } from '@/server/supervisor/ports';
import { isRunning } from '@/server/supervisor/process/identity';

interface Refusal {
  readonly exitCode: number | null;
  readonly stderr: string;
}

let folder = '';
test.beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'signalbox-refusal-'));
});
test.afterEach(() => rmSync(folder, { recursive: true }));

async function refusalOf(env: Readonly<Record<string, string>>): Promise<Refusal> {
  const child: ChildProcess = spawn(process.execPath, ['dist/supervisor.mjs'], {
    env: { ...process.env, PORT: String(await findFreePort()), SIGNALBOX_DATA: folder, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await once(child, 'close');
  return { exitCode: child.exitCode, stderr: stderr.trim() };
}

test('a busy port is refused in one sentence that names PORT', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  expect(await refusalOf({ PORT: port })).toEqual({
    exitCode: 1,
    stderr: expect.stringMatching(/^Port \d+ on 127\.0\.0\.1 is not free: set PORT to another one, .*\.$/),
  });
  server.close();
});

test('a data folder that cannot be written is refused in one sentence that names SIGNALBOX_DATA', async () => {
  const file = path.join(folder, 'file');
  writeFileSync(file, '');
  expect(await refusalOf({ SIGNALBOX_DATA: path.join(file, 'data') })).toEqual({
    exitCode: 1,
    stderr: expect.stringMatching(
      /^The data folder .* cannot be written \(ENOTDIR\): set SIGNALBOX_DATA .*\.$/,
    ),
  });
});

test('an unreachable database is refused in one sentence that names DATABASE_URL and keeps its password', async () => {
  const port = await findFreePort();
  const refusal = await refusalOf({ DATABASE_URL: `postgres://someone:hunter2@127.0.0.1:${port}/signalbox` });
  expect(refusal).toEqual({
    exitCode: 1,
    stderr: expect.stringMatching(
      /^The database at DATABASE_URL .* cannot be used: connect ECONNREFUSED .*\.$/,
    ),
  });
  expect(refusal.stderr).not.toContain('hunter2');
});

test('a wrong setting is refused in a sentence that names the variable', async () => {
  expect(await refusalOf({ SIGNALBOX_DEMO: 'perhaps' })).toEqual({
    exitCode: 1,
    stderr: 'SIGNALBOX_DEMO must be 0 or 1.',
  });
});

test('one start per data folder, Ctrl-C ends every process, and the local cloud outlives kill -9 of the supervisor', async () => {
  const first = await startStack({ demo: false });
  expect(await refusalOf({ SIGNALBOX_DATA: first.dataDir })).toEqual({
    exitCode: 1,
    stderr: expect.stringContaining(`Signalbox already runs on ${first.dataDir}`),
  });
  const before = recordedProcesses(first.dataDir);
  expect(Object.keys(before).sort()).toEqual(['local-cloud', 'postgres', 'web', 'worker']);

  await first.killSupervisor();
  const again = await startStack({ demo: false, dataDir: first.dataDir, port: first.port });
  const after = recordedProcesses(first.dataDir);
  expect(after['local-cloud']).toEqual(before['local-cloud']);
  expect(after.worker).not.toEqual(before.worker);
  expect(again.adminPassword).toBeNull();

  const secrets = ['postgres.json', 'secret', 'cloud-token', 'cli.json'];
  const texts = secrets.map((name) => readFileSync(path.join(first.dataDir, name), 'utf8'));
  expect(texts.every((text) => text.length > 20)).toBe(true);

  await again.stop();
  const left = [...Object.values(before), ...Object.values(after)].filter(isRunning);
  expect(left).toEqual([]);
});
