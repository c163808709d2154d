import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dispatch } from '@/server/api/rest/dispatch';
import { testWorld } from '@/server/services/testing/world';

/** The command as people run it, a process of its own, against the real REST door. */

const world = await testWorld();
/** Beside node_modules, where the bundle's imports are found. */
const dir = join(process.cwd(), 'node_modules', '.cache', `signalbox-cli-${process.pid}`);
const main = join(dir, 'main.mjs');
const door = createServer((request, response) => {
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
let address = '';
let token = '';

beforeAll(async () => {
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
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  // Listening on TCP, so the address is not a path.
  address = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  token = await world.token(['read', 'pipeline.write'], 'engineer');
}, 60_000);
afterAll(async () => {
  door.close();
  await rm(dir, { recursive: true });
});

async function signalbox(...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [main, ...words], {
    // Assigned, because Next's types demand a NODE_ENV of every environment.
    env: Object.assign(
      { NODE_ENV: 'test' as const, PATH: process.env.PATH },
      { SIGNALBOX_URL: address, SIGNALBOX_TOKEN: token },
    ),
  });
  const [out, err] = [child.stdout, child.stderr].map((stream) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    return chunks;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out: Buffer.concat(out ?? []).toString(), err: Buffer.concat(err ?? []).toString() };
}

async function file(name: string, content: unknown): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

it('brings a pipeline out and in again without a change', async () => {
  const exported = await signalbox('pipeline', 'export', 'application=catalog', 'name=deploy-prod');
  expect(exported.code).toBe(0);
  const again = await signalbox(
    'pipeline',
    'import',
    await file('own.json', exported.out),
    'application=catalog',
  );
  expect([again.code, again.out]).toEqual([0, 'deploy-prod is at revision 1\n']);
});

it('tries a pipeline of Spinnaker, says what would become of it, and brings it in', async () => {
  const cluster = { account: 'aws', application: 'catalog', stack: 'live', strategy: 'highlander' };
  const path = await file('theirs.json', {
    name: 'Ship it',
    stages: [
      { refId: '1', type: 'bake', name: 'Bake', requisiteStageRefIds: [] },
      { refId: '2', type: 'deploy', name: 'Deploy', requisiteStageRefIds: ['1'], clusters: [cluster] },
    ],
  });
  const tried = await signalbox('pipeline', 'import', path, 'application=catalog', '--dry-run');
  expect(tried.code).toBe(0);
  expect(tried.out).toContain('stage 1 "Bake" (bake): no equivalent');
  expect(tried.out).toContain('Name it with map aws/catalog-live=<environment>');
  expect(tried.out).toContain('Nothing was written.');
  const done = await signalbox(
    'pipeline',
    'import',
    path,
    'application=catalog',
    '--map',
    'aws/catalog-live=prod',
  );
  expect(done.out).toContain('stage 2 "Deploy" (deploy): converted\n');
  expect(done.out).toContain('ship-it is at revision 1');
  const exported = await signalbox('pipeline', 'export', 'application=catalog', 'name=ship-it');
  expect(exported.out).toContain('"strategy": "highlander"');
});

it('is bad usage to try one of our own, or to give no application', async () => {
  const path = await file('plain.json', { name: 'plain', stages: [] });
  expect((await signalbox('pipeline', 'import', path, 'application=catalog', '--dry-run')).code).toBe(2);
  expect((await signalbox('pipeline', 'import', path, 'name=x')).code).toBe(2);
  expect((await signalbox('pipeline', 'import', path, 'application=catalog')).err).toContain('stages');
});
