import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { canaryConfigs } from '@/db/schema';
import { previewCanaryConfig, previewCanaryConfigInput } from '@/server/services/canary-configs/preview';
import type { ServiceContext } from '@/server/services/context';
import { applyMetricsSource } from '@/server/services/metrics-sources/apply';
import { canaryConfig as config, metric, promql } from '@/server/services/testing/canary-configs';
import {
  METRICS_TOKEN,
  type MetricsServer,
  startMetricsServer,
} from '@/server/services/testing/metrics-server';
import { testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const { db } = world;
const application = 'catalog';
let ann: ServiceContext;
let server: MetricsServer;

beforeAll(async () => {
  ann = await world.as('engineer');
  // The canary is half as slow again, a little differently from minute to minute.
  server = await startMetricsServer((query, at) =>
    query.includes('absent') ? null : (query.includes('v002') ? 1.5 : 1) + ((at / 60) % 7) / 50,
  );
  await applyMetricsSource(await world.as('admin'), {
    name: 'prom',
    kind: 'prometheus',
    config: { url: server.url },
    secrets: { tokenSecret: METRICS_TOKEN },
  });
});
afterAll(() => server.stop());
beforeEach(async () => void (await db.delete(canaryConfigs)));

describe('trying a configuration', () => {
  const now = Math.floor(Date.now() / 60_000) * 60_000;
  const input = (document: unknown, more: object = {}) =>
    previewCanaryConfigInput.parse({
      application,
      source: 'prom',
      config: document,
      scopes: { baseline: { scope: 'v001' }, canary: { scope: 'v002' } },
      window: { startMs: now - 3_600_000, endMs: now, stepMs: 60_000 },
      ...more,
    });

  it('measures both sides and judges them, and keeps nothing', async () => {
    const look = await previewCanaryConfig(
      ann,
      input(config({ metrics: [metric('latency', { kind: 'latency' })] })),
    );
    expect(look).toMatchObject({
      number: 0,
      startMs: now - 3_600_000,
      endMs: now,
      stepMs: 60_000,
      judgement: {
        judge: 'signalbox-v1',
        classification: 'Fail',
        results: [{ name: 'latency', classification: 'High' }],
      },
    });
    const [measured] = look.measurements ?? [];
    expect(measured?.baseline).toHaveLength(60);
    expect(measured?.queries.canary).toBe('latency{server_group="v002"}');
    expect(await db.select().from(canaryConfigs)).toEqual([]);
  });

  it('says at the metric what is wrong with it, and judges the others', async () => {
    const look = await previewCanaryConfig(
      ann,
      input(
        config({
          metrics: [
            metric('good'),
            metric('half written', { query: { type: 'prometheus' } }),
            metric('wrong', { query: promql('syntax error ${scope}') }),
            metric('nothing', { query: promql('absent ${scope}') }),
          ],
        }),
      ),
    );
    expect(look.measurements?.map(({ name, error }) => [name, error !== null])).toEqual([
      ['good', false],
      ['half written', true],
      ['wrong', true],
      ['nothing', false],
    ]);
    expect(look.judgement.results.map(({ classification }) => classification)).toEqual([
      'High',
      'Error',
      'Error',
      'Nodata',
    ]);
  });

  it.each<[string, object, string]>([
    ['ends before it starts', { startMs: now, endMs: now - 1, stepMs: 60_000 }, 'ends before it starts'],
    ['is in the future', { startMs: now + 600_000, endMs: now + 700_000, stepMs: 60_000 }, 'in the future'],
    ['is too much', { startMs: now - 2_000_000_000, endMs: now, stepMs: 1_000 }, 'Choose a shorter window'],
  ])('is refused for a window that %s', async (_name, window, says) => {
    await expect(previewCanaryConfig(ann, input(config(), { window }))).rejects.toThrow(says);
  });

  it('is refused with the places of what has not even the shape', async () => {
    await expect(previewCanaryConfig(ann, input({ metrics: [{}] }))).rejects.toThrow('metrics.0.name');
  });
});
