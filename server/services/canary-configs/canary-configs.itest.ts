import { desc, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audit, canaryConfigs, pipelines } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { pipelineDefinitionSchema } from '@/server/domain/pipeline';
import { checkCanaryConfig } from '@/server/services/canary-configs/check';
import { exportCanaryConfig } from '@/server/services/canary-configs/export';
import { getCanaryConfig } from '@/server/services/canary-configs/get';
import { importKayenta } from '@/server/services/canary-configs/import-kayenta';
import { listCanaryConfigs } from '@/server/services/canary-configs/list';
import { removeCanaryConfig } from '@/server/services/canary-configs/remove';
import { saveCanaryConfig } from '@/server/services/canary-configs/save';
import { listScopes } from '@/server/services/canary-configs/scopes';
import { listMetricTemplates } from '@/server/services/canary-configs/templates';
import type { ServiceContext } from '@/server/services/context';
import { applyMetricsSource } from '@/server/services/metrics-sources/apply';
import { importPipeline } from '@/server/services/pipelines/import';
import { canaryConfig as config } from '@/server/services/testing/canary-configs';
import {
  METRICS_TOKEN,
  type MetricsServer,
  startMetricsServer,
} from '@/server/services/testing/metrics-server';
import { seeServerGroup, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const { db } = world;
const application = 'catalog';
let ann: ServiceContext;
let server: MetricsServer;

beforeAll(async () => {
  ann = await world.as('engineer');
  server = await startMetricsServer();
  await applyMetricsSource(await world.as('admin'), {
    name: 'prom',
    kind: 'prometheus',
    config: { url: server.url },
    secrets: { tokenSecret: METRICS_TOKEN },
  });
});
afterAll(() => server.stop());
beforeEach(async () => void (await db.delete(canaryConfigs)));

const save = (more: object = {}, ctx: ServiceContext = ann) =>
  saveCanaryConfig(ctx, { application, name: 'golden', source: 'prom', config: config(), ...more });
const issuesOf = (document: unknown) =>
  checkCanaryConfig(ann, { application, source: 'prom', config: document });

describe('saving a configuration', () => {
  it('adds it, changes it and tells the difference', async () => {
    expect(await save({ revision: null })).toEqual({ name: 'golden', revision: 1, changed: true });
    expect(await save({ revision: 1 })).toEqual({ name: 'golden', revision: 1, changed: false });
    const changed = config({ description: 'new' });
    expect(await save({ revision: 1, config: changed })).toMatchObject({ revision: 2, changed: true });
    expect(await save({ config: changed })).toMatchObject({ revision: 2, changed: false });
    expect(await getCanaryConfig(ann, { application, name: 'golden' })).toMatchObject({
      application,
      name: 'golden',
      source: 'prom',
      judge: 'signalbox-v1',
      metrics: 1,
      usedBy: [],
      revision: 2,
      updatedBy: ann.actor?.name,
      config: { description: 'new', templates: {}, classifier: { groupWeights: {} } },
    });
    const [last] = await db.select().from(audit).orderBy(desc(audit.id)).limit(1);
    expect(last).toMatchObject({
      action: 'canaryConfig.update',
      application,
      subject: 'golden',
      before: { source: 'prom', config: config() },
      after: { source: 'prom', config: changed },
    });
  });

  it('is refused with who changed it and when, if somebody did meanwhile', async () => {
    await save();
    const bob = await world.as('engineer');
    await save({ revision: 1, config: config({ description: 'bob' }) }, bob);
    const refusal = await save({ revision: 1, config: config({ description: 'ann' }) }).catch(
      (error) => error,
    );
    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(
        new RegExp(`saved by ${bob.actor?.name} at 20.+Z: it is at revision 2, your changes began at 1`),
      ),
      details: { revision: 2, updatedBy: bob.actor?.name },
    });
    await expect(save({ revision: null })).rejects.toThrow('exists already. Choose another name');
    await db.delete(canaryConfigs);
    await expect(save({ revision: 2 })).rejects.toThrow('was removed meanwhile');
  });

  it('lets one of two win who save at the same moment', async () => {
    await save();
    const both = await db.transaction(async (tx) => {
      await tx.select().from(canaryConfigs).for('update');
      const saves = ['a', 'b'].map((description) => save({ revision: 1, config: config({ description }) }));
      // Let go only when both are as far as they come.
      await expect.poll(waitingForLocks).toBe(2);
      return [Promise.allSettled(saves)];
    });
    const outcomes = await both[0];
    expect(outcomes?.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await getCanaryConfig(ann, { application, name: 'golden' })).toMatchObject({ revision: 2 });
  });

  it('is refused for a source, an application or a name that cannot be', async () => {
    await expect(save({ source: 'ghost' })).rejects.toThrow(
      'source: there is no metrics source "ghost"; there are prom',
    );
    await expect(save({ application: 'ghost' })).rejects.toThrow('ghost');
    const wrong = config({ judge: { name: 'solomon' } });
    const issues = await issuesOf(wrong);
    expect(issues).toMatchObject([{ path: 'judge.name' }]);
    await expect(save({ config: wrong })).rejects.toMatchObject({ code: 'bad_request', details: { issues } });
  });
});

