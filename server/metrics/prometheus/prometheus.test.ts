import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { prometheusConfigSchema } from '@/server/metrics/prometheus/config';
import { prometheusSource } from '@/server/metrics/prometheus/prometheus';
import type { Grid, SourceRequest, SourceResponse } from '@/server/metrics/source';

/** Answers as the wire would bring them: for what a real server cannot be made to do. */
type Reply = Partial<SourceResponse> | Error;

const grid: Grid = { startMs: 1_000_000, endMs: 1_040_000, stepMs: 10_000 };
const scope = { scope: 'shop-v003', location: '', extra: {} };
const query = { type: 'prometheus' as const, customInlineTemplate: 'up{sg="${scope}"}' };
const never = new AbortController().signal;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(replies: readonly Reply[], config: object = {}) {
  const requests: SourceRequest[] = [];
  const source = prometheusSource.open(
    prometheusConfigSchema.parse({ url: 'http://prometheus:9090/base/', ...config }),
    {
      fetch: (request) => {
        const reply = replies[Math.min(requests.length, replies.length - 1)] ?? {};
        requests.push(request);
        if (reply instanceof Error) return Promise.reject(reply);
        return Promise.resolve({
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: '',
          ...reply,
        });
      },
    },
  );
  return { source, requests };
}

function matrix(...result: { metric: object; values: [number, string][] }[]): Reply {
  return { body: JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }) };
}

function refusal(status: number, errorType: string, error: string): Reply {
  return { status, body: JSON.stringify({ status: 'error', errorType, error }) };
}

async function read(replies: readonly Reply[], over: Grid = grid, config: object = {}) {
  const { source, requests } = open(replies, config);
  const settled = source.read(query, scope, over, never).then(
    (measurement) => ({ measurement, error: undefined }),
    (error: unknown) => ({ measurement: undefined, error }),
  );
  await vi.advanceTimersByTimeAsync(60_000);
  return { ...(await settled), requests };
}

it('puts points on the whole grid: gaps and NaN are null, infinities are kept', async () => {
  const { measurement, requests } = await read([
    matrix({
      metric: { __name__: 'up', pod: 'a' },
      values: [
        [1000, '1.5'],
        [1010, 'NaN'],
        [1030, '-Inf'],
      ],
    }),
  ]);
  expect(measurement?.series).toEqual([
    { tags: { pod: 'a' }, values: [1.5, null, null, Number.NEGATIVE_INFINITY] },
  ]);
  expect(measurement?.literalQuery).toBe('up{sg="shop-v003"}');
  expect(requests[0]?.url).toBe('http://prometheus:9090/base/api/v1/query_range');
  expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toMatchObject({
    query: 'up{sg="shop-v003"}',
    start: '1000',
    end: '1030',
    step: '10',
  });
});

it('passes on what Prometheus remarks, and knows no data from an error', async () => {
  const body = JSON.stringify({
    status: 'success',
    data: { resultType: 'matrix', result: [] },
    warnings: ['one store is away'],
    infos: ['metric might not be a counter'],
  });
  const { measurement } = await read([{ body }]);
  expect(measurement).toMatchObject({
    series: [],
    warnings: ['one store is away', 'metric might not be a counter'],
  });
});

it('joins the parts of a long query, series that are missing in one of them too', async () => {
  const long: Grid = { startMs: 0, endMs: 11_001_000, stepMs: 1_000 };
  const { measurement, requests } = await read(
    [
      matrix({
        metric: { pod: 'b' },
        values: [
          [0, '1'],
          [10_999, '2'],
        ],
      }),
      matrix(
        { metric: { pod: 'a' }, values: [[11_000, '3']] },
        { metric: { pod: 'b' }, values: [[11_000, '4']] },
      ),
    ],
    long,
  );
  const asked = requests.map(({ body }) => new URLSearchParams(body));
  expect(asked.map((one) => [one.get('start'), one.get('end')])).toEqual([
    ['0', '10999'],
    ['11000', '11000'],
  ]);
  const [a, b] = measurement?.series ?? [];
  expect([a?.tags.pod, a?.values.length, a?.values[0], a?.values[11_000]]).toEqual(['a', 11_001, null, 3]);
  expect([b?.values[0], b?.values[10_999], b?.values[11_000]]).toEqual([1, 2, 4]);
});

