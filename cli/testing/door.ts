import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { dispatch } from '@/server/api/rest/dispatch';

/** The command as people run it, a process of its own, against the real REST door. */
export interface Door {
  run(...words: string[]): Promise<{ code: number | null; out: string; err: string }>;
  /** A file for a command to read; its path. */
  file(name: string, content: unknown): Promise<string>;
  close(): Promise<void>;
}

/** @param token what the command may do. */
export async function openDoor(token: string): Promise<Door> {
  /** Beside node_modules, where the bundle's imports are found. */
  const dir = join(process.cwd(), 'node_modules', '.cache', `signalbox-cli-${process.pid}`);
  const main = join(dir, 'main.mjs');
  await mkdir(dir, { recursive: true });
  await build({
    entryPoints: ['cli/main.ts'],
    outfile: main,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
  const server = restServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on TCP, so the address is not a path.
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    run: (...words) => signalbox(main, words, { SIGNALBOX_URL: address, SIGNALBOX_TOKEN: token }),
    async file(name, content) {
      const path = join(dir, name);
      await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
      return path;
    },
    async close() {
      server.close();
      await rm(dir, { recursive: true });
    },
  };
}

function restServer() {
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const headers = new Headers(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const { method = 'GET', url = '/' } = request;
      void dispatch(
        new Request(`http://localhost:3000${url}`, { method, headers, ...(body.length > 0 ? { body } : {}) }),
      ).then(async (answer) => response.writeHead(answer.status).end(await answer.text()));
    });
  });
}

async function signalbox(main: string, words: readonly string[], environment: Record<string, string>) {
  const child = spawn(process.execPath, [main, ...words], {
    // Assigned, because Next's types demand a NODE_ENV of every environment.
    env: Object.assign({ NODE_ENV: 'test' as const, PATH: process.env.PATH }, environment),
  });
  const [out, err] = [child.stdout, child.stderr].map((stream) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    return chunks;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out: Buffer.concat(out ?? []).toString(), err: Buffer.concat(err ?? []).toString() };
}