async function waitingForLocks(): Promise<number> {
  const { rows } = await db.execute<{ waiting: number }>(sql`SELECT count(*)::int AS waiting
    FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`);
  return rows[0]?.waiting ?? 0;
}

describe('configurations that pipelines name', () => {
  const stage = (refId: string, type: string, more: object) => ({
    refId,
    type,
    name: refId,
    requires: [],
    config: more,
  });
  const scopes = { baseline: { scope: 'a' }, canary: { scope: 'b' } };
  const pipeline = (...stages: ReturnType<typeof stage>[]) =>
    pipelineDefinitionSchema.parse({
      name: 'promote',
      stages,
    });

  it('must be there, in stages and in options of strategies', async () => {
    const definition = pipeline(
      stage('look', 'canaryAnalysis', { config: 'golden', source: 'ghost', scopes }),
      stage('deploy', 'deploy', {
        environment: 'prod',
        strategy: 'automatedcanary',
        options: { config: 'silver' },
      }),
    );
    const refusal = await importPipeline(ann, { application, definition }).catch((error) => error);
    expect(refusal).toMatchObject({
      details: {
        issues: [
          {
            path: 'stages.0.config.config',
            message: 'there is no canary configuration "golden"; there are none',
          },
          { path: 'stages.0.config.source', message: 'there is no metrics source "ghost"; there are prom' },
          {
            path: 'stages.1.config.options.config',
            message: 'there is no canary configuration "silver"; there are none',
          },
        ],
      },
    });
  });

  it('are listed with those and stay until none names them', async () => {
    await save();
    await save({ name: 'other' });
    const strategy = { environment: 'prod', strategy: 'automatedcanary', options: { config: 'golden' } };
    await importPipeline(ann, { application, definition: pipeline(stage('deploy', 'deploy', strategy)) });
    expect(
      (await listCanaryConfigs(ann, { application })).map(({ name, usedBy }) => ({ name, usedBy })),
    ).toEqual([
      { name: 'golden', usedBy: ['promote'] },
      { name: 'other', usedBy: [] },
    ]);
    await expect(removeCanaryConfig(ann, { application, name: 'golden' })).rejects.toThrow(
      'is used by the pipeline "promote". Change that first.',
    );
    expect(await removeCanaryConfig(ann, { application, name: 'other' })).toEqual({ ok: true });
    await db.delete(pipelines).where(eq(pipelines.name, 'promote'));
    expect(await removeCanaryConfig(ann, { application, name: 'golden' })).toEqual({ ok: true });
    await expect(getCanaryConfig(ann, { application, name: 'golden' })).rejects.toThrow(
      'has no canary configuration "golden". There are none yet.',
    );
  });
});

