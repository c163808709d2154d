import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canaryAnalyses, canaryConfigs, canaryLooks, judgments, metricsSources } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import catalog from '@/examples/catalog/application.json';
import { packCatalog } from '@/examples/catalog/pack';
import { openSource } from '@/server/analysis/open-source';
import type { CanaryConfig } from '@/server/domain/canary';
import { canaryConfigSchema } from '@/server/domain/canary';
import type { ArtifactRef } from '@/server/domain/inventory';
import { requestCancel, wakeStage } from '@/server/engine/enqueue';
import { runWorker, type Worker } from '@/server/engine/run-worker';
import { stageTypes } from '@/server/engine/stages/registry';
import {
  ended,
  expectNoJobsLeft,
  pipeline,
  silent,
  stage,
  stageRow,
  start,
} from '@/server/engine/testing/harness';
import { environment, keepAsking, type TestPlatform, testPlatform } from '@/server/engine/testing/platform';
import { providers } from '@/server/providers/registry';
import { secretBox } from '@/server/secrets/seal';

/** Canaries with automated analysis: real services, real requests, what the local cloud measured of them. */

const database = await testDatabase();
const { db } = database;
const secrets = secretBox('a secret of tests that is long enough');
/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9';
let platform: TestPlatform;
let worker: Worker;
const versions = new Map<string, ArtifactRef>();

function artifact(version: string): ArtifactRef {
  const found = versions.get(version);
  if (!found) throw new Error(`no ${version}`);
  return found;
}

function runOne(): Promise<Worker> {
  return runWorker({
    database: { ...database, close: async () => undefined },
    stageTypes,
    providers,
    version: 'test',
    logger: silent,
    metricsSource: (name) => openSource(db, secrets, name),
    onLost: () => undefined,
  });
}

beforeAll(async () => {
  platform = await testPlatform(database);
  for (const version of ['1.0.0', '1.1.0', '1.2.0'] as const)
    versions.set(version, await platform.publish(version, await packCatalog(version)));
  const endpointFile = join(platform.cloud.dir, 'endpoint.json');
  await db.insert(metricsSources).values([
    { name: 'cloud', kind: 'local', config: { endpointFile }, updatedBy: 'test' },
    { name: 'gone', kind: 'prometheus', config: { url: NOWHERE, timeoutSeconds: 1 }, updatedBy: 'test' },
  ]);
  await db.insert(canaryConfigs).values([
    {
      application: 'shop',
      name: 'golden',
      source: 'cloud',
      config: canaryConfigSchema.parse(catalog.canaryConfigs[0]?.config),
      updatedBy: 'test',
    },
    { application: 'shop', name: 'blind', source: 'gone', config: config(unanswered()), updatedBy: 'test' },
  ]);
  worker = await runOne();
}, 60_000);
afterAll(async () => {
  await worker.stop();
  await platform.stop();
});

function config(metrics: readonly object[]): CanaryConfig {
  return canaryConfigSchema.parse({ name: 'test', metrics, classifier: { groupWeights: {} } });
}

function unanswered(): object[] {
  const query = { type: 'prometheus', customInlineTemplate: 'PromQL:up{group="${scope}"}' };
  return [{ name: 'up', query, groups: ['A'], analysisConfigurations: { canary: { onError: 'askPerson' } } }];
}

/** As short as the second-by-second measurements of the local cloud allow. */
const QUICK = {
  config: 'golden',
  weight: 25,
  warmupSeconds: 2,
  intervalSeconds: 5,
  lifetimeSeconds: 15,
  stepSeconds: 1,
  extendSeconds: 0,
  sizePercent: 50,
};

async function begun(name: string): Promise<string> {
  const cluster = await environment(database, name, {
    regions: ['eu'],
    capacity: { min: 1, desired: 2, max: 6 },
  });
  expect(await ended(database, await deploy(name, '1.0.0', 'redblack'), 30_000)).toBe('succeeded');
  return cluster;
}

function deploy(name: string, version: string, strategy: string, options: object = {}): Promise<string> {
  const stages = pipeline(stage('deploy', 'deploy', { environment: name, strategy, options }));
  return start(database, stages, { artifact: artifact(version), environment: name });
}

