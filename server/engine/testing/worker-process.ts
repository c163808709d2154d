import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

export interface WorkerProcess {
  readonly pid: number;
  /** Settles with the signal or the exit code that ended it. */
  readonly exited: Promise<NodeJS.Signals | number | null>;
  readonly lines: readonly string[];
  kill(signal: NodeJS.Signals): void;
}

const bundles = new Map<string, Promise<string>>();

/** Starts a worker as it ships: bundled, in a process of its own. Resolves when it has said that it works. */
export async function startWorker(
  entry: string,
  environment: Record<string, string>,
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [await bundle(entry)], {
    // Assigned, because Next's types demand a NODE_ENV of every environment.
    env: Object.assign(
      {
        NODE_ENV: 'test' as const,
        PATH: process.env.PATH,
        SIGNALBOX_SECRET: 'a secret for tests, long enough for it',
      },
      environment,
    ),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const exited = new Promise<NodeJS.Signals | number | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code)),
  );
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) follow(stream, lines, resolve);
    void exited.then((how) => reject(new Error(`the worker ended (${how}):\n${lines.join('\n')}`)));
  });
  // `exited` is looked at by those who care; a late rejection above changes nothing.
  return { pid: child.pid ?? 0, exited, lines, kill: (signal) => child.kill(signal) };
}

function follow(stream: ChildProcess['stdout'], lines: string[], onStarted: () => void): void {
  if (!stream) return;
  createInterface({ input: stream }).on('line', (line) => {
    lines.push(line);
    if (line.includes('"worker started"')) onStarted();
  });
}

function bundle(entry: string): Promise<string> {
  const known = bundles.get(entry) ?? buildBundle(entry);
  bundles.set(entry, known);
  return known;
}

async function buildBundle(entry: string): Promise<string> {
  const root = process.cwd();
  // Beside node_modules, where the bundle's imports are found.
  const cache = path.join(root, 'node_modules', '.cache', 'signalbox-tests');
  mkdirSync(cache, { recursive: true });
  const outfile = path.join(cache, `${path.basename(entry, '.ts')}-${process.pid}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  });
  process.once('exit', () => rmSync(outfile, { force: true }));
  return outfile;
}
