import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prometheusConfigSchema } from '@/server/metrics/prometheus/config';
import { prometheusSource } from '@/server/metrics/prometheus/prometheus';
import type { Grid, Measurement } from '@/server/metrics/source';
import { metricTemplates } from '@/server/metrics/templates';
import { directContext } from '@/server/metrics/testing/direct-context';
import { Past } from '@/server/metrics/testing/past';
import { type PrometheusServer, startPrometheus } from '@/server/metrics/testing/prometheus-server';
import { servicesPast } from '@/server/metrics/testing/services-past';

/** On a whole minute, three hours ago: what lies back that far is in blocks, as after a week. */
const T0 = Math.floor(Date.now() / 60_000) * 60 - 3 * 3_600;
const MINUTE = 60;
const never = new AbortController().signal;
let server: PrometheusServer;

beforeAll(async () => {
  const past = new Past();
  const at = (minute: number): [number, number] => [T0 + minute * MINUTE + 30, minute];
  past.series('gaps', { server_group: 'a', job: 'x' }, [0, 1, 2, 3, 4, 15, 16].map(at));
  past.series('odd', { server_group: 'a' }, [
    [T0, Number.NaN],
    [T0 + MINUTE, Number.POSITIVE_INFINITY],
    [T0 + 2 * MINUTE, Number.NEGATIVE_INFINITY],
    [T0 + 3 * MINUTE, 0.1],
  ]);
  for (const instance of ['1', '2'])
    past.series('pair', { server_group: 'a', instance }, [[T0, Number(instance)]]);
  servicesPast(past, T0, 30 * MINUTE);
  server = await startPrometheus({ past: past.text(), flags: ['--query.max-samples=100000'] });
});
afterAll(() => server?.stop());

/** `minutes` after T0, a point each. */
function minutes(from: number, until: number): Grid {
  return {
    startMs: (T0 + from * MINUTE) * 1_000,
    endMs: (T0 + until * MINUTE) * 1_000,
    stepMs: MINUTE * 1_000,
  };
}

function read(query: object, grid: Grid, serverGroup = 'a', config: object = {}): Promise<Measurement> {
  const source = prometheusSource.open(
    prometheusConfigSchema.parse({ url: server.url, ...config }),
    directContext,
  );
  const parsed = prometheusSource.querySchema.parse({ type: 'prometheus', ...query });
  return source.read(parsed, { scope: serverGroup, location: '', extra: {} }, grid, never);
}

function promql(text: string, grid: Grid, serverGroup?: string): Promise<Measurement> {
  return read({ customInlineTemplate: `PromQL:${text}` }, grid, serverGroup);
}

describe('points', () => {
  it('stand on the whole grid; a gap is null once Prometheus stops to repeat the last value', async () => {
    const { series, literalQuery } = await promql('gaps{server_group="${scope}"}', minutes(0, 18));
    const held = [4, 4, 4, 4];
    const values = [null, 0, 1, 2, 3, 4, ...held, null, null, null, null, null, null, 15, 16];
    expect(series).toEqual([{ tags: { server_group: 'a', job: 'x' }, values }]);
    expect(literalQuery).toBe('gaps{server_group="a"}');
  });

  it('are null for NaN, and infinite where Prometheus says so', async () => {
    const { series } = await promql('odd{server_group="${scope}"}', minutes(0, 4));
    expect(series[0]?.values).toEqual([null, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.1]);
    const { series: byZero } = await promql('vector(0) / vector(0)', minutes(0, 2));
    expect(byZero[0]?.values).toEqual([null, null]);
  });

  it('are none, without an error, for a metric that does not exist', async () => {
    expect((await promql('nothing{server_group="${scope}"}', minutes(0, 2))).series).toEqual([]);
  });

  it('are joined where Prometheus refuses so many at once', async () => {
    const grid: Grid = { startMs: T0 * 1_000, endMs: (T0 + 25_001) * 1_000, stepMs: 1_000 };
    const { series } = await promql('time()', grid);
    expect(series).toHaveLength(1);
    expect(series[0]?.values).toHaveLength(25_001);
    expect(series[0]?.values.every((value, index) => value === T0 + index)).toBe(true);
    const whole = new URLSearchParams({ query: 'time()', start: `${T0}`, end: `${T0 + 25_000}`, step: '1' });
    expect((await fetch(`${server.url}/api/v1/query_range`, { method: 'POST', body: whole })).status).toBe(
      400,
    );
  });

  it('can be closer than a second', async () => {
    const grid: Grid = { startMs: T0 * 1_000, endMs: T0 * 1_000 + 1_000, stepMs: 250 };
    const { series } = await promql('time()', grid);
    expect(series[0]?.values).toEqual([T0, T0 + 0.25, T0 + 0.5, T0 + 0.75]);
  });

  it('come as one series for each set of labels, aggregated as a query of Kayenta says', async () => {
    const query = { metricName: 'pair', labelBindings: ['server_group="${scope}"'] };
    const { series: mean, literalQuery } = await read(query, minutes(0, 1));
    expect(literalQuery).toBe('avg(pair{server_group="a"})');
    expect(mean).toEqual([{ tags: {}, values: [1.5] }]);
    const { series } = await read(
      { ...query, groupByFields: ['instance'], aggregation: 'max' },
      minutes(0, 1),
    );
    expect(series).toEqual([
      { tags: { instance: '1' }, values: [1] },
      { tags: { instance: '2' }, values: [2] },
    ]);
  });
});

