import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cloudWatchSource } from '@/server/metrics/cloudwatch/cloudwatch';
import type { Grid } from '@/server/metrics/source';
import { fakeWire, type Reply, refusal, settle } from '@/server/metrics/testing/fake-aws';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const MINUTE = 60_000;
const grid: Grid = { startMs: NOW - 4 * MINUTE, endMs: NOW, stepMs: MINUTE };
const scope = { scope: 'shop-v003', location: 'eu', extra: { loadBalancer: 'app/shop/1' } };
const metric = {
  namespace: 'AWS/ApplicationELB',
  metricName: 'TargetResponseTime',
  dimensions: { LoadBalancer: '${loadBalancer}', TargetGroup: 'targetgroup/${scope}' },
  statistic: 'p99',
};
const never = new AbortController().signal;
const KEY = 'AKIAIOSFODNN7EXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const TOKEN = 'IQoJb3JpZ2luX2VjEXAMPLE+/==';

beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => void vi.useRealTimers());

function open(replies: readonly Reply[], config: object = {}) {
  const { context, requests } = fakeWire(replies);
  const settings = cloudWatchSource.configSchema.parse({
    region: 'eu-west-1',
    accessKeyId: KEY,
    secretAccessKeySecret: SECRET,
    ...config,
  });
  return { source: cloudWatchSource.open(settings, context), requests };
}

async function read(
  replies: readonly Reply[],
  query: object = metric,
  over: Grid = grid,
  config: object = {},
) {
  const { source, requests } = open(replies, config);
  const parsed = cloudWatchSource.querySchema.parse({ type: 'cloudwatch', ...query });
  return { ...(await settle(source.read(parsed, scope, over, never))), requests };
}

/** Results at minutes of the grid. */
function result(points: readonly [minute: number, value: number | string][], more: object = {}) {
  return {
    Id: 'metric',
    Label: 'TargetResponseTime',
    StatusCode: 'Complete',
    Timestamps: points.map(([minute]) => grid.startMs / 1_000 + minute * 60),
    Values: points.map(([, value]) => value),
    ...more,
  };
}

function answer(results: readonly object[], more: object = {}): Reply {
  return { body: JSON.stringify({ MetricDataResults: results, Messages: [], ...more }) };
}

it('asks the service of the region for what the query says, signed', async () => {
  const { requests, value } = await read([answer([])]);
  expect(requests[0]).toMatchObject({
    url: 'https://monitoring.eu-west-1.amazonaws.com/',
    method: 'POST',
    headers: {
      'x-amz-target': 'GraniteServiceVersion20100801.GetMetricData',
      authorization: expect.stringContaining(`Credential=${KEY}/20261121/eu-west-1/monitoring/aws4_request`),
    },
  });
  const dimensions = [
    { Name: 'LoadBalancer', Value: 'app/shop/1' },
    { Name: 'TargetGroup', Value: 'targetgroup/shop-v003' },
  ];
  const asked = {
    ScanBy: 'TimestampAscending',
    MetricDataQueries: [
      {
        Id: 'metric',
        MetricStat: {
          Metric: {
            Namespace: metric.namespace,
            MetricName: metric.metricName,
            Dimensions: dimensions,
          },
          Period: 60,
          Stat: 'p99',
        },
      },
    ],
  };
  expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
    ...asked,
    StartTime: grid.startMs / 1_000,
    EndTime: grid.endMs / 1_000,
  });
  expect(JSON.parse(value?.literalQuery ?? '')).toEqual({
    ...asked,
    StartTime: '2026-11-21T09:56:00.000Z',
    EndTime: '2026-11-21T10:00:00.000Z',
  });
});

it('puts points on the whole grid: gaps and NaN are null, infinities are kept', async () => {
  const points = result([
    [0, 1.5],
    [2, 'NaN'],
    [3, '-Infinity'],
  ]);
  const { value } = await read([answer([points])]);
  expect(value?.series).toEqual([{ tags: {}, values: [1.5, null, null, Number.NEGATIVE_INFINITY] }]);
});