it.each<[string, Reply, string, number, string]>([
  [
    'a query that does not parse',
    refusal(400, 'bad_data', '1:5: parse error'),
    'query',
    1,
    '1:5: parse error',
  ],
  ['a query that cannot be run', refusal(422, 'execution', 'many-to-many'), 'query', 1, 'many-to-many'],
  [
    'too many samples',
    refusal(422, 'execution', 'query processing would load too many samples into memory'),
    'tooMuch',
    1,
    'too many samples',
  ],
  [
    'a query that ran too long',
    refusal(503, 'timeout', 'query timed out'),
    'unavailable',
    3,
    'query timed out',
  ],
  ['an inner failure', refusal(500, 'internal', 'disk'), 'unavailable', 3, 'disk'],
  ['no password', { status: 401, body: 'Unauthorized' }, 'access', 1, 'Unauthorized'],
  ['a forbidden tenant', refusal(403, 'forbidden', 'not yours'), 'access', 1, 'not yours'],
  [
    'a gateway without a server',
    { status: 502, body: '<html><h1>Bad\nGateway</h1></html>' },
    'unavailable',
    3,
    '502: Bad Gateway',
  ],
  [
    'a sign-in page',
    { body: '<html>Sign in</html>', headers: { 'content-type': 'text/html' } },
    'access',
    1,
    'Sign in',
  ],
  ['another service', { status: 404, body: '404 page not found' }, 'access', 1, 'Check the address'],
  ['a redirect', { status: 302, headers: { location: 'https://sso/' } }, 'access', 1, 'https://sso/'],
  ['half an answer', { body: '{"status":"succ' }, 'unavailable', 3, 'broken off'],
  ['JSON of something else', { body: '{"status":"ok"}' }, 'access', 1, 'not Prometheus'],
  [
    'a vector',
    { body: '{"status":"success","data":{"resultType":"vector","result":[]}}' },
    'access',
    1,
    'resultType',
  ],
  ['a point off the grid', matrix({ metric: {}, values: [[1003, '1']] }), 'access', 1, '1003'],
  ['nobody there', new Error('connect ECONNREFUSED'), 'unavailable', 3, 'ECONNREFUSED'],
  ['more bytes than are read', { body: 'x'.repeat(16 * 1024 * 1024) }, 'tooMuch', 1, '16 MB'],
  [
    'more series than can be judged',
    matrix(...Array.from({ length: 501 }, (_, pod) => ({ metric: { pod: `${pod}` }, values: [] }))),
    'tooMuch',
    1,
    'sum by',
  ],
])('says what is wrong: %s', async (_name, reply, kind, times, text) => {
  const { error, requests } = await read([reply]);
  expect(error).toMatchObject({ name: 'MetricsError', kind });
  expect(String(error)).toContain(text);
  expect(requests).toHaveLength(times);
});

it('asks again as long as it was told to wait, and goes on', async () => {
  const busy = { status: 429, headers: { 'retry-after': '7' }, body: 'slow down' };
  const { source, requests } = open([busy, new Error('reset'), matrix()]);
  const reading = source.read(query, scope, grid, never);
  await vi.advanceTimersByTimeAsync(6_900);
  expect(requests).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect((await reading).series).toEqual([]);
  expect(requests).toHaveLength(3);
});

it('does not wait within a read for a server that wants to be left alone for minutes', async () => {
  const { error, requests } = await read([{ status: 503, headers: { 'retry-after': '300' }, body: 'later' }]);
  expect(error).toMatchObject({ kind: 'unavailable' });
  expect(requests).toHaveLength(1);
});

it('ends at once, while it waits too, when nobody wants the answer any more', async () => {
  const stop = new AbortController();
  const { source, requests } = open([new Error('reset')]);
  const reading = source.read(query, scope, grid, stop.signal);
  const ended = reading.catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(0);
  stop.abort();
  expect(await ended).toMatchObject({ name: 'AbortError' });
  expect(requests).toHaveLength(1);
});

it('asks nothing for a window that is not on the grid, or is too long', async () => {
  const off = await read([matrix()], { startMs: 5, endMs: 1_005, stepMs: 1_000 });
  expect(off.error).toMatchObject({ kind: 'query' });
  const long = await read([matrix()], { startMs: 0, endMs: 100_001_000, stepMs: 1_000 });
  expect(long.error).toMatchObject({ kind: 'tooMuch' });
  expect([...off.requests, ...long.requests]).toEqual([]);
});

it.each([
  [{ tokenSecret: 'abc' }, { authorization: 'Bearer abc' }],
  [{ username: 'ann', passwordSecret: 'p:w' }, { authorization: 'Basic YW5uOnA6dw==' }],
  [
    { tenant: 'team-a', headers: { 'X-Extra': 'yes' } },
    { 'x-scope-orgid': 'team-a', 'X-Extra': 'yes' },
  ],
])('signs in with %j', async (config, headers) => {
  const { requests } = await read([matrix()], grid, config);
  expect(requests[0]?.headers).toMatchObject(headers);
});

it.each([
  { url: 'ftp://x' },
  { url: 'http://ann:secret@x' },
  { url: 'http://x/prometheus?a=b' },
  { tokenSecret: 'a\nb' },
  { headers: { Authorization: 'Bearer x' } },
  { headers: { 'a b': 'x' } },
  { tokenSecret: 'a', username: 'b' },
  { passwordSecret: 'a' },
])('refuses the settings %j', (config) => {
  expect(prometheusConfigSchema.safeParse({ url: 'http://x', ...config }).success).toBe(false);
});

it('checks by a query, because a proxy may leave readiness open; and waits for no server that starts', async () => {
  const closed = open([{ body: 'Ready.' }, { status: 401, body: 'no' }]);
  await expect(closed.source.check(never)).rejects.toMatchObject({ kind: 'access' });
  const other = open([{ status: 404 }, { body: '{"status":"success","data":{}}' }]);
  await expect(other.source.check(never)).resolves.toBeUndefined();
  const starting = open([{ status: 503, body: 'Service Unavailable' }]);
  await expect(starting.source.check(never)).rejects.toMatchObject({ kind: 'unavailable' });
  expect(starting.requests).toHaveLength(1);
});
