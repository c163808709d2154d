import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { z } from 'zod';
import { endOrphans } from '@/server/local-cloud/instances/orphans';

/** A real local cloud process for tests, on a folder and on ports of its own. */
export interface CloudProcess {
  readonly url: string;
  readonly token: string;
  readonly dir: string;
  readonly pid: number;
  /** Settles with the exit code, null after a signal. */
  readonly exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

const readyLine = z.object({ msg: z.literal('local cloud listening'), url: z.string() });
const TOKEN = 'test-token-of-the-local-cloud';

let bundle: Promise<string> | null = null;

/** The process as it ships: bundled, packages outside. Built once per test file, always to the same place. */
export function bundleLocalCloud(root: string = process.cwd()): Promise<string> {
  bundle ??= buildBundle(root);
  return bundle;
}

async function buildBundle(root: string): Promise<string> {
  // Beside node_modules, where the bundle's imports are found.
  const cache = join(root, 'node_modules', '.cache', 'signalbox-tests');
  mkdirSync(cache, { recursive: true });
  const outfile = join(cache, 'local-cloud.mjs');
  const own = `${outfile}.${process.pid}`;
  await build({
    absWorkingDir: root,
    entryPoints: ['server/local-cloud/main.ts'],
    outfile: own,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  });
  // Other test files do the same at the same time; a rename never shows a half-written bundle.
  renameSync(own, outfile);
  return outfile;
}

export function temporaryCloudDir(): string {
  return mkdtempSync(join(tmpdir(), 'signalbox-cloud-'));
}

/** Starts without waiting, for tests of starts that fail. */
export async function spawnCloud(
  dir: string,
  environment: Record<string, string> = {},
): Promise<ChildProcess> {
  // Assigned, because Next's types demand a NODE_ENV of every environment.
  const env: NodeJS.ProcessEnv = Object.assign({ NODE_ENV: 'test' as const }, environment, {
    PATH: process.env.PATH,
    SIGNALBOX_CLOUD_DIR: dir,
    SIGNALBOX_CLOUD_TOKEN: TOKEN,
  });
  return spawn(process.execPath, [await bundleLocalCloud()], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** @throws when it ends before it listens, with what it said. */
export async function startCloudProcess(
  dir: string = temporaryCloudDir(),
  environment: Record<string, string> = {},
): Promise<CloudProcess> {
  const child = await spawnCloud(dir, environment);
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const said: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        const ready = readyLine.safeParse(safeJson(line));
        if (ready.success) resolve(ready.data.url);
      });
    }
    void exited.then(() => reject(new Error(`the local cloud ended:\n${said.join('\n')}`)));
  });
  const pid = child.pid ?? 0;
  return { url, token: TOKEN, dir, pid, exited, kill: (signal) => child.kill(signal) };
}

/** Ends the process and whatever instances it left, and removes its folder. */
export async function disposeCloud(cloud: CloudProcess): Promise<void> {
  cloud.kill('SIGTERM');
  await cloud.exited;
  disposeDir(cloud.dir);
}

/** For a folder whose platform was killed: its instances live on. */
export function disposeDir(dir: string): void {
  endOrphans(dir, new Set());
  rmSync(dir, { recursive: true, force: true });
}

function safeJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
