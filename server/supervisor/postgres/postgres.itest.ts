import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, expect, it } from 'vitest';
import { isRunning } from '@/server/supervisor/process/identity';
import { stopProcess } from '@/server/supervisor/process/running';
import { POSTGRES_STOP_SIGNAL, type StartedPostgres, startPostgres } from './postgres';

const dataDir = mkdtempSync(path.join(tmpdir(), 'signalbox-postgres-'));
const started: StartedPostgres[] = [];

async function start(): Promise<StartedPostgres> {
  const postgres = await startPostgres({
    root: process.cwd(),
    dataDir,
    logFile: path.join(dataDir, 'postgres.log'),
  });
  started.push(postgres);
  return postgres;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return rows;
  } finally {
    await client.end();
  }
}

afterAll(async () => {
  for (const { process: running } of started) await stopProcess(running, POSTGRES_STOP_SIGNAL, 5_000);
  rmSync(dataDir, { recursive: true });
});

it('keeps what was committed through kill -9 and a start beside a leftover', async () => {
  const first = await start();
  await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS id');
  first.process.signal('SIGKILL');
  await first.process.exited;

  const second = await start();
  expect(second.url).toBe(first.url);
  expect(await query(second.url, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);

  const third = await start();
  expect(isRunning(second.process)).toBe(false);
  expect(await query(third.url, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
});

it('sorts text the same on every machine and refuses a wrong password', async () => {
  const { url } = await start();
  expect(await query(url, "SELECT lower('ÄÖ') AS text")).toEqual([{ text: 'äö' }]);
  await expect(query(url.replace(/:[0-9a-f]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(
    'password authentication',
  );
});

it('keeps the password where only its owner can read it', () => {
  expect(statSync(path.join(dataDir, 'postgres.json')).mode & 0o777).toBe(0o600);
});
