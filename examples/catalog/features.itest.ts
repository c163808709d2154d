import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { extract } from 'tar';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { packCatalog } from '@/examples/catalog/pack';
import { findFreePort } from '@/server/supervisor/ports';

/** Who asked, and what they get; null hangs up. */
const asked: { url: string; key: unknown; body: string }[] = [];
let serves: boolean | 'codeDefault' | null = true;
let toggles: Server;
let folder: string;
let url = '';
const started: ChildProcess[] = [];

beforeAll(async () => {
  toggles = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      asked.push({ url: request.url ?? '', key: request.headers['x-api-key'], body });
      if (serves === null) return void response.destroy();
      response.writeHead(200, { 'content-type': 'application/json' });
      const answer =
        serves === 'codeDefault'
          ? { reason: 'DISABLED' }
          : { value: serves, variant: serves ? 'on' : 'off', reason: 'STATIC' };
      response.end(JSON.stringify({ key: 'price-badge', ...answer }));
    });
  });
  await new Promise<void>((resolve) => toggles.listen(0, '127.0.0.1', resolve));
  folder = await mkdtemp(path.join(tmpdir(), 'catalog-features-'));
  const content = path.join(folder, 'content');
  await mkdir(content);
  await writeFile(path.join(folder, 'artifact.tgz'), await packCatalog('1.1.0'));
  await extract({ file: path.join(folder, 'artifact.tgz'), cwd: content });
  const { port } = toggles.address() as AddressInfo;
  url = await catalog({ OFREP_ENDPOINT: `http://127.0.0.1:${port}`, OFREP_HEADERS: 'X-API-Key=sbt_x' });
});
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  toggles.close();
  await rm(folder, { recursive: true, force: true });
});

/** The artifact alone, without the packages of this checkout. */
async function catalog(env: Record<string, string>): Promise<string> {
  const port = await findFreePort();
  const child = spawn(process.execPath, ['server.mjs'], {
    cwd: path.join(folder, 'content'),
    env: { NODE_ENV: 'production', PATH: process.env.PATH ?? '', PORT: String(port), ...env },
    stdio: 'ignore',
  });
  started.push(child);
  const address = `http://127.0.0.1:${port}`;
  await vi.waitFor(async () => expect((await fetch(`${address}/health`)).status).toBe(200), 10_000);
  return address;
}
const hasBadge = async (address = url) =>
  (await (await fetch(`${address}/?visitor=v1`)).text()).includes('Best price');

it('shows the feature to those who get it, and asks by the key for the visitor', async () => {
  expect(await hasBadge()).toBe(true);
  expect(asked[0]).toMatchObject({ url: '/ofrep/v1/evaluate/flags/price-badge', key: 'sbt_x' });
  expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({
    context: { targetingKey: 'v1', version: '1.1.0' },
  });
  expect(await (await fetch(`${url}/products`)).text()).toContain('"badge":"Best price"');
});

it('follows a flip, and keeps what it had while nobody answers', async () => {
  serves = false;
  await expect.poll(hasBadge).toBe(false);
  serves = true;
  await expect.poll(hasBadge).toBe(true);
  serves = 'codeDefault';
  await expect.poll(hasBadge).toBe(false);
  serves = true;
  await expect.poll(hasBadge).toBe(true);
  serves = null;
  const before = asked.length;
  await expect.poll(async () => (await hasBadge()) && asked.length > before + 1).toBe(true);
  expect(await hasBadge()).toBe(true);
});

it('tells the platform by which variants it answered, and when the estimate of deliveries fails', async () => {
  serves = true;
  await expect.poll(hasBadge).toBe(true);
  expect((await fetch(`${url}/?visitor=v1`)).headers.get('x-toggle-variants')).toBe('price-badge=on');
  const asking = Array.from({ length: 60 }, () => fetch(`${url}/products/clock?visitor=v1`));
  const answers = await Promise.all(asking);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 500]));
  expect(new Set(answers.map(({ headers }) => headers.get('x-toggle-variants')))).toEqual(
    new Set(['delivery-estimate=on']),
  );
  const told = answers.find(({ ok }) => ok);
  expect(await told?.json()).toMatchObject({ id: 'clock', delivery: 'in three days' });
});

it('does what the code says where no toggles are, or they were never reached', async () => {
  const plain = await catalog({});
  expect(await hasBadge(plain)).toBe(false);
  expect((await fetch(plain)).headers.get('x-toggle-variants')).toBeNull();
  expect(await hasBadge(await catalog({ OFREP_ENDPOINT: 'http://127.0.0.1:9' }))).toBe(false);
});