it('takes a result without points for no data, and passes on what CloudWatch remarks', async () => {
  const { value } = await read([
    answer([result([], { Messages: [{ Code: 'ArithmeticError', Value: 'one was divided by zero' }] })], {
      Messages: [{ Code: 'MaxMetricsExceeded', Value: 'some were left out' }],
    }),
  ]);
  expect(value).toMatchObject({
    series: [],
    warnings: ['MaxMetricsExceeded: some were left out', 'ArithmeticError: one was divided by zero'],
  });
});

it('joins pages, where the first of them are partial', async () => {
  const { value, requests } = await read([
    answer([result([[0, 1]], { StatusCode: 'PartialData' })], { NextToken: 'two' }),
    answer([result([[1, 2]], { StatusCode: 'InternalError' })], { NextToken: 'three' }),
    answer([result([[3, 4]])]),
  ]);
  expect(value?.series[0]?.values).toEqual([1, 2, null, 4]);
  const tokens = requests.map(({ body }) => (JSON.parse(body ?? '') as { NextToken?: string }).NextToken);
  expect(tokens).toEqual([undefined, 'two', 'three']);
});

it('asks for the parts of an expression and gives only its own series, told apart without the scope', async () => {
  const query = {
    expression: "SEARCH('{Shop,Pod} group=\"${scope}\"', 'Sum') / m1",
    queries: [{ id: 'm1', ...metric, statistic: 'Sum', unit: 'Count' }],
  };
  const pod = (name: string, points: readonly [number, number][]) =>
    result(points, { Id: 'result', Label: name });
  const { value, requests } = await read(
    [
      answer([pod('shop-v003 b', [[0, 1]])], { NextToken: 'more' }),
      answer([pod('shop-v003 b', [[1, 2]]), pod('shop-v003 a', [[1, 3]])]),
    ],
    query,
  );
  expect(value?.series).toEqual([
    { tags: { label: '${scope} a' }, values: [null, 3, null, null] },
    { tags: { label: '${scope} b' }, values: [1, 2, null, null] },
  ]);
  expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({
    MetricDataQueries: [
      { Id: 'm1', ReturnData: false, MetricStat: { Stat: 'Sum', Unit: 'Count', Period: 60 } },
      { Id: 'result', Expression: "SEARCH('{Shop,Pod} group=\"shop-v003\"', 'Sum') / m1", Period: 60 },
    ],
  });
});

it('gives the one series of a plain expression no label', async () => {
  const { value } = await read([answer([result([[0, 1]], { Id: 'result', Label: 'result' })])], {
    expression: '1 * m1',
    queries: [{ id: 'm1', ...metric }],
  });
  expect(value?.series.map(({ tags }) => tags)).toEqual([{}]);
});

it('warns when both sides would get the same', async () => {
  const { value } = await read([answer([])], { ...metric, dimensions: { LoadBalancer: 'app/shop/1' } });
  expect(value?.warnings[0]).toContain('does not say ${scope}');
});

