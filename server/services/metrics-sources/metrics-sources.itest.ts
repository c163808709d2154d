import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audit, canaryConfigs, metricsSources, pipelines } from '@/db/schema';
import { canaryConfigSchema } from '@/server/domain/canary';
import type { ServiceContext } from '@/server/services/context';
import { applyMetricsSource, applyMetricsSourceInput } from '@/server/services/metrics-sources/apply';
import { checkMetricsSource, checkMetricsSourceInput } from '@/server/services/metrics-sources/check';
import { listMetricsSources } from '@/server/services/metrics-sources/list';
import { removeMetricsSource } from '@/server/services/metrics-sources/remove';
import { listMetricsSourceTypes } from '@/server/services/metrics-sources/types';
import {
  METRICS_TOKEN,
  type MetricsServer,
  startMetricsServer,
} from '@/server/services/testing/metrics-server';
import { testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const { db } = world;
let admin: ServiceContext;
let server: MetricsServer;

beforeAll(async () => {
  admin = await world.as('admin');
  server = await startMetricsServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  await db.delete(canaryConfigs);
  await db.delete(metricsSources);
});

const apply = (input: object) => applyMetricsSource(admin, applyMetricsSourceInput.parse(input));
const check = (input: object) => checkMetricsSource(admin, checkMetricsSourceInput.parse(input));
const prom = (more: object = {}) => ({
  name: 'prom',
  kind: 'prometheus',
  config: { url: server.url },
  secrets: { tokenSecret: METRICS_TOKEN },
  ...more,
});

describe('a source with a secret', () => {
  it('keeps it sealed and tells nobody more than that it is set', async () => {
    expect(await apply(prom())).toEqual({ name: 'prom', created: true });
    expect(await listMetricsSources(admin, {})).toMatchObject([
      {
        name: 'prom',
        kind: 'prometheus',
        label: 'Prometheus',
        config: { url: server.url },
        secrets: ['tokenSecret'],
        usedBy: 0,
        updatedBy: admin.actor?.name,
      },
    ]);
    const kept = JSON.stringify([
      await db.select().from(metricsSources),
      await db.select({ action: audit.action, before: audit.before, after: audit.after }).from(audit),
    ]);
    expect(kept).toContain('metricsSource.create');
    expect(kept).not.toContain(METRICS_TOKEN);
    await expect(check({ name: 'prom' })).resolves.toMatchObject({ ok: true });
  });

  it('moves it out of the configuration when it stands there', async () => {
    await apply(prom({ config: { url: server.url, tokenSecret: METRICS_TOKEN }, secrets: {} }));
    expect(await listMetricsSources(admin, {})).toMatchObject([
      { config: { url: server.url }, secrets: ['tokenSecret'] },
    ]);
    await expect(check({ name: 'prom' })).resolves.toMatchObject({ ok: true });
  });

  it('keeps it when it is left out of a change, and loses it by null', async () => {
    await apply(prom());
    expect(await apply(prom({ config: { url: server.url, tenant: 'shop' }, secrets: {} }))).toEqual({
      name: 'prom',
      created: false,
    });
    await expect(check({ name: 'prom' })).resolves.toMatchObject({ ok: true });
    await apply(prom({ secrets: { tokenSecret: null } }));
    expect(await listMetricsSources(admin, {})).toMatchObject([{ secrets: [] }]);
    await expect(check({ name: 'prom' })).resolves.toMatchObject({ ok: false, kind: 'access' });
  });

  it('asks for it again when the address changes, so that it is sent nowhere else', async () => {
    await apply(prom());
    const moved = prom({ config: { url: 'http://127.0.0.1:9' }, secrets: {} });
    await expect(apply(moved)).rejects.toThrow(
      'secrets.tokenSecret: enter it again: the address has changed',
    );
    await expect(check(moved)).rejects.toThrow('enter it again');
    await apply({ ...moved, secrets: { tokenSecret: 'another' } });
    await apply(prom({ config: { url: `${server.url}/` }, secrets: { tokenSecret: METRICS_TOKEN } }));
    // A path of the same server is no other address.
    await apply(prom({ secrets: {} }));
  });

  it('drops those of another kind', async () => {
    await apply(prom());
    await apply({ name: 'prom', kind: 'local', config: {} });
    expect(await listMetricsSources(admin, {})).toMatchObject([{ kind: 'local', secrets: [] }]);
  });

  it('says what to do when they cannot be read any more', async () => {
    await apply(prom());
    await db.update(metricsSources).set({ secrets: { tokenSecret: 'v1.broken' } });
    await expect(check({ name: 'prom' })).rejects.toThrow('SIGNALBOX_SECRET has changed. Enter them again.');
    await expect(apply(prom({ secrets: {} }))).rejects.toThrow('Enter it again.');
    await apply(prom());
  });
});

it.each([
  ['a kind that there is not', { kind: 'graphite' }, 'is no kind of metrics source; there are'],
  ['a field that there is not', { config: { url: 'http://x', path: '/' } }, 'config'],
  ['no address', { config: {} }, 'config.url'],
  ['a password without a user', { secrets: { passwordSecret: 'x' } }, 'a password needs a user name'],
  ['a secret that is none', { secrets: { url: 'http://x' } }, 'secrets.url: is no secret; give it in config'],
  [
    'a secret that is no text',
    { config: { url: 'http://x', tokenSecret: 7 } },
    'config.tokenSecret: must be',
  ],
])('is refused with a sentence: %s', async (_name, change, says) => {
  await expect(apply(prom(change))).rejects.toThrow(says);
  expect(await db.select().from(metricsSources)).toEqual([]);
});

describe('a check', () => {
  it('tries settings that are not kept yet', async () => {
    const answer = await check({ ...prom(), name: undefined });
    expect(answer).toEqual({ ok: true, milliseconds: expect.any(Number) });
    expect(await db.select().from(metricsSources)).toEqual([]);
  });

  it('tries changed settings of a source with the secrets it has', async () => {
    await apply(prom());
    expect(await check(prom({ config: { url: server.url, timeoutSeconds: 5 }, secrets: {} }))).toMatchObject({
      ok: true,
    });
  });

  it('says why a source does not let us in, or is not there', async () => {
    expect(await check(prom({ secrets: { tokenSecret: 'wrong' } }))).toEqual({
      ok: false,
      kind: 'access',
      message: expect.stringContaining('does not let us in'),
    });
    expect(await check(prom({ config: { url: 'http://127.0.0.1:9' } }))).toEqual({
      ok: false,
      kind: 'unavailable',
      message: expect.stringContaining('http://127.0.0.1:9 cannot be reached'),
    });
    await expect(check({ name: 'ghost' })).rejects.toThrow(
      'There is no metrics source "ghost". There are none yet.',
    );
    await expect(check({})).rejects.toThrow('give a name, or a kind and config');
  });
});

describe('removing a source', () => {
  it('is refused while a configuration or a pipeline asks it', async () => {
    await apply(prom());
    const config = canaryConfigSchema.parse({
      name: 'x',
      metrics: [{ name: 'm', query: { type: 'prometheus' } }],
    });
    await db
      .insert(canaryConfigs)
      .values({ application: 'catalog', name: 'golden', source: 'prom', config, updatedBy: 'test' });
    expect(await listMetricsSources(admin, {})).toMatchObject([{ usedBy: 1 }]);
    await expect(removeMetricsSource(admin, { name: 'prom' })).rejects.toThrow(
      'is used by the canary configuration "golden" of catalog. Change that first.',
    );
    await db.delete(canaryConfigs);
    await pipelineAsking('prom');
    await expect(removeMetricsSource(admin, { name: 'prom' })).rejects.toThrow(
      'the pipeline "asking" of catalog',
    );
    await db.delete(pipelines).where(eq(pipelines.name, 'asking'));
    expect(await removeMetricsSource(admin, { name: 'prom' })).toEqual({ ok: true });
    const [entry] = await db.select().from(audit).orderBy(desc(audit.id)).limit(1);
    expect(entry).toMatchObject({ action: 'metricsSource.remove', before: { secrets: ['tokenSecret'] } });
    await expect(removeMetricsSource(admin, { name: 'prom' })).rejects.toThrow('There is no metrics source');
  });
});

it('describes every kind with the forms of its settings and queries', async () => {
  const types = await listMetricsSourceTypes(await world.as('productOwner'), {});
  expect(types.find(({ kind }) => kind === 'prometheus')).toMatchObject({
    label: 'Prometheus',
    configSchema: { properties: { url: {}, tokenSecret: {} }, required: ['url'] },
    querySchema: { properties: { customInlineTemplate: {} } },
  });
});

async function pipelineAsking(source: string): Promise<void> {
  const stage = {
    refId: 'look',
    type: 'canaryAnalysis',
    name: 'Look',
    requires: [],
    config: { config: 'golden', source, scopes: { baseline: { scope: 'a' }, canary: { scope: 'b' } } },
  };
  const definition = { name: 'asking', description: '', parameters: [], stages: [stage] };
  await db
    .insert(pipelines)
    .values({ application: 'catalog', name: 'asking', definition, updatedBy: 'test' });
}
