import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@/server/domain/errors';
import { identifyProcess, isRunning, type ProcessIdentity, signalProcess } from './identity';

/** A process this supervisor looks after, whether it started it or found it running. */
export interface RunningProcess extends ProcessIdentity {
  /** Settles with words for a person, such as `exited with code 1`. */
  readonly exited: Promise<string>;
  signal(signal: NodeJS.Signals): void;
}

export interface SpawnSpec {
  readonly command: string;
  readonly args: readonly string[];
  /** Complete: nothing is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly logFile: string;
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

/** How often a process that is not our child is looked at, in ms. */
const ADOPTED_POLL = 300;

/**
 * Starts a process in a session of its own, so that Ctrl-C in the terminal reaches only the supervisor,
 * which then stops its children in order. Output goes straight to the file: a pipe would break, and
 * take the child with it, when the supervisor is killed.
 */
export async function spawnProcess(spec: SpawnSpec): Promise<RunningProcess> {
  const log = openSync(spec.logFile, 'a');
  const child = spawn(spec.command, [...spec.args], {
    cwd: spec.cwd,
    // The declared type wants NODE_ENV, which Next's typings made mandatory; a child needs none.
    env: { ...spec.env } as NodeJS.ProcessEnv,
    stdio: ['ignore', log, log],
    detached: true,
    ...spec.user,
  });
  closeSync(log);
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(signal ? `was ended by ${signal}` : `exited with code ${code ?? 'unknown'}`),
    );
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
  });
  if (child.pid === undefined) throw new AppError('internal', `${spec.command} ${await exited}.`);
  const pid = child.pid;
  // Null when it has already ended; `exited` then tells, and no later process can match.
  const startedAt = identifyProcess(pid)?.startedAt ?? 'ended';
  return {
    pid,
    startedAt,
    exited,
    signal: (signal) => void child.kill(signal),
  };
}

/** Looks after a process that an earlier supervisor started. Null when it is gone. */
export function adoptProcess(identity: ProcessIdentity): RunningProcess | null {
  if (!isRunning(identity)) return null;
  return {
    ...identity,
    exited: untilGone(identity).then(() => 'ended'),
    signal: (signal) => void signalProcess(identity, signal),
  };
}

/** Asked at any time: how the process ended, or null while it runs. */
export function watchEnd(running: RunningProcess): () => string | null {
  const seen: { end: string | null } = { end: null };
  void running.exited.then((words) => {
    seen.end = words;
  });
  return () => seen.end;
}

/** Signals, waits, and kills what did not end in `timeoutMs`. */
export async function stopProcess(
  target: RunningProcess,
  signal: NodeJS.Signals,
  timeoutMs: number,
): Promise<void> {
  target.signal(signal);
  const timer = new AbortController();
  const late = delay(timeoutMs, 'late' as const, {
    signal: timer.signal,
  }).catch(() => 'ended' as const);
  if ((await Promise.race([target.exited, late])) === 'late') {
    target.signal('SIGKILL');
    await target.exited;
  }
  timer.abort();
}

async function untilGone(identity: ProcessIdentity): Promise<void> {
  while (isRunning(identity)) await delay(ADOPTED_POLL, undefined, { ref: false });
}