describe('a configuration of Kayenta', () => {
  /** As Kayenta writes them: nulls, what it manages itself, and a field that nobody here knows. */
  const kayenta = {
    applications: [application],
    judge: { judgeConfigurations: {}, name: 'NetflixACAJudge-v1.0' },
    name: 'Checkout Service (prod)',
    id: '0a1b2c',
    createdTimestamp: 1_700_000_000_000,
    description: null,
    templates: { byPod: 'pod=~"${scope}-.+"' },
    mood: 'good',
    metrics: [
      {
        name: 'errors',
        query: {
          type: 'prometheus',
          metricName: 'errors',
          labelBindings: null,
          customFilterTemplate: 'byPod',
        },
        groups: ['Errors'],
        analysisConfigurations: { canary: { direction: 'increase', critical: true, nanStrategy: 'replace' } },
        scopeName: 'default',
        weather: { wind: 3 },
      },
    ],
    classifier: { groupWeights: { Errors: 100 }, scoreThresholds: { pass: 95, marginal: 75 } },
  };

  it('comes back as it came', async () => {
    await save({ config: kayenta });
    expect(await exportCanaryConfig(ann, { application, name: 'golden' })).toEqual(kayenta);
    expect((await getCanaryConfig(ann, { application, name: 'golden' })).judge).toBe('netflix-aca-v1');
  });

  it('is read with a name for here and notes of what is not known', async () => {
    const read = await importKayenta(ann, { application, json: JSON.stringify(kayenta) });
    expect(read.name).toBe('checkout-service-prod');
    expect(read.config).toMatchObject({ name: 'Checkout Service (prod)', mood: 'good' });
    expect(read.notes).toEqual([
      '"NetflixACAJudge-v1.0" is netflix-aca-v1 here.',
      'The thresholds (pass 95, marginal 75) are kept and not used: the stage says them, as in Kayenta.',
      'The field "mood" is not known; it is kept and not used.',
      'The field "weather" of metrics is not known; it is kept and not used.',
    ]);
    expect(await db.select().from(canaryConfigs)).toEqual([]);
  });

  it('is told that other stores of metrics, conditions and scopes are not there', async () => {
    const { notes } = await importKayenta(ann, {
      application,
      json: JSON.stringify({
        name: '***',
        judge: { name: 'solomon' },
        templates: { t: '<#if a>b</#if>' },
        metrics: [
          { name: 'a', query: { type: 'signalfx', metricName: 'x' }, scopeName: 'one' },
          { name: 'b', query: { type: 'signalfx', customFilter: 'x' }, scopeName: 'two' },
          { name: 'c', query: { type: 'prometheus', customInlineTemplate: 'PromQL:<#if a>b</#if>' } },
        ],
      }),
    });
    const text = notes.join('\n');
    expect(text).toContain('There is no judge "solomon". Choose signalbox-v1 or netflix-aca-v1.');
    expect(text).toContain('no metrics source of the kind "signalfx", which "a", "b" ask.');
    expect(text).toContain('The query of "b" has a customFilter');
    expect(text).toContain('The query of "c" has conditions');
    expect(text).toContain('The template "t" has conditions');
    expect(text).toContain('several scopes (one, two)');
  });

  it.each([
    ['{', 'This is not JSON'],
    ['[]', 'has no "metrics"'],
    ['{"metrics":[]}', 'name:'],
  ])('is refused when it is none: %s', async (json, says) => {
    await expect(importKayenta(ann, { application, json })).rejects.toThrow(says);
  });
});

it('offers templates for a source, by the label that is used there', async () => {
  const prometheus = await listMetricTemplates(ann, { source: 'prom', scopeLabel: 'pod', window: '5m' });
  expect(prometheus.every(({ source }) => source === 'prometheus')).toBe(true);
  expect(JSON.stringify(prometheus)).toContain('pod=\\"${scope}\\"');
  expect(JSON.stringify(prometheus)).toContain('[5m]');
  expect((await listMetricTemplates(ann, { source: 'local' })).map(({ id }) => id)).toEqual(['localCloud']);
  for (const { metrics } of prometheus) {
    const document = config({ metrics });
    expect(await issuesOf(document)).toEqual([]);
  }
});

it('suggests server groups that are there, newest first', async () => {
  await seeServerGroup(world, 'eu', 'prod', 1, '1.0.0', { traffic: 0.9 });
  await seeServerGroup(world, 'eu', 'prod', 2, '1.1.0', { traffic: 0 });
  const suggestions = await listScopes(ann, { application });
  expect(suggestions).toMatchObject([
    { scope: 'catalog-prod-v002', location: 'eu', version: '1.1.0', environment: 'prod', enabled: false },
    { scope: 'catalog-prod-v001', location: 'eu', version: '1.0.0', environment: 'prod', enabled: true },
  ]);
});
