import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessIdentity, processIdentity } from '@/server/local-cloud/instances/identity';

/** A running instance, ours by birth or by adoption. */
export interface InstanceProcess {
  readonly identity: ProcessIdentity;
  /** Settles when it has ended, with the reason in words. Never rejects. */
  readonly ended: Promise<string>;
  signal(name: NodeJS.Signals): void;
}

export interface Launch {
  readonly command: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdoutPath: string;
  readonly stderrPath: string;
}

const ADOPTED_POLL_MS = 150;

/** Starts the command in a process group of its own, so that it survives a crash of the platform. */
export function launchProcess(launch: Launch): Promise<InstanceProcess> {
  const [program = '', ...args] = withOwnNode(launch.command);
  const stdout = openSync(launch.stdoutPath, 'a', 0o600);
  const stderr = openSync(launch.stderrPath, 'a', 0o600);
  try {
    // Assigned, because Next's types demand a NODE_ENV of every environment and give ours none.
    const env: NodeJS.ProcessEnv = Object.assign({ NODE_ENV: 'production' as const }, launch.environment);
    const child = spawn(program, args, {
      cwd: launch.folder,
      env,
      detached: true,
      stdio: ['ignore', stdout, stderr],
    });
    child.unref();
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      child.once('exit', (code, signal) =>
        resolve(signal === null ? `exited with code ${code}` : `was ended by ${signal}`),
      );
    });
    // No pid means that the spawn failed; 'error' follows and says why.
    if (child.pid === undefined) return ended.then((reason) => Promise.reject(new Error(reason)));
    const leader = child.pid;
    // Its children would go on unseen once the leader of their group has ended.
    void ended.then(() => killGroup(leader, 'SIGKILL'));
    // A process that is gone already gets a start time that matches nothing.
    const identity = processIdentity(leader) ?? { pid: leader, startedAt: 'gone' };
    return Promise.resolve({ identity, ended, signal: (name) => signalGroup(identity, name) });
  } finally {
    closeSync(stdout);
    closeSync(stderr);
  }
}

/** `node` means the one that runs the platform, also where none is on the path. */
export function withOwnNode(command: readonly string[]): string[] {
  const [program = '', ...args] = command;
  return [program === 'node' ? process.execPath : program, ...args];
}

/** Takes over a process of an earlier run of the platform; null when it no longer runs. */
export function adoptProcess(identity: ProcessIdentity): InstanceProcess | null {
  if (!isRunning(identity)) return null;
  return { identity, ended: pollUntilGone(identity), signal: (name) => signalGroup(identity, name) };
}

/** Another parent's child has no exit event for us, and its exit code is lost. */
async function pollUntilGone(identity: ProcessIdentity): Promise<string> {
  while (isRunning(identity)) await sleep(ADOPTED_POLL_MS, undefined, { ref: false });
  return 'its process ended';
}

/** Signals the whole process group, unless its leader has ended (its pid may be a stranger's by now). */
export function signalGroup(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (isRunning(identity)) killGroup(identity.pid, name);
}

function killGroup(leader: number, name: NodeJS.Signals): void {
  try {
    process.kill(-leader, name);
  } catch {
    // The group is empty, which is what the signal was for.
  }
}
