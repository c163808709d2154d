import { Agent, request } from 'node:http';
import type { Server } from '@/bench/toggles/web';

export interface Ask {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface LoadFigures {
  readonly perSecond: number;
  /** Requests by the seconds that the server's process worked for them: what one core bears. */
  readonly perCore: number;
}

const CONNECTIONS = 8;

/**
 * Asks over and over on some connections for a while.
 * @param expected status of every answer; another one ends the benchmark.
 */
export async function load(
  server: Server,
  ms: number,
  expected: number,
  ask: (index: number) => Ask,
): Promise<LoadFigures> {
  await run(server, ms / 4, expected, ask);
  const cpu = server.cpuMs();
  const began = performance.now();
  const count = await run(server, ms, expected, ask);
  const seconds = (performance.now() - began) / 1_000;
  return { perSecond: count / seconds, perCore: (count / (server.cpuMs() - cpu)) * 1_000 };
}

async function run(
  server: Server,
  ms: number,
  expected: number,
  ask: (index: number) => Ask,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const until = performance.now() + ms;
  let count = 0;
  const one = async () => {
    while (performance.now() < until) {
      const status = await send(agent, server.url, ask(count++));
      if (status !== expected) throw new Error(`the server answered ${status} instead of ${expected}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, one));
  } finally {
    agent.destroy();
  }
  return count;
}

function send(agent: Agent, url: string, { path, method, headers, body }: Ask): Promise<number> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(url + path, { agent, method, headers: { ...headers, ...length } }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject).end(body);
  });
}
