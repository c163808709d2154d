import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** A program of the control plane that runs. It ends with the process that started it, however that ends. */
export interface Program {
  readonly name: string;
  readonly logFile: string;
  /** Settles when it has ended. */
  readonly ended: Promise<void>;
  /** Null when it has ended. */
  readonly pid: () => number | null;
  kill(): Promise<void>;
}

/**
 * The shell stands between, because a child does not end when its parent is killed: standard input closes
 * then, and the reader behind it ends the program.
 */
const GUARD =
  'exec 3<&0; "$@" </dev/null & pid=$!; (cat <&3 >/dev/null; kill -9 $pid 2>/dev/null) & wait $pid';

/** Starts a program with its output in a file. */
export function startProgram(command: string, args: readonly string[], logFile: string): Program {
  const log = openSync(logFile, 'a');
  const child = spawn('/bin/sh', ['-c', GUARD, 'guard', command, ...args], { stdio: ['pipe', log, log] });
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  return {
    name: command.split('/').at(-1) ?? command,
    logFile,
    ended,
    pid: () => (child.exitCode === null && child.signalCode === null ? (child.pid ?? null) : null),
    kill: async () => {
      closeInput(child);
      await ended;
    },
  };
}

function closeInput(child: ChildProcess): void {
  // Also reached when the program has ended by itself and its pipe with it.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end();
}

/** The last lines a program wrote, for a message that tells why it did not start. */
export function lastLines(logFile: string, lines = 15): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

/** Ports that nobody listens on now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address();
      await new Promise((resolve) => server.close(resolve));
      if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
      return address.port;
    }),
  );
}