async function groups(cluster: string) {
  const all = await platform.groups(cluster);
  return all.map((group) => [group.artifact.version, group.enabled, Math.round(group.traffic * 100)]);
}

/** Instances of groups that were let go still end their requests. */
async function onlyStable(cluster: string): Promise<void> {
  await expect.poll(() => groups(cluster), { timeout: 20_000 }).toEqual([['1.0.0', true, 100]]);
}

/** Several visitors at once, as long as it takes; who answered how often. */
async function visitors(cluster: string, count = 2) {
  const url = new URL('/products', (await platform.loadBalancer(cluster)).url ?? '');
  const all = Array.from({ length: count }, () => keepAsking(url.href));
  return {
    async stop() {
      const seen = await Promise.all(all.map((one) => one.stop()));
      return { answers: seen.flatMap((one) => one.answers), failures: seen.flatMap((one) => one.failures) };
    },
  };
}

async function analysisOf(executionId: string) {
  const [row] = await db.select().from(canaryAnalyses).where(eq(canaryAnalyses.executionId, executionId));
  return row;
}

async function looksOf(executionId: string) {
  const row = await analysisOf(executionId);
  return db
    .select()
    .from(canaryLooks)
    .where(eq(canaryLooks.analysisId, row?.id ?? ''))
    .orderBy(canaryLooks.number);
}

async function asked(executionId: string): Promise<void> {
  await expect
    .poll(async () => (await stageRow(database, executionId, ANALYSIS)).waiting?.kind, { timeout: 30_000 })
    .toBe('person');
}

async function decide(executionId: string, decision: 'continue' | 'stop'): Promise<void> {
  const { id: stageId } = await stageRow(database, executionId, ANALYSIS);
  await db.insert(judgments).values({ stageId, decision, by: 'Ada', evidence: {} });
  await db.transaction((tx) => wakeStage(tx, stageId));
}

const ANALYSIS = 'deploy.eu-6-canaryAnalysis';