it.each<[string, Reply, string, number, string]>([
  ['a wrong query', refusal(400, 'ValidationError', 'Error in expression "result"'), 'query', 1, 'Error in'],
  ['a wrong value', refusal(400, 'InvalidParameterValue', 'Period'), 'query', 1, 'InvalidParameterValue'],
  [
    'too many metrics',
    refusal(400, 'ValidationError', 'The maximum number of metrics is exceeded'),
    'tooMuch',
    1,
    'exceeded',
  ],
  ['no permission', refusal(400, 'AccessDenied', 'not authorized'), 'access', 1, 'not authorized'],
  ['a wrong key', refusal(403, 'InvalidClientTokenId', 'invalid'), 'access', 1, 'InvalidClientTokenId'],
  ['old temporary keys', refusal(403, 'ExpiredToken', 'is expired'), 'access', 1, 'is expired'],
  ['too many requests', refusal(400, 'ThrottlingException', 'Rate exceeded'), 'unavailable', 3, 'Rate'],
  ['an inner failure', refusal(500, 'InternalServiceFault', 'oops'), 'unavailable', 3, 'oops'],
  ['a page that is too old', refusal(400, 'InvalidNextToken', 'expired'), 'unavailable', 1, 'expired'],
  [
    'another service of AWS',
    refusal(400, 'UnknownOperationException', ''),
    'access',
    1,
    'Check the endpoint',
  ],
  ['JSON of another service', { status: 404, body: '{"detail":"no"}' }, 'access', 1, 'Check the endpoint'],
  [
    'a gateway without a server',
    { status: 502, body: '<h1>Bad\nGateway</h1>' },
    'unavailable',
    3,
    '502: Bad',
  ],
  ['a gateway that is busy', { status: 429, body: 'slow down' }, 'unavailable', 3, 'slow down'],
  ['a proxy that is closed', { status: 407, body: 'Sign in' }, 'access', 1, 'does not let us in'],
  ['a request too large', { status: 413, body: 'too large' }, 'tooMuch', 1, '413'],
  ['a sign-in page', { body: '<html>Sign in</html>' }, 'access', 1, 'This is not CloudWatch'],
  ['a redirect', { status: 302, headers: { location: 'https://sso/' } }, 'access', 1, 'https://sso/'],
  ['nothing', { body: '' }, 'access', 1, 'This is not CloudWatch'],
  ['half an answer', { body: '{"MetricDataRes' }, 'unavailable', 3, 'broken off'],
  ['JSON of something else', { body: '{"status":"ok"}' }, 'access', 1, 'has no results'],
  ['other numbers of times and values', answer([result([[0, 1]], { Values: [] })]), 'access', 1, 'times and'],
  ['values that are none', answer([result([[0, 1]], { Values: ['x'] })]), 'access', 1, 'CloudWatch'],
  ['times that are none', answer([result([[0, 1]], { Timestamps: ['x'] })]), 'access', 1, 'CloudWatch'],
  ['a point off the grid', answer([result([[0.5, 1]])]), 'access', 1, '09:56:30'],
  ['a point after the end', answer([result([[4, 1]])]), 'access', 1, '10:00:00'],
  ['a result without a status', answer([result([], { StatusCode: undefined })]), 'access', 1, 'complete'],
  ['nobody there', new Error('connect ECONNREFUSED'), 'unavailable', 3, 'ECONNREFUSED'],
  ['more bytes than are read', { body: `{${'x'.repeat(16 * 1024 * 1024)}` }, 'tooMuch', 1, '16 MB'],
  ['pages without end', answer([], { NextToken: 'again' }), 'tooMuch', 50, 'pages'],
  [
    'part of the data, and no more to come',
    answer([result([[0, 1]], { StatusCode: 'PartialData' })]),
    'tooMuch',
    1,
    'PartialData of TargetResponseTime',
  ],
  [
    'a failure within',
    answer([result([], { StatusCode: 'InternalError' })]),
    'unavailable',
    3,
    'InternalError',
  ],
  [
    'a metric that is not ours',
    answer([result([], { StatusCode: 'Forbidden', Messages: [{ Code: 'Forbidden', Value: 'no way' }] })]),
    'access',
    1,
    'no way',
  ],
])('says what is wrong: %s', async (_name, reply, kind, times, text) => {
  const { error, requests } = await read([reply]);
  expect(error).toMatchObject({ name: 'MetricsError', kind });
  expect(String(error)).toContain(text);
  expect(requests).toHaveLength(times);
});

it('gives nothing when one of several series stayed partial', async () => {
  const one = (Label: string, StatusCode: string) => result([[0, 1]], { Id: 'result', Label, StatusCode });
  const { error } = await read(
    [
      answer([one('a', 'PartialData'), one('b', 'PartialData')], { NextToken: 'two' }),
      answer([one('a', 'Complete')]),
    ],
    { expression: "SEARCH('${scope}', 'Sum')" },
  );
  expect(error).toMatchObject({ kind: 'tooMuch', message: expect.stringContaining('PartialData of b') });
});

it('refuses more series than can be judged', async () => {
  const many = Array.from({ length: 501 }, (_, pod) => result([[0, 1]], { Id: 'result', Label: `${pod}` }));
  const { error } = await read([answer(many)], { expression: "SEARCH('${scope}', 'Sum')" });
  expect(error).toMatchObject({ kind: 'tooMuch', message: expect.stringContaining('SUM(') });
});

it('asks again when a page failed, not for the pages before it', async () => {
  const { value, requests } = await read([
    answer([result([[0, 1]])], { NextToken: 'two' }),
    refusal(400, 'Throttling', 'Rate exceeded'),
    answer([result([[1, 2]])]),
  ]);
  expect(value?.series[0]?.values).toEqual([1, 2, null, null]);
  expect(requests).toHaveLength(3);
});

