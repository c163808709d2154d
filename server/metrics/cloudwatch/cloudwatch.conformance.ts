import { CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudWatchSource } from '@/server/metrics/cloudwatch/cloudwatch';
import type { Grid, Measurement } from '@/server/metrics/source';
import { metricTemplates } from '@/server/metrics/templates';
import { directContext } from '@/server/metrics/testing/direct-context';
import { type MotoServer, startMoto } from '@/server/metrics/testing/moto-server';

/** On a whole minute, an hour ago. Milliseconds. */
const T0 = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000;
const MINUTE = 60_000;
const REGION = 'eu-west-1';
const never = new AbortController().signal;
let server: MotoServer;

beforeAll(async () => {
  server = await startMoto();
  // Of the base, five minutes with a gap; of the canary, two values in its only minute.
  await put('Latency', 'base-v001', [
    [0, 1.5],
    [1, 2],
    [3, 4.25],
    [4, 5],
  ]);
  await put('Latency', 'canary-v002', [
    [2, 10],
    [2.5, 20],
  ]);
});
afterAll(() => server?.stop());

async function put(
  MetricName: string,
  serverGroup: string | Readonly<Record<string, string>>,
  points: readonly [minute: number, value: number][],
  Namespace = 'Shop',
) {
  const client = new CloudWatchClient({
    region: REGION,
    endpoint: server.url,
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'writer' },
  });
  const dimensions = typeof serverGroup === 'string' ? { ServerGroup: serverGroup } : serverGroup;
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const MetricData = points.map(
    ([minute, Value]): MetricDatum => ({
      MetricName,
      Dimensions,
      Timestamp: new Date(T0 + minute * MINUTE),
      Value,
      Unit: 'Milliseconds',
    }),
  );
  await client.send(new PutMetricDataCommand({ Namespace, MetricData }));
}

function settings(extra: object = {}) {
  return cloudWatchSource.configSchema.parse({
    region: REGION,
    endpoint: server.url,
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKeySecret: 'reader',
    ...extra,
  });
}

function minutes(from: number, until: number): Grid {
  return { startMs: T0 + from * MINUTE, endMs: T0 + until * MINUTE, stepMs: MINUTE };
}

interface Asker {
  readonly scope?: string;
  readonly extra?: Readonly<Record<string, string>>;
  readonly config?: object;
}

function ask(
  query: object,
  grid: Grid,
  { scope = 'base-v001', extra = {}, config }: Asker,
): Promise<Measurement> {
  const source = cloudWatchSource.open(settings(config), directContext);
  const parsed = cloudWatchSource.querySchema.parse({ type: 'cloudwatch', ...query });
  return source.read(parsed, { scope, location: '', extra }, grid, never);
}

const LATENCY = { namespace: 'Shop', metricName: 'Latency', dimensions: { ServerGroup: '${scope}' } };

function read(query: object, grid: Grid, scope?: string, config?: object): Promise<Measurement> {
  return ask({ ...LATENCY, ...query }, grid, { scope, config });
}

