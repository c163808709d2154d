import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A moto that speaks AWS's APIs, on a port of its own and with nothing in it. */
export interface MotoServer {
  readonly url: string;
  /** SIGSTOP makes it slow beyond patience, SIGCONT brings it back. */
  signal(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** @throws when it ends before it is ready, with what it said. */
export async function startMoto(): Promise<MotoServer> {
  const child = spawn(
    process.env.SIGNALBOX_TEST_MOTO ?? 'moto_server',
    ['--host', '127.0.0.1', '--port', '0'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async () => {
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    await exited;
  };
  const said: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line);
      const listening = /Running on (http:\S+)/.exec(line)?.[1];
      if (listening) resolve(listening);
    });
    void exited.then(() => reject(new Error(`moto ended:\n${said.join('\n')}`)));
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url, signal: (signal) => void child.kill(signal), stop };
}
