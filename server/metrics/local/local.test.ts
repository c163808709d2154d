import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findEndpoint, localConfigSchema } from '@/server/metrics/local/endpoint';
import { localSource } from '@/server/metrics/local/local';
import type { LocalQuery } from '@/server/metrics/local/range';
import type { Grid, Scope, SourceRequest, SourceResponse } from '@/server/metrics/source';

const grid: Grid = { startMs: 1_000_000, endMs: 1_020_000, stepMs: 10_000 };
const scope = { scope: 'shop-v003', location: 'eu', extra: {} };
const query = { type: 'local' as const, metric: 'requestRate' as const, quantile: 0.99 };
const never = new AbortController().signal;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function range(region: string) {
  return {
    region,
    serverGroup: 'shop-v003',
    requests: [20, null],
    errors: [0, null],
    durations: [[], []],
    memoryBytes: [1, 1],
  };
}

async function read(
  reply: Partial<SourceResponse> | Error,
  over: Grid = grid,
  location = 'eu',
  asked: LocalQuery = query,
  asking: Scope = { ...scope, location },
) {
  const requests: SourceRequest[] = [];
  const source = localSource.open(
    { url: 'http://cloud', tokenSecret: 'abc' },
    {
      fetch: (request) => {
        requests.push(request);
        if (reply instanceof Error) return Promise.reject(reply);
        return Promise.resolve({ status: 200, headers: {}, body: '', ...reply });
      },
    },
  );
  const settled = source.read(asked, asking, over, never).then(
    (measurement) => ({ measurement, error: undefined }),
    (error: unknown) => ({ measurement: undefined, error }),
  );
  await vi.advanceTimersByTimeAsync(10_000);
  return { ...(await settled), requests };
}

function answer(groups: object[], sinceMs = 0): Partial<SourceResponse> {
  return { body: JSON.stringify({ sinceMs, bucketGrowth: 1.04, groups }) };
}

it('asks for one server group on the grid, and says what it asked', async () => {
  const { measurement, requests } = await read(answer([range('eu')]));
  const asked = '/metrics/range?serverGroup=shop-v003&region=eu&start=1000&end=1020&step=10';
  expect(requests[0]).toMatchObject({
    url: `http://cloud${asked}`,
    headers: { authorization: 'Bearer abc' },
  });
  expect(measurement).toEqual({
    series: [{ tags: {}, values: [2, null] }],
    literalQuery: `requestRate: GET ${asked}`,
    warnings: [],
  });
});

it('tells regions apart by a tag when it was asked for all of them', async () => {
  const { measurement } = await read(answer([range('eu'), range('us')]), grid, '');
  expect(measurement?.series.map(({ tags }) => tags)).toEqual([{ region: 'eu' }, { region: 'us' }]);
});

it('asks for what a variant of a toggle did in a cluster, over all regions', async () => {
  const ofToggle = { ...query, toggle: '${toggle}', cluster: '${ cluster }' };
  const extra = { toggle: 'badge', cluster: 'shop-prod' };
  const asking = { scope: 'on', location: '', extra };
  const { measurement, requests } = await read(answer([range('')]), grid, '', ofToggle, asking);
  expect(requests[0]?.url).toBe(
    'http://cloud/metrics/range?toggle=badge&variant=on&cluster=shop-prod&start=1000&end=1020&step=10',
  );
  expect(measurement?.series).toEqual([{ tags: {}, values: [2, null] }]);
  const nowhere = await read(answer([]), grid, '', ofToggle, {
    ...asking,
    extra: { toggle: 'badge', cluster: '' },
  });
  expect(nowhere.error).toMatchObject({ kind: 'query', message: expect.stringContaining('${cluster}') });
});

it('knows no data from an error, and says when it has forgotten', async () => {
  const { measurement } = await read(answer([], 1_015_000));
  expect(measurement?.series).toEqual([]);
  expect(measurement?.warnings[0]).toContain('1970-01-01T00:16:55.000Z');
});

it.each<[string, Partial<SourceResponse> | Error, string, number]>([
  ['nobody there', new Error('ECONNREFUSED'), 'unavailable', 3],
  [
    'an inner failure',
    { status: 500, body: '{"error":{"code":"internal","message":"x"}}' },
    'unavailable',
    3,
  ],
  ['another token', { status: 401, body: '{"error":{"code":"unauthorized","message":"x"}}' }, 'access', 1],
  ['a wrong request', { status: 400, body: '{"error":{"code":"invalid","message":"x"}}' }, 'query', 1],
  ['another service', { status: 404, body: 'nothing here' }, 'access', 1],
  ['a page', { body: '<html>' }, 'access', 1],
])('says what is wrong: %s', async (_name, reply, kind, times) => {
  const { error, requests } = await read(reply);
  expect(error).toMatchObject({ name: 'MetricsError', kind });
  expect(requests).toHaveLength(times);
});

it('asks for no more than an hour of seconds, and for no parts of seconds', async () => {
  const long = await read(answer([]), { startMs: 0, endMs: 3_601_000, stepMs: 1_000 });
  expect(long.error).toMatchObject({ kind: 'tooMuch' });
  const short = await read(answer([]), { startMs: 0, endMs: 1_000, stepMs: 500 });
  expect(short.error).toMatchObject({ kind: 'query' });
});

it('finds the cloud by its settings, else by the environment', async () => {
  expect(localConfigSchema.safeParse({ url: 'http://x' }).success).toBe(false);
  const environment = { SIGNALBOX_CLOUD_URL: 'http://here', SIGNALBOX_CLOUD_TOKEN: 't' };
  expect(await findEndpoint({}, environment)).toEqual({ url: 'http://here', token: 't' });
  expect(await findEndpoint({ url: 'http://x', tokenSecret: 'y' }, environment)).toEqual({
    url: 'http://x',
    token: 'y',
  });
  await expect(findEndpoint({}, {})).rejects.toMatchObject({
    kind: 'access',
    message: /SIGNALBOX_CLOUD_URL/,
  });
  await expect(findEndpoint({ endpointFile: '/nowhere/endpoint.json' })).rejects.toMatchObject({
    kind: 'unavailable',
  });
});
