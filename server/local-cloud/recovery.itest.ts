import { readdirSync, rmSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { processIdentity } from '@/server/local-cloud/instances/identity';
import { groupPath, pidOf, TestClient } from '@/server/local-cloud/testing/client';
import {
  bundleLocalCloud,
  type CloudProcess,
  disposeDir,
  spawnCloud,
  startCloudProcess,
  temporaryCloudDir,
} from '@/server/local-cloud/testing/cloud-process';

const EFFECT = { timeout: 20_000, interval: 50 };
const running: CloudProcess[] = [];
const dirs: string[] = [];

async function start(dir = temporaryCloudDir(), environment: Record<string, string> = {}) {
  await bundleLocalCloud();
  const cloud = await startCloudProcess(dir, environment);
  running.push(cloud);
  dirs.push(dir);
  return { cloud, client: new TestClient(cloud) };
}

async function crash(cloud: CloudProcess): Promise<void> {
  cloud.kill('SIGKILL');
  await cloud.exited;
}

afterEach(async () => {
  for (const cloud of running.splice(0)) await crash(cloud);
  for (const dir of new Set(dirs.splice(0))) disposeDir(dir);
});

async function pids(url: string, count: number): Promise<Set<number>> {
  const found = new Set<number>();
  for (let i = 0; i < count * 4; i++) {
    found.add(await pidOf(url));
  }
  return found;
}

function isAlive(pid: number): boolean {
  return processIdentity(pid) !== null;
}

/** Starts a platform that is expected to refuse. */
async function complaintOf(dir: string, environment: Record<string, string> = {}) {
  dirs.push(dir);
  const child = await spawnCloud(dir, environment);
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += String(chunk);
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, said };
}

it('comes back after kill -9 on the same ports with the very same processes', async () => {
  const { cloud, client } = await start();
  const balancer = await client.loadBalancer('shop');
  await client.group('shop-v000', 2, { loadBalancers: ['shop'] });
  await expect.poll(() => client.health('shop-v000'), EFFECT).toEqual(['healthy', 'healthy']);
  const before = await pids(balancer.url, 2);
  expect(before.size).toBe(2);

  await crash(cloud);
  expect([...before].map(isAlive)).toEqual([true, true]);
  const again = await start(cloud.dir);
  expect(again.cloud.url).toBe(cloud.url);
  expect(await again.client.health('shop-v000')).toEqual(['healthy', 'healthy']);
  expect(await pids(balancer.url, 2)).toEqual(before);
  const group = await again.client.read('shop-v000');
  expect(group?.instances.map((instance) => instance.restarts)).toEqual([0, 0]);
});

it('restarts what died while it was away, and heals adopted instances', async () => {
  const { cloud, client } = await start();
  const balancer = await client.loadBalancer('shop');
  await client.group('shop-v000', 2, { loadBalancers: ['shop'] });
  await expect.poll(() => client.health('shop-v000'), EFFECT).toEqual(['healthy', 'healthy']);
  const [victim = 0, survivor = 0] = await pids(balancer.url, 2);
  await crash(cloud);
  process.kill(victim, 'SIGKILL');

  const again = await start(cloud.dir);
  await expect.poll(() => again.client.health('shop-v000'), EFFECT).toEqual(['healthy', 'healthy']);
  const now = await pids(balancer.url, 2);
  expect(now).toContain(survivor);
  expect(now).not.toContain(victim);

  process.kill(survivor, 'SIGKILL');
  await vi.waitFor(async () => {
    const group = await again.client.read('shop-v000');
    expect(group?.instances.map((instance) => [instance.health, instance.restarts])).toEqual([
      ['healthy', 1],
      ['healthy', 1],
    ]);
  }, EFFECT);
});

