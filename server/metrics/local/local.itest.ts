import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { TestClient } from '@/server/local-cloud/testing/client';
import {
  type CloudProcess,
  disposeCloud,
  startCloudProcess,
} from '@/server/local-cloud/testing/cloud-process';
import { alignedGrid } from '@/server/metrics/grid';
import { localSource } from '@/server/metrics/local/local';
import { type LocalQuery, localQuerySchema } from '@/server/metrics/local/range';
import type { MeasuredSeries } from '@/server/metrics/source';
import { directContext } from '@/server/metrics/testing/direct-context';

const signal = new AbortController().signal;
let cloud: CloudProcess;
let client: TestClient;

beforeAll(async () => {
  cloud = await startCloudProcess();
  client = new TestClient(cloud);
});
afterAll(() => disposeCloud(cloud));

it('tells variants of a toggle apart, which a visitor hears nothing of', async () => {
  const begin = Date.now();
  const balancer = await client.loadBalancer('blue-lb');
  await client.group('shop-blue-v000', 1, { loadBalancers: [balancer.name] });
  await vi.waitFor(async () => expect(await client.health('shop-blue-v000')).toEqual(['healthy']), {
    timeout: 20_000,
    interval: 50,
  });
  for (const said of ['badge=on', 'badge=on, order=by-name', 'badge=off', '']) {
    const answer = await fetch(`${balancer.url}/?variants=${encodeURIComponent(said)}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-toggle-variants')).toBeNull();
  }
  const source = localSource.open({ endpointFile: join(cloud.dir, 'endpoint.json') }, directContext);
  const query = localQuerySchema.parse({
    type: 'local',
    metric: 'requestRate',
    toggle: '${toggle}',
    cluster: '${cluster}',
  });
  const requests = async (toggle: string, variant: string) => {
    const scope = { scope: variant, location: '', extra: { toggle, cluster: 'shop-blue' } };
    const grid = alignedGrid(begin, Date.now() + 2_000, 1_000);
    const { series } = await source.read(query, scope, grid, signal);
    return series.flatMap(({ values }) => values).reduce<number>((sum, rate) => sum + (rate ?? 0), 0);
  };
  await expect.poll(() => requests('badge', 'on')).toBe(2);
  expect(await requests('badge', 'off')).toBe(1);
  expect(await requests('order', 'by-name')).toBe(1);
  expect(await requests('badge', 'blue')).toBe(0);
});

it('reads what real requests to real instances did, second by second', async () => {
  const begin = Date.now();
  const balancer = await client.loadBalancer('shop-lb');
  await client.group('shop-v000', 1, { loadBalancers: [balancer.name] });
  await vi.waitFor(async () => expect(await client.health('shop-v000')).toEqual(['healthy']), {
    timeout: 20_000,
    interval: 50,
  });
  for (let turn = 0; turn < 5; turn++) await fetch(`${balancer.url}/slow?ms=60`);
  const source = localSource.open({ endpointFile: join(cloud.dir, 'endpoint.json') }, directContext);
  const read = async (
    metric: LocalQuery['metric'],
    serverGroup = 'shop-v000',
  ): Promise<readonly MeasuredSeries[]> => {
    const query = localQuerySchema.parse({ type: 'local', metric });
    const scope = { scope: serverGroup, location: 'eu', extra: {} };
    return (await source.read(query, scope, alignedGrid(begin, Date.now() + 2_000, 1_000), signal)).series;
  };
  const numbers = async (metric: LocalQuery['metric']) =>
    (await read(metric)).flatMap(({ values }) => values.filter((value) => value !== null));

  await source.check(signal);
  // The last second is told when it is over.
  await expect.poll(async () => (await numbers('requestRate')).reduce((sum, rate) => sum + rate, 0)).toBe(5);
  const latencies = await numbers('latency');
  expect(Math.min(...latencies)).toBeGreaterThan(0.055);
  expect(new Set(await numbers('errorRatio'))).toEqual(new Set([0]));
  await expect.poll(async () => Math.max(0, ...(await numbers('memory')))).toBeGreaterThan(10_000_000);
  expect(await read('latency', 'shop-v999')).toEqual([]);
});