describe('a canary with automated analysis', () => {
  it('that is well takes over, and its baseline is gone', async () => {
    const cluster = await begun('well');
    const clients = await visitors(cluster);
    const id = await deploy('well', '1.1.0', 'automatedcanary', QUICK);
    expect(await ended(database, id, 60_000)).toBe('succeeded');
    const { failures } = await clients.stop();
    expect(failures).toEqual([]);
    expect(await groups(cluster)).toEqual([
      ['1.0.0', false, 0],
      ['1.1.0', true, 100],
    ]);
    const row = await analysisOf(id);
    expect(row).toMatchObject({ status: 'passed', classification: 'Pass', kind: 'realTime' });
    expect(row?.scopes.baseline).toEqual({ scope: `${cluster}-v001`, location: 'eu', version: '1.0.0' });
    const looks = await looksOf(id);
    expect(looks.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(looks.map(({ measurements }) => measurements === null)).toEqual([true, true, false]);
    expect(looks.at(-1)?.measurements?.map(({ name }) => name)).toContain('error ratio');
    await expectNoJobsLeft(database);
  }, 90_000);

  it('that is bad goes at once, and never had more than its share', async () => {
    const cluster = await begun('bad');
    const clients = await visitors(cluster);
    const id = await deploy('bad', '1.2.0', 'automatedcanary', QUICK);
    expect(await ended(database, id, 60_000)).toBe('failed');
    const { answers } = await clients.stop();
    await onlyStable(cluster);
    const failed = await stageRow(database, id, ANALYSIS);
    expect(failed.error?.key).toMatch(/^canary\.metric/);
    expect(await analysisOf(id)).toMatchObject({ status: 'failed', classification: 'Fail' });
    const worst = (await looksOf(id))
      .at(-1)
      ?.judgement.results.flatMap(({ name, classification }) => (classification === 'High' ? name : []));
    // Whichever is certain first ends it.
    expect(worst?.length).toBeGreaterThan(0);
    expect(worst).not.toContain('requests per second');
    const canary = answers.filter((served) => served.startsWith(`${cluster}-v002`)).length;
    expect(canary).toBeGreaterThan(0);
    expect(canary / answers.length).toBeLessThan(0.25);
  }, 90_000);

  it('asks a person when the metrics cannot be had, and goes on when they say so', async () => {
    const cluster = await begun('blind');
    const id = await deploy('blind', '1.1.0', 'automatedcanary', {
      ...QUICK,
      config: 'blind',
      lifetimeSeconds: 5,
    });
    await asked(id);
    const waiting = (await stageRow(database, id, ANALYSIS)).waiting;
    expect(waiting?.reason.key).toBe('canary.metric.error');
    expect(await analysisOf(id)).toMatchObject({ status: 'inconclusive', classification: 'Inconclusive' });
    const [measured] = (await looksOf(id)).at(-1)?.measurements ?? [];
    expect(measured?.error).toMatch(/Prometheus/);
    await decide(id, 'continue');
    expect(await ended(database, id, 30_000)).toBe('succeeded');
    expect(await groups(cluster)).toEqual([
      ['1.0.0', false, 0],
      ['1.1.0', true, 100],
    ]);
    expect(await analysisOf(id)).toMatchObject({ status: 'passed' });
  }, 90_000);

  it('that a person stops goes', async () => {
    const cluster = await begun('refused');
    const id = await deploy('refused', '1.1.0', 'automatedcanary', {
      ...QUICK,
      config: 'blind',
      lifetimeSeconds: 5,
    });
    await asked(id);
    await decide(id, 'stop');
    expect(await ended(database, id, 30_000)).toBe('stopped');
    await onlyStable(cluster);
    expect(await analysisOf(id)).toMatchObject({ status: 'failed' });

    // What was measured of v001 and v002 is kept under their names.
    expect(await ended(database, await deploy('refused', '1.1.0', 'redblack'), 30_000)).toBe('succeeded');
    expect((await platform.groups(cluster)).map(({ name }) => name.slice(-4))).toEqual(['v000', 'v003']);
  }, 90_000);

  it('that is canceled goes, with its baseline, and the worker that goes on is another', async () => {
    const cluster = await begun('canceled');
    const clients = await visitors(cluster);
    const id = await deploy('canceled', '1.1.0', 'automatedcanary', { ...QUICK, lifetimeSeconds: 600 });
    await expect.poll(async () => (await looksOf(id)).length, { timeout: 30_000 }).toBeGreaterThan(0);
    await worker.stop();
    worker = await runOne();
    await expect.poll(async () => (await looksOf(id)).length, { timeout: 30_000 }).toBeGreaterThan(1);
    await db.transaction((tx) => requestCancel(tx, id, 'Ada', null));
    expect(await ended(database, id)).toBe('canceled');
    await onlyStable(cluster);
    await expect.poll(async () => (await analysisOf(id))?.status).toBe('canceled');
    const { failures } = await clients.stop();
    expect(failures).toEqual([]);
    const numbers = (await looksOf(id)).map(({ number }) => number);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  }, 90_000);

  it('needs a configuration that there is, and leaves nothing behind without one', async () => {
    const cluster = await begun('unknown');
    const id = await deploy('unknown', '1.1.0', 'automatedcanary', { ...QUICK, config: 'nobody knows' });
    expect(await ended(database, id, 30_000)).toBe('errored');
    expect((await stageRow(database, id, ANALYSIS)).error?.key).toBe('engine.canary.unknownConfig');
    await onlyStable(cluster);
  }, 60_000);
});

describe('a look back', () => {
  it('judges what has been, in as many looks as asked, without touching anything', async () => {
    await begun('past');
    const pastOf = Date.now();
    const clients = await visitors('shop-past');
    await expect.poll(() => Date.now() - pastOf, { timeout: 20_000 }).toBeGreaterThan(8_000);
    await clients.stop();
    const side = { scope: 'shop-past-v000', location: 'eu' };
    const definition = pipeline(
      stage('judge', 'canaryAnalysis', {
        config: 'golden',
        stepSeconds: 1,
        intervalSeconds: 5,
        scopes: { baseline: side, canary: side },
        startTime: new Date(pastOf - 2_000).toISOString(),
        endTime: new Date(pastOf + 8_000).toISOString(),
      }),
    );
    const id = await start(database, definition);
    expect(await ended(database, id)).toBe('succeeded');
    expect(await analysisOf(id)).toMatchObject({ kind: 'retrospective', status: 'passed' });
    expect((await looksOf(id)).map(({ number }) => number)).toEqual([1, 2]);
  }, 60_000);
});