it('asks again as long as it was told to wait, and does not wait for minutes', async () => {
  const { source, requests } = open([
    refusal(503, 'ServiceUnavailable', 'later', { 'retry-after': '7' }),
    answer([]),
  ]);
  const reading = source.read(
    cloudWatchSource.querySchema.parse({ type: 'cloudwatch', ...metric }),
    scope,
    grid,
    never,
  );
  await vi.waitFor(() => expect(requests).toHaveLength(1));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(requests).toHaveLength(1);
  expect((await settle(reading)).value?.series).toEqual([]);
  const minutes = await read([refusal(503, 'ServiceUnavailable', 'later', { 'retry-after': '300' })]);
  expect(minutes.error).toMatchObject({ kind: 'unavailable' });
  expect(minutes.requests).toHaveLength(1);
});

it('signs anew by the clock of AWS when its own is wrong', async () => {
  const date = new Date(NOW + 3_600_000).toUTCString();
  const { value, requests } = await read([
    refusal(403, 'SignatureDoesNotMatch', 'Signature expired', { date }),
    answer([result([[0, 1]])]),
  ]);
  expect(value?.series).toHaveLength(1);
  expect(requests.map(({ headers }) => headers['x-amz-date'])).toEqual([
    expect.stringMatching(/^20261121T10/),
    expect.stringMatching(/^20261121T11/),
  ]);
});

it('never says a key, even if AWS repeats the request', async () => {
  const echo = `The request signature does not match. Credential=${KEY} ${TOKEN}\n\nThe Canonical String was\n'POST\nx-amz-security-token:${TOKEN}'`;
  const replies = [
    refusal(403, 'SignatureDoesNotMatch', echo),
    refusal(400, 'ValidationError', `What is ${TOKEN} of ${KEY}?`),
    { status: 404, body: `No such page for ${TOKEN} of ${KEY}` },
    { status: 502, body: `Bad gateway for ${TOKEN} of ${KEY}` },
    { status: 502, body: `Bad gateway for ${TOKEN.replaceAll('/', '\\/')}` },
  ];
  for (const reply of replies) {
    const { error } = await read([reply], metric, grid, { sessionTokenSecret: TOKEN });
    const all = inspect(error, { depth: 20, showHidden: true });
    expect(all).toContain('MetricsError');
    expect(String(error)).not.toContain('Canonical');
    for (const secret of [SECRET, TOKEN, KEY, TOKEN.slice(0, 20)]) expect(all).not.toContain(secret);
  }
});

it('ends at once, while it waits too, when nobody wants the answer any more', async () => {
  const stop = new AbortController();
  const { source, requests } = open([new Error('reset')]);
  const query = cloudWatchSource.querySchema.parse({ type: 'cloudwatch', ...metric });
  const ended = source.read(query, scope, grid, stop.signal).catch((error: unknown) => error);
  await vi.waitFor(() => expect(requests).toHaveLength(1));
  stop.abort();
  expect(await ended).toMatchObject({ name: 'AbortError' });
  expect(requests).toHaveLength(1);
});

it('asks nothing for a window that is not on the grid, or has no points in CloudWatch', async () => {
  const off = await read([answer([])], metric, { startMs: 5, endMs: 1_005, stepMs: 1_000 });
  const odd = await read([answer([])], metric, { startMs: NOW - 7_000, endMs: NOW, stepMs: 7_000 });
  expect([off.error, odd.error]).toEqual([
    expect.objectContaining({ kind: 'query' }),
    expect.objectContaining({ kind: 'query' }),
  ]);
  expect([...off.requests, ...odd.requests]).toEqual([]);
});

it('checks by the call that reads make', async () => {
  const good = open([answer([])]);
  expect(await settle(good.source.check(never))).toEqual({ value: undefined });
  expect(good.requests[0]?.headers['x-amz-target']).toContain('GetMetricData');
  const bad = open([refusal(403, 'AccessDenied', 'no')]);
  expect((await settle(bad.source.check(never))).error).toMatchObject({ kind: 'access' });
});
