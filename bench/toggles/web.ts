import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pause } from '@/bench/support/statistics';
import { findFreePort } from '@/server/supervisor/ports';

/** A server under load, and what it has used of the processors. */
export interface Server {
  readonly url: string;
  cpuMs(): number;
  stop(): Promise<void>;
}

/** Linux counts in hundredths of a second, whatever the kernel's own tick is. */
const TICK_MS = 10;
const PATIENCE_MS = 60_000;

/** The built dashboard alone, as the supervisor starts it. */
export async function startWeb(databaseUrl: string, secret: string): Promise<Server> {
  const port = await findFreePort();
  const program = path.join(process.cwd(), 'dist', 'web.mjs');
  return startServer(port, '/api/health', [program], {
    DATABASE_URL: databaseUrl,
    SIGNALBOX_SECRET: secret,
    NEXTAUTH_SECRET: secret,
    NEXTAUTH_URL: `http://localhost:${port}`,
    SIGNALBOX_LOG_LEVEL: 'error',
    NEXT_TELEMETRY_DISABLED: '1',
    PORT: String(port),
    SIGNALBOX_HOST: '127.0.0.1',
  });
}

/**
 * Runs a program of Node's until it answers.
 * @param health path that answers anything below 500 when it is up.
 */
export async function startServer(
  port: number,
  health: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string = process.cwd(),
): Promise<Server> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH, HOME, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed = (printed + text).slice(-4_000)));
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await answers(url + health))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`the server did not start:\n${printed}`);
    }
    await pause(200);
  }
  return { url, cpuMs: () => cpuMs(child), stop: () => stop(child) };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return response.status < 500;
  } catch {
    return false;
  }
}

/** Time of the processors that the process has used, in user and system mode. */
function cpuMs({ pid }: ChildProcess): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program stands in brackets and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 2_000);
  await exit;
  clearTimeout(patience);
}
