import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { findFreePort } from '@/server/supervisor/ports';
import { type ProcessIdentity, signalProcess } from '@/server/supervisor/process/identity';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SHARED = 'SIGNALBOX_E2E_STACK';
const READY = /Signalbox is ready: (\S+)/;
const PASSWORD = /with the password (\S+)/;

const recordSchema = z.record(z.string(), z.object({ pid: z.number(), startedAt: z.string() }));

export interface StackOptions {
  readonly demo: boolean;
  /** Of an earlier stack, to start again on it. A new temporary one when absent. */
  readonly dataDir?: string;
  /** A free one when absent. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Stack {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** Null on a start that is not the first on its data folder. */
  readonly adminPassword: string | null;
  /** Address and token, as the command line finds them. */
  readonly cliFile: string;
  /** What the `signalbox` command needs to find this stack instead of the checkout's own. */
  readonly cliEnv: Readonly<Record<string, string>>;
  /** Stops as Ctrl-C does, and removes the data folder. */
  stop(): Promise<void>;
  /** kill -9 of the supervisor and every process it started. The data folder stays. */
  kill9(): Promise<void>;
  /** kill -9 of the supervisor alone: what it started runs on. */
  killSupervisor(): Promise<void>;
  /** kill -9 of the engine's workers; the supervisor starts others. */
  killWorkers(): Promise<void>;
}

/** What specs may know of the stack they all share: it goes from process to process as text. */
const sharedSchema = z.object({
  url: z.string(),
  port: z.number(),
  dataDir: z.string(),
  adminPassword: z.string(),
  cliFile: z.string(),
  cliEnv: z.record(z.string(), z.string()),
});
export type SharedStack = z.infer<typeof sharedSchema>;

/** Runs the built product, all of it, on a data folder and ports of its own. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'signalbox-e2e-'));
  const port = options.port ?? (await findFreePort());
  const supervisor = spawn(process.execPath, [path.join(ROOT, 'dist', 'supervisor.mjs')], {
    cwd: ROOT,
    env: {
      ...machineEnvironment(),
      PORT: String(port),
      SIGNALBOX_DATA: dataDir,
      SIGNALBOX_DEMO: options.demo ? '1' : '0',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = await untilReady(supervisor);
  const cliFile = path.join(dataDir, 'cli.json');
  return {
    url: READY.exec(printed)?.[1] ?? `http://localhost:${port}`,
    port,
    dataDir,
    adminPassword: PASSWORD.exec(printed)?.[1] ?? null,
    cliFile,
    cliEnv: { SIGNALBOX_DATA: dataDir, SIGNALBOX_CLI_FILE: cliFile },
    stop: async () => {
      await end(supervisor, 'SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
    kill9: async () => {
      // The supervisor first: it would start the others again.
      await end(supervisor, 'SIGKILL');
      killRecorded(dataDir, () => true);
    },
    killSupervisor: () => end(supervisor, 'SIGKILL'),
    killWorkers: async () => killRecorded(dataDir, (name) => name.startsWith('worker')),
  };
}

/** Makes `stack` the one that `sharedStack` finds in the test processes. */
export function shareStack(stack: Stack): void {
  process.env[SHARED] = JSON.stringify(sharedSchema.parse(stack));
}

/** The stack that the global set-up started. */
export function sharedStack(): SharedStack {
  return sharedSchema.parse(JSON.parse(process.env[SHARED] ?? 'null'));
}

/** Keeps the processes' logs beside the test results, where a failure is looked into. */
export function keepLogs(stack: Stack, folder: string): void {
  cpSync(path.join(stack.dataDir, 'logs'), folder, { recursive: true });
}

function untilReady(supervisor: ChildProcess): Promise<string> {
  let printed = '';
  return new Promise((resolve, reject) => {
    const onText = (text: string) => {
      printed += text;
      if (READY.test(printed) && printed.endsWith('\n')) resolve(printed);
    };
    supervisor.stdout?.setEncoding('utf8').on('data', onText);
    supervisor.stderr?.setEncoding('utf8').on('data', onText);
    supervisor.once('exit', (code) => reject(new Error(`the product ended with code ${code}:\n${printed}`)));
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

/** The processes that a stack's supervisor looks after, by name. */
export function recordedProcesses(dataDir: string): Record<string, ProcessIdentity> {
  const text = readFileSync(path.join(dataDir, 'supervisor.json'), 'utf8');
  return recordSchema.parse(JSON.parse(text));
}

function killRecorded(dataDir: string, which: (name: string) => boolean): void {
  for (const [name, identity] of Object.entries(recordedProcesses(dataDir))) {
    if (which(name)) signalProcess(identity, 'SIGKILL');
  }
}

/** Settings of the person who runs the tests must not reach the product under test. */
function machineEnvironment(): NodeJS.ProcessEnv {
  const own = /^(SIGNALBOX_|OIDC_|NEXTAUTH_|DATABASE_URL$|PORT$|AWS_|NODE_OPTIONS$|NODE_ENV$)/;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name))),
    NODE_ENV: 'production',
  };
}
