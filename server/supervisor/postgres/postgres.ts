import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { AppError } from '@/server/domain/errors';
import { findFreePort, isPortFree } from '@/server/supervisor/ports';
import { identifyProcess } from '@/server/supervisor/process/identity';
import {
  adoptProcess,
  type RunningProcess,
  spawnProcess,
  stopProcess,
  watchEnd,
} from '@/server/supervisor/process/running';
import { accountForPostgres, accountOwning } from './account';
import { findBinaries, owner } from './binaries';
import { initializeCluster, SUPERUSER } from './initialize';
import { readSettings, writeSettings } from './settings';

const HOST = '127.0.0.1';
const DATABASE = 'signalbox';
/** SIGINT asks Postgres for a "fast" shutdown: sessions are ended, everything is written. */
export const POSTGRES_STOP_SIGNAL = 'SIGINT';
/** How long a start is tried again, in ms: after a crash, orphans may hold the shared memory for a while. */
const START_PATIENCE = 10_000;

export interface PostgresOptions {
  /** The project's folder, whose node_modules has the binaries. */
  readonly root: string;
  readonly dataDir: string;
  readonly logFile: string;
  /** Further server settings, e.g. `fsync: 'off'` in tests. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface StartedPostgres {
  readonly process: RunningProcess;
  readonly url: string;
}

/**
 * Starts the embedded Postgres on its folder, creating it first when needed, and returns when it
 * answers. A server that an earlier start left running there is stopped first.
 * @throws AppError saying what to do when it cannot be started.
 */
export async function startPostgres(options: PostgresOptions): Promise<StartedPostgres> {
  const lent = accountForPostgres();
  const settings = readSettings(options.dataDir, lent);
  const account = accountOwning(settings.directory) ?? lent;
  const bin = findBinaries(options.root, account);
  await initializeCluster(bin, settings.directory, settings.password, account);
  await stopLeftover(settings.directory);

  const port =
    settings.port && (await isPortFree(settings.port, HOST)) ? settings.port : await findFreePort(HOST);
  if (port !== settings.port) writeSettings(options.dataDir, { ...settings, port });
  const urlOf = (database: string) =>
    `postgres://${SUPERUSER}:${settings.password}@${HOST}:${port}/${database}`;

  const start = () =>
    spawnProcess({
      command: path.join(bin, 'postgres'),
      args: ['-D', settings.directory, ...serverArguments(port, options.settings ?? {})],
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      cwd: settings.directory,
      logFile: options.logFile,
      user: owner(account),
    });
  const running = await startUntilItAnswers(start, urlOf('postgres'), options.logFile);
  await createDatabaseOnce(urlOf('postgres'));
  return { process: running, url: urlOf(DATABASE) };
}

function serverArguments(port: number, extra: Readonly<Record<string, string>>): string[] {
  const settings: Record<string, string> = {
    port: String(port),
    listen_addresses: HOST,
    // TCP only: socket paths are limited to about 100 characters, which a deep checkout exceeds.
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '128MB',
    max_wal_size: '512MB',
    jit: 'off',
    ...extra,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function startUntilItAnswers(
  start: () => Promise<RunningProcess>,
  url: string,
  logFile: string,
): Promise<RunningProcess> {
  const deadline = Date.now() + START_PATIENCE;
  for (;;) {
    const running = await start();
    const ended = watchEnd(running);
    while (ended() === null) {
      if (await answers(url)) return running;
      // Recovery after a crash may take longer than the patience for starting: the process is alive, so wait.
      await delay(50);
    }
    if (Date.now() > deadline) {
      throw new AppError(
        'unavailable',
        `The embedded Postgres ${ended() ?? 'does not start'}: read ${logFile}, or set DATABASE_URL.`,
      );
    }
    await delay(500);
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function createDatabaseOnce(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

async function stopLeftover(directory: string): Promise<void> {
  const pidFile = path.join(directory, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const identity = identifyProcess(Number(readFileSync(pidFile, 'utf8').split('\n')[0]));
  // The number may have been given to another program since; only a server on this folder is meant.
  if (!identity || !isServerOn(identity.pid, directory)) return;
  const leftover = adoptProcess(identity);
  if (leftover) await stopProcess(leftover, POSTGRES_STOP_SIGNAL, 10_000);
}

function isServerOn(pid: number, directory: string): boolean {
  if (process.platform !== 'linux') return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(directory);
  } catch {
    return false;
  }
}