describe('errors', () => {
  it.each([
    ['sum(rate(pair[1m])', 'query', 'unclosed left parenthesis'],
    ['pair{instance="1"} + on(server_group) {__name__="pair"}', 'query', 'many-to-many'],
    ['sum_over_time(vector(1)[3h:100ms])', 'tooMuch', 'too many samples'],
    ['"text"', 'query', 'invalid expression type'],
  ])('say what Prometheus says of %s', async (text, kind, words) => {
    await expect(promql(text, minutes(0, 2))).rejects.toMatchObject({
      name: 'MetricsError',
      kind,
      message: expect.stringContaining(words),
    });
  });

  it('are none for a query that forgets the server group, but there is a warning', async () => {
    expect((await promql('pair', minutes(0, 1))).warnings[0]).toContain('${scope}');
  });

  it('tell a path that is not the API', async () => {
    const reading = read({ metricName: 'pair' }, minutes(0, 1), 'a', { url: `${server.url}/elsewhere` });
    await expect(reading).rejects.toMatchObject({ kind: 'access' });
  });
});

describe('signing in', () => {
  it('is not needed where Prometheus is open to all', async () => {
    const source = prometheusSource.open(prometheusConfigSchema.parse({ url: server.url }), directContext);
    await expect(source.check(never)).resolves.toBeUndefined();
  });

  it('is by name and password; without them nothing is read', async () => {
    const guarded = await startPrometheus({ user: 'ann' });
    try {
      const open = (config: object) =>
        prometheusSource.open(prometheusConfigSchema.parse({ url: guarded.url, ...config }), directContext);
      await expect(open({ username: 'ann', passwordSecret: 'abc' }).check(never)).resolves.toBeUndefined();
      await expect(open({ username: 'ann', passwordSecret: 'abd' }).check(never)).rejects.toMatchObject({
        kind: 'access',
      });
      await expect(open({ tokenSecret: 'abc' }).check(never)).rejects.toMatchObject({ kind: 'access' });
    } finally {
      await guarded.stop();
    }
  });
});

describe.each(['micrometer', 'opentelemetry'])('the templates for %s', (id) => {
  const templates = metricTemplates.find((one) => one.id === id)?.metrics() ?? [];

  async function values(index: number, serverGroup: string): Promise<(number | null)[]> {
    const { series } = await read(templates[index]?.query ?? {}, minutes(5, 25), serverGroup);
    expect(series.length).toBeLessThanOrEqual(1);
    return series.flatMap((one) => [...one.values]);
  }

  async function level(index: number, serverGroup: string): Promise<number> {
    const all = await values(index, serverGroup);
    expect(all).toHaveLength(20);
    const numbers = all.map((value) => value ?? Number.NaN);
    expect(Math.max(...numbers) - Math.min(...numbers)).toBeLessThan(1e-9);
    return numbers[0] ?? Number.NaN;
  }

  it('give the p99 of successful requests, without errors and probes', async () => {
    // Prometheus interpolates within the bucket that has all of them.
    expect(await level(0, 'base-v001')).toBeCloseTo(0.1 + 0.99 * 0.15, 9);
    expect(await level(0, 'canary-v002')).toBeCloseTo(0.25 + 0.99 * 0.25, 9);
  });

  it('give no errors for a service that never had one, and no data for one without requests', async () => {
    expect(await level(1, 'base-v001')).toBe(0);
    expect(await level(1, 'canary-v002')).toBeCloseTo(0.1, 9);
    for (const quiet of ['idle-v003', 'unknown-v004']) {
      for (const index of [0, 1]) {
        expect((await values(index, quiet)).filter((value) => value !== null)).toEqual([]);
      }
    }
    expect(await level(2, 'idle-v003')).toBe(0);
  });

  it('give requests per second', async () => {
    expect(await level(2, 'base-v001')).toBeCloseTo(10, 9);
  });

  it('give the heap in use of the pools that have a limit', async () => {
    expect(await level(3, 'base-v001')).toBeCloseTo(0.3, 9);
    expect(await level(3, 'canary-v002')).toBeCloseTo(0.6, 9);
  });
});