it('ends a process that no record names, and finishes a destruction that a crash interrupted', async () => {
  const { cloud, client } = await start();
  const balancer = await client.loadBalancer('shop');
  await client.group('shop-v000', 1, { loadBalancers: ['shop'] });
  await expect.poll(() => client.health('shop-v000'), EFFECT).toEqual(['healthy']);
  const [pid = 0] = await pids(balancer.url, 1);
  const slow = fetch(`${balancer.url}/slow?ms=5000`).catch(() => null);
  await client.must('DELETE', groupPath('shop-v000'));
  await crash(cloud);
  await slow;
  const records = readdirSync(`${cloud.dir}/instances`).filter((name) => name.endsWith('.json'));
  for (const record of records) rmSync(`${cloud.dir}/instances/${record}`);

  const again = await start(cloud.dir);
  await expect.poll(() => again.client.read('shop-v000'), EFFECT).toBeUndefined();
  await expect.poll(() => isAlive(pid), EFFECT).toBe(false);
});

it('remembers operations over a crash', async () => {
  const { cloud, client } = await start();
  const headers = {
    authorization: `Bearer ${client.cloud.token}`,
    'x-operation-id': 'once',
    'x-operation-fence': '2',
  };
  const url = `${cloud.url}/v1/regions/eu/load-balancers/shop`;
  const send = (fence: string) =>
    fetch(url, {
      method: 'PUT',
      headers: { ...headers, 'x-operation-fence': fence },
      body: JSON.stringify({ application: 'shop' }),
    });
  const first: unknown = await (await send('2')).json();
  await crash(cloud);
  await start(cloud.dir);
  expect(await (await send('2')).json()).toEqual(first);
  const late = await send('1');
  expect(late.status).toBe(409);
  expect(await late.json()).toMatchObject({ error: { code: 'fenced' } });
});

it('stops its instances on SIGTERM and brings them back at the next start', async () => {
  const { cloud, client } = await start();
  const balancer = await client.loadBalancer('shop');
  await client.group('shop-v000', 2, { loadBalancers: ['shop'] });
  await expect.poll(() => client.health('shop-v000'), EFFECT).toEqual(['healthy', 'healthy']);
  const before = await pids(balancer.url, 2);
  cloud.kill('SIGTERM');
  expect(await cloud.exited).toBe(0);
  expect([...before].map(isAlive)).toEqual([false, false]);

  const again = await start(cloud.dir);
  await expect.poll(() => again.client.health('shop-v000'), EFFECT).toEqual(['healthy', 'healthy']);
  expect((await fetch(balancer.url)).status).toBe(200);
});

it('keeps instances running over a SIGTERM when told to', async () => {
  const keep = { SIGNALBOX_CLOUD_KEEP: '1' };
  const { cloud, client } = await start(temporaryCloudDir(), keep);
  const balancer = await client.loadBalancer('shop');
  await client.group('shop-v000', 1, { loadBalancers: ['shop'] });
  await expect.poll(() => client.health('shop-v000'), EFFECT).toEqual(['healthy']);
  const before = await pids(balancer.url, 1);
  cloud.kill('SIGTERM');
  expect(await cloud.exited).toBe(0);
  await start(cloud.dir, keep);
  expect(await pids(balancer.url, 1)).toEqual(before);
});

it('refuses a folder that another local cloud uses, in one sentence', async () => {
  const { cloud } = await start();
  const { code, said } = await complaintOf(cloud.dir);
  expect(code).toBe(1);
  expect(said).toMatch(
    /^local cloud: another local cloud \(process \d+\) already runs on .*: stop it first\n$/,
  );
});

it('names the variable that is wrong, and a port that is taken', async () => {
  const { cloud } = await start();
  const wrong = await complaintOf(temporaryCloudDir(), { SIGNALBOX_CLOUD_PORT: 'many' });
  expect(wrong.code).toBe(1);
  expect(wrong.said).toMatch(/^local cloud: SIGNALBOX_CLOUD_PORT: .+\n$/);
  const { port } = new URL(cloud.url);
  expect(await complaintOf(temporaryCloudDir(), { SIGNALBOX_CLOUD_PORT: port })).toEqual({
    code: 1,
    said: `local cloud: port ${port} is in use: choose another with SIGNALBOX_CLOUD_PORT\n`,
  });
});