describe('points', () => {
  it('stand on the whole grid, without its end, and are null in a gap', async () => {
    const { series, warnings } = await read({}, minutes(-1, 4));
    expect(series).toEqual([{ tags: {}, values: [null, 1.5, 2, null, 4.25] }]);
    expect(warnings).toEqual([]);
  });

  it('are of the side that was asked for', async () => {
    const { series, literalQuery } = await read({}, minutes(0, 4), 'canary-v002');
    expect(series).toEqual([{ tags: {}, values: [null, null, 15, null] }]);
    expect(literalQuery).toContain('"Value": "canary-v002"');
  });

  it.each([
    ['Sum', 30],
    ['Minimum', 10],
    ['Maximum', 20],
    ['SampleCount', 2],
  ])('are the %s of what came within a step', async (statistic, value) => {
    const { series } = await read({ statistic }, minutes(2, 3), 'canary-v002');
    expect(series[0]?.values).toEqual([value]);
  });

  it('are of longer steps too', async () => {
    const startMs = Math.floor(T0 / 300_000) * 300_000;
    const grid = { startMs, endMs: startMs + 600_000, stepMs: 300_000 };
    const { series } = await read({ statistic: 'Sum' }, grid);
    const sum = series[0]?.values.reduce<number>((total, value) => total + (value ?? 0), 0);
    expect([series[0]?.values.length, sum]).toEqual([2, 12.75]);
  });

  it('are none, without an error, for a metric or a unit that does not exist', async () => {
    expect((await read({ metricName: 'Nothing' }, minutes(0, 2))).series).toEqual([]);
    expect((await read({ unit: 'Bytes' }, minutes(0, 2))).series).toEqual([]);
    expect((await read({ unit: 'Milliseconds' }, minutes(0, 2))).series).toHaveLength(1);
  });

  it('of an expression come without those of its queries', async () => {
    const query = { expression: 'slow * 2', queries: [{ id: 'slow', ...LATENCY }] };
    const { series, literalQuery } = await ask(query, minutes(0, 2), {});
    // moto computes nothing, but it would give back what it was not told to leave out.
    expect(series).toEqual([]);
    expect(literalQuery).toContain('"Expression": "slow * 2"');
  });
});

describe('templates', () => {
  it('find what a load balancer and an Auto Scaling group publish', async () => {
    const dimensions = { LoadBalancer: 'app/shop/1', TargetGroup: 'targetgroup/shop-v003/2' };
    await put('RequestCount', dimensions, [[0, 120]], 'AWS/ApplicationELB');
    await put('CPUUtilization', { AutoScalingGroupName: 'shop-v003' }, [[0, 40]], 'AWS/EC2');
    const query = (id: string, index: number) =>
      metricTemplates.find((template) => template.id === id)?.metrics()[index]?.query ?? {};
    // The count that moto cannot compute with.
    const traffic = cloudWatchSource.querySchema.parse(query('targetGroup', 2)).queries?.[0];
    const extra = { loadBalancer: 'app/shop/1', targetGroup: 'targetgroup/shop-v003/2' };
    const requests = await ask({ ...traffic }, minutes(0, 1), { scope: 'shop-v003', extra });
    expect(requests.series[0]?.values).toEqual([120]);
    const cpu = await ask(query('autoScalingGroup', 0), minutes(0, 1), { scope: 'shop-v003' });
    expect(cpu.series[0]?.values).toEqual([40]);
  });
});

describe('who asks', () => {
  it('may check, with a key of its own or with a role', async () => {
    await expect(cloudWatchSource.open(settings(), directContext).check(never)).resolves.toBeUndefined();
    const role = { roleArn: 'arn:aws:iam::123456789012:role/reader', stsEndpoint: server.url };
    const { series } = await read({}, minutes(0, 1), 'base-v001', { ...role, externalId: 'ours' });
    expect(series[0]?.values).toEqual([1.5]);
  });

  it('sees nothing of this account by a role of another', async () => {
    const role = { roleArn: 'arn:aws:iam::999999999999:role/reader', stsEndpoint: server.url };
    expect((await read({}, minutes(0, 1), 'base-v001', role)).series).toEqual([]);
  });
});

describe('errors', () => {
  it('say what is not there yet, in the words of the server', async () => {
    // moto has no percentiles and answers with a page of HTML.
    await expect(read({ statistic: 'p99' }, minutes(0, 2))).rejects.toMatchObject({
      name: 'MetricsError',
      kind: 'unavailable',
      message: expect.stringContaining('500'),
    });
  });

  it('say that it is too slow, and reading goes on when it is back', async () => {
    server.signal('SIGSTOP');
    const slow = read({}, minutes(0, 1), 'base-v001', { timeoutSeconds: 1 });
    await expect(slow).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('1 s'),
    });
    server.signal('SIGCONT');
    expect((await read({}, minutes(0, 1))).series).toHaveLength(1);
  });

  it('say that nobody is there', async () => {
    const gone = await startMoto();
    await gone.stop();
    await expect(read({}, minutes(0, 1), 'base-v001', { endpoint: gone.url })).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
