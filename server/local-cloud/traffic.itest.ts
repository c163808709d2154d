import { afterAll, beforeAll, it, vi } from 'vitest';
import { z } from 'zod';
import { brokenService, testService } from '@/server/local-cloud/testing/artifacts';
import { groupPath, pidOf, TestClient } from '@/server/local-cloud/testing/client';
import {
  type CloudProcess,
  disposeCloud,
  startCloudProcess,
} from '@/server/local-cloud/testing/cloud-process';

const EFFECT = { timeout: 20_000, interval: 50 };
let cloud: CloudProcess;
let client: TestClient;

beforeAll(async () => {
  cloud = await startCloudProcess(undefined, { PLATFORM_SECRET: 'do-not-pass-on' });
  client = new TestClient(cloud);
});
afterAll(() => disposeCloud(cloud));

async function service(name: string, desired: number, overrides: Record<string, unknown> = {}) {
  const balancer = await client.loadBalancer(`${name}-lb`);
  await client.group(`${name}-v000`, desired, { loadBalancers: [balancer.name], ...overrides });
  await vi.waitFor(async () => {
    const healthy = (await client.health(`${name}-v000`)).filter((health) => health === 'healthy');
    if (healthy.length !== desired) throw new Error(`${name} has ${healthy.length} of ${desired} instances`);
  }, EFFECT);
  return balancer.url;
}

async function json(response: Response): Promise<Record<string, unknown>> {
  return z.record(z.string(), z.unknown()).parse(await response.json());
}

it.concurrent('loses no request when an instance is killed under traffic', async ({ expect }) => {
  const url = await service('shop-kill', 3);
  const statuses: number[] = [];
  const enough = new AbortController();
  const lane = async () => {
    while (!enough.signal.aborted) statuses.push((await fetch(`${url}/slow?ms=5`)).status);
  };
  const lanes = [lane(), lane(), lane(), lane()];
  const pid = await pidOf(url);
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(async () => {
    const group = await client.read('shop-kill-v000');
    expect(group?.instances.map((instance) => instance.health)).toEqual(Array(3).fill('healthy'));
    expect(group?.instances.reduce((sum, instance) => sum + instance.restarts, 0)).toBe(1);
  }, EFFECT);
  enough.abort();
  await Promise.all(lanes);
  expect(new Set(statuses)).toEqual(new Set([200]));
});

it.concurrent('lets a slow request finish before its instance is stopped', async ({ expect }) => {
  const artifact = await client.publish(
    'abrupt',
    '1.0.0',
    await testService('abrupt', {}, { graceful: false }),
  );
  const url = await service('shop-drain', 1, { artifact });
  const slow = fetch(`${url}/slow?ms=1200`);
  // The request must have arrived before the group is destroyed.
  await expect
    .poll(async () => (await fetch(`${cloud.url}/metrics`)).text(), EFFECT)
    .toMatch(/signalbox_lb_requests_in_flight\{server_group="shop-drain-v000".*\} 1/);
  await client.must('DELETE', groupPath('shop-drain-v000'));
  expect(await client.health('shop-drain-v000')).toEqual(['draining']);
  const refused = await fetch(url);
  expect(refused.status).toBe(503);
  expect(await json(refused)).toMatchObject({ error: { code: 'unavailable' } });
  expect((await slow).status).toBe(200);
  await expect.poll(() => client.read('shop-drain-v000'), EFFECT).toBeUndefined();
});

it.concurrent('does not repeat a request that an instance may have acted on', async ({ expect }) => {
  const url = await service('shop-post', 2);
  const pid = await pidOf(url);
  const pending = fetch(`${url}/slow?ms=1000`, { method: 'POST', body: 'order' });
  const other = fetch(`${url}/slow?ms=1000`, { method: 'POST', body: 'order' });
  await expect
    .poll(async () => (await fetch(`${cloud.url}/metrics`)).text(), EFFECT)
    .toMatch(/signalbox_lb_requests_in_flight\{server_group="shop-post-v000".*\} 2/);
  process.kill(pid, 'SIGKILL');
  const statuses = new Set([(await pending).status, (await other).status]);
  expect(statuses).toEqual(new Set([200, 502]));
});

it.concurrent('passes bodies both ways unchanged, small and large', async ({ expect }) => {
  const url = await service('shop-body', 1);
  for (const size of [10, 5_000_000]) {
    const body = 'x'.repeat(size);
    const response = await fetch(`${url}/echo`, { method: 'POST', body });
    expect(await response.text()).toBe(body);
    expect(response.headers.get('x-served-by')).toBe('shop-body-v000');
  }
});

