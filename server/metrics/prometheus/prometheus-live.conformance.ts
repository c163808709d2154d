import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { TestClient } from '@/server/local-cloud/testing/client';
import {
  type CloudProcess,
  disposeCloud,
  startCloudProcess,
} from '@/server/local-cloud/testing/cloud-process';
import { alignedGrid } from '@/server/metrics/grid';
import { prometheusConfigSchema } from '@/server/metrics/prometheus/config';
import { prometheusSource } from '@/server/metrics/prometheus/prometheus';
import { metricTemplates } from '@/server/metrics/templates';
import { directContext } from '@/server/metrics/testing/direct-context';
import { type Exporter, startExporter } from '@/server/metrics/testing/exporter';
import { type PrometheusServer, startPrometheus } from '@/server/metrics/testing/prometheus-server';

const never = new AbortController().signal;
const EFFECT = { timeout: 20_000, interval: 100 };
let cloud: CloudProcess;
let exporter: Exporter;
let server: PrometheusServer;

beforeAll(async () => {
  [cloud, exporter] = await Promise.all([startCloudProcess(), startExporter()]);
  server = await startPrometheus({ targets: [exporter.address, new URL(cloud.url).host] });
});
afterAll(async () => {
  await server?.stop();
  exporter?.stop();
  if (cloud) await disposeCloud(cloud);
});

function open(timeoutSeconds = 10) {
  return prometheusSource.open(
    prometheusConfigSchema.parse({ url: server.url, timeoutSeconds }),
    directContext,
  );
}

/** The latest value of a metric of a template; null while there is none. */
async function latest(
  template: string,
  index: number,
  serverGroup: string,
  location = '',
): Promise<number | null> {
  const metric = metricTemplates.find(({ id }) => id === template)?.metrics({ window: '3s' })[index];
  const query = prometheusSource.querySchema.parse(metric?.query);
  const now = Date.now();
  const grid = alignedGrid(now - 5_000, now, 1_000);
  const { series } = await open().read(query, { scope: serverGroup, location, extra: {} }, grid, never);
  return series[0]?.values.findLast((value) => value !== null) ?? null;
}

it('sees a canary go bad, and only the canary', async () => {
  await expect.poll(() => latest('micrometer', 0, 'canary-v002'), EFFECT).toBeCloseTo(0.099, 6);
  expect(await latest('micrometer', 1, 'canary-v002')).toBe(0);
  exporter.degrade();
  await expect.poll(() => latest('micrometer', 1, 'canary-v002'), EFFECT).toBeGreaterThan(0.2);
  await expect.poll(() => latest('micrometer', 0, 'canary-v002'), EFFECT).toBeGreaterThan(0.9);
  expect(await latest('micrometer', 0, 'base-v001')).toBeCloseTo(0.099, 6);
  expect(await latest('micrometer', 1, 'base-v001')).toBe(0);
});

it('measures real instances of the local cloud through its load balancers', async () => {
  const client = new TestClient(cloud);
  const urls = new Map<string, string>();
  for (const side of ['base', 'canary']) {
    const balancer = await client.loadBalancer(`shop-${side}-lb`);
    await client.group(`shop-${side}-v000`, 1, { loadBalancers: [balancer.name] });
    urls.set(side, balancer.url);
  }
  for (const side of urls.keys()) {
    await vi.waitFor(
      async () => expect(await client.health(`shop-${side}-v000`)).toEqual(['healthy']),
      EFFECT,
    );
  }
  const enough = new AbortController();
  const visit = async (side: string, path: string) => {
    while (!enough.signal.aborted) await fetch(`${urls.get(side)}${path}`).then((answer) => answer.text());
  };
  const visitors = [visit('base', '/slow?ms=20'), visit('canary', '/slow?ms=120')];
  const template = 'localCloudPrometheus';
  await expect.poll(() => latest(template, 0, 'shop-canary-v000', 'eu'), EFFECT).toBeGreaterThan(0.1);
  await expect.poll(() => latest(template, 2, 'shop-base-v000', 'eu'), EFFECT).toBeGreaterThan(5);
  await expect.poll(() => latest(template, 0, 'shop-base-v000', 'eu'), EFFECT).toBeGreaterThan(0.01);
  const quick = (await latest(template, 0, 'shop-base-v000', 'eu')) ?? Infinity;
  expect(quick).toBeLessThan((await latest(template, 0, 'shop-canary-v000', 'eu')) ?? 0);
  expect(await latest(template, 1, 'shop-base-v000', 'eu')).toBe(0);
  // A process that has only just begun has not taken its memory yet.
  await expect.poll(() => latest(template, 3, 'shop-base-v000', 'eu'), EFFECT).toBeGreaterThan(10_000_000);
  enough.abort();
  await Promise.all(visitors);
});

it('has no data, and no error, once the service is gone', async () => {
  exporter.breakDown();
  await expect.poll(() => latest('micrometer', 0, 'base-v001'), EFFECT).toBeNull();
});

it('is unavailable while Prometheus hangs or is away, and well again after', async () => {
  const query = prometheusSource.querySchema.parse({ type: 'prometheus', metricName: 'up' });
  const scope = { scope: 'x', location: '', extra: {} };
  const grid = alignedGrid(Date.now() - 2_000, Date.now(), 1_000);
  const impatient = new AbortController();
  server.signal('SIGSTOP');
  const hanging = open().read(query, scope, grid, impatient.signal);
  impatient.abort();
  await expect(hanging).rejects.toMatchObject({ name: 'AbortError' });
  await expect(open(1).read(query, scope, grid, never)).rejects.toMatchObject({
    kind: 'unavailable',
    message: expect.stringContaining('within'),
  });
  server.signal('SIGCONT');
  expect((await open().read(query, scope, grid, never)).series.length).toBeLessThanOrEqual(1);
  await server.stop();
  await expect(open().check(never)).rejects.toMatchObject({ kind: 'unavailable' });
  await expect(open().read(query, scope, grid, never)).rejects.toMatchObject({
    kind: 'unavailable',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});