it.concurrent('replaces an instance that stops answering its health checks', async ({ expect }) => {
  const url = await service('shop-sick', 1);
  await fetch(`${url}/sick`);
  await expect.poll(() => client.health('shop-sick-v000'), EFFECT).toEqual(['unhealthy']);
  expect((await client.read('shop-sick-v000'))?.instances[0]?.reason).toBe(
    'health check /health answered 500',
  );
  await expect.poll(() => client.health('shop-sick-v000'), EFFECT).toEqual(['healthy']);
  expect((await client.read('shop-sick-v000'))?.instances[0]?.restarts).toBe(1);
});

it.concurrent('says why an instance cannot stay up, and keeps its last words', async ({ expect }) => {
  const artifact = await client.publish('broken', '1.0.0', await brokenService('CATALOG_URL is not set'));
  await client.group('shop-broken-v000', 1, { artifact });
  await vi.waitFor(async () => {
    const instance = (await client.read('shop-broken-v000'))?.instances[0];
    expect(instance?.reason).toBe('exited with code 1: Error: CATALOG_URL is not set');
    expect(instance?.restarts).toBeGreaterThanOrEqual(2);
  }, EFFECT);
  const id = (await client.read('shop-broken-v000'))?.instances[0]?.id;
  const logs = await client.must<{ stderr: string[] }>(
    'GET',
    `${groupPath('shop-broken-v000')}/instances/${id}/logs`,
  );
  expect(logs.stderr).toContain('Error: CATALOG_URL is not set');
  await client.must('DELETE', groupPath('shop-broken-v000'));
  await expect.poll(() => client.read('shop-broken-v000'), EFFECT).toBeUndefined();
});

it.concurrent('gives an instance its configuration and nothing of the platform’s environment', async ({
  expect,
}) => {
  const url = await service('shop-env', 1, { config: { CATALOG_CURRENCY: 'KRW' } });
  const seen = await json(await fetch(`${url}/env`));
  expect(seen).toMatchObject({
    CATALOG_CURRENCY: 'KRW',
    SIGNALBOX_REGION: 'eu',
    SIGNALBOX_SERVER_GROUP: 'shop-env-v000',
    SIGNALBOX_ARTIFACT_VERSION: '1.0.0',
  });
  expect(JSON.stringify(seen)).not.toContain('do-not-pass-on');
  expect(JSON.stringify(seen)).not.toContain(cloud.token);
});

it.concurrent('lets in whom a firewall allows and nobody else', async ({ expect }) => {
  const balancer = await client.loadBalancer('guarded-lb', 'guarded');
  expect((await fetch(balancer.url)).status).toBe(503);
  const set = (source: string) =>
    client.must('PUT', '/v1/regions/eu/firewalls/guarded', {
      application: 'guarded',
      rules: [{ protocol: 'tcp', fromPort: 0, toPort: 65_535, source }],
    });
  await set('10.0.0.0/8');
  expect((await fetch(balancer.url)).status).toBe(403);
  await set('127.0.0.1/32');
  expect((await fetch(balancer.url)).status).toBe(503);
});

it.concurrent('counts requests, errors, times and memory for each server group', async ({ expect }) => {
  const url = await service('shop-metrics', 1);
  for (let i = 0; i < 3; i++) await fetch(url);
  const text = await (await fetch(`${cloud.url}/metrics`)).text();
  const labels =
    'server_group="shop-metrics-v000",cluster="shop-metrics",application="shop",region="eu",version="1.0.0"';
  expect(text).toContain(
    `signalbox_lb_requests_total{${labels},load_balancer="shop-metrics-lb",status_class="2xx",outcome="success"} 3`,
  );
  expect(text).toContain(
    `signalbox_lb_request_duration_seconds_count{${labels},load_balancer="shop-metrics-lb",status_class="2xx"} 3`,
  );
  expect(text).toContain(`signalbox_instances{${labels},health="healthy"} 1`);
  expect(text).toMatch(/signalbox_instance_memory_bytes\{server_group="shop-metrics-v000".*\} \d{7,}/);
});

it.concurrent('drains for as long as the artifact says, and no longer', async ({ expect }) => {
  const artifact = await client.publish('hasty', '1.0.0', await testService('hasty', { drainSeconds: 0 }));
  const url = await service('shop-hasty', 1, { artifact });
  const endless = fetch(`${url}/slow?ms=600000`);
  await expect
    .poll(async () => (await fetch(`${cloud.url}/metrics`)).text(), EFFECT)
    .toMatch(/signalbox_lb_requests_in_flight\{server_group="shop-hasty-v000".*\} 1/);
  await client.must('DELETE', groupPath('shop-hasty-v000'));
  await expect.poll(() => client.read('shop-hasty-v000'), EFFECT).toBeUndefined();
  // Nobody is left to take the request over.
  expect((await endless).status).toBe(503);
});
