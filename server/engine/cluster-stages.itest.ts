import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { artifacts, executions, pins, pipelines, vetoes } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { ParameterDefinition } from '@/server/domain/pipeline';
import { requestCancel } from '@/server/engine/enqueue';
import type { Worker } from '@/server/engine/run-worker';
import {
  ended,
  executionRow,
  pipeline,
  stage,
  stageRow,
  start,
  statuses,
} from '@/server/engine/testing/harness';
import { ACCOUNT, environment, type TestPlatform, testPlatform } from '@/server/engine/testing/platform';
import { runTestWorker } from '@/server/engine/testing/worker';
import { brokenService, testService } from '@/server/local-cloud/testing/artifacts';

/** What stages that change a cluster refuse, and what they leave, against a real local cloud. */

const database = await testDatabase();
const { db } = database;
let platform: TestPlatform;
let worker: Worker;
let v1: ArtifactRef;
let v2: ArtifactRef;
let v3: ArtifactRef;
let broken: ArtifactRef;

beforeAll(async () => {
  platform = await testPlatform(database);
  v1 = await platform.publish('1.0.0', await testService('1.0.0'));
  v2 = await platform.publish('1.1.0', await testService('1.1.0'));
  v3 = await platform.publish('1.2.0', await testService('1.2.0'));
  broken = await platform.publish('9.9.9', await brokenService('no such table'));
  await db.insert(artifacts).values([v1, v2, v3, broken]);
  worker = await runTestWorker(database);
}, 60_000);
afterAll(async () => {
  await worker.stop();
  await platform.stop();
});
afterEach(async () => {
  await db.delete(vetoes);
  await db.delete(pins);
});

const groups = async (cluster: string, region = 'eu') =>
  (await platform.groups(cluster, region)).map((group) => [
    group.name.slice(-4),
    group.enabled,
    group.capacity.desired,
  ]);

async function deploy(name: string, artifact: ArtifactRef, config: object = {}): Promise<string> {
  const definition = stage('deploy', 'deploy', { environment: name, strategy: 'redblack', ...config });
  return start(database, pipeline(definition), { artifact, environment: name });
}

type Place = NonNullable<Parameters<typeof environment>[2]>;

/** 1.0.0 kept out of traffic as v000, 1.1.0 in traffic as v001. */
async function twoGroups(name: string, place: Place = { regions: ['eu'] }, options = {}): Promise<string> {
  const cluster = await environment(database, name, place);
  for (const artifact of [v1, v2])
    expect(await ended(database, await deploy(name, artifact, { options }), 30_000)).toBe('succeeded');
  return cluster;
}

/** How a pipeline of one stage ended, with its sentence and the sentences of its log. */
async function run(type: string, config: Record<string, unknown>, more: Parameters<typeof start>[2] = {}) {
  const id = await start(database, pipeline(stage('only', type, config)), more);
  const status = await ended(database, id, 30_000);
  const { error, log } = await stageRow(database, id, 'only');
  const children = Object.keys(await statuses(database, id)).filter((refId) => refId !== 'only');
  return { status, error, log: log.map((entry) => entry.text.key), children };
}

const veto = (artifact: ArtifactRef) =>
  db.insert(vetoes).values({ digest: artifact.digest, reason: 'loses orders', by: 'Ada' });

const refusedByAda = {
  status: 'errored',
  error: { key: 'engine.deploy.vetoed', values: { by: 'Ada', reason: 'loses orders' } },
  children: [],
};

describe('a vetoed artifact', () => {
  it('is not kept by a deploy in the place of one that a rollback can go to', async () => {
    const name = 'mended';
    const cluster = await twoGroups(name);
    expect(await ended(database, await deploy(name, v3, { strategy: 'none' }), 30_000)).toBe('succeeded');
    const bad = { region: 'eu', name: `${cluster}-v002` };
    await platform.provider.disableServerGroup({ id: 'mended', fence: 1 }, bad);
    await veto(v3);

    expect(await ended(database, await deploy(name, v2), 30_000)).toBe('succeeded');

    expect(await groups(cluster)).toEqual([
      ['v000', false, 1],
      ['v003', true, 1],
    ]);
    expect(await run('rollbackCluster', { environment: name })).toMatchObject({ status: 'succeeded' });
    expect((await groups(cluster))[0]).toEqual(['v000', true, 1]);
  }, 60_000);

  it('is not kept in the place of the good version when that is deployed again', async () => {
    const at = { environment: 'again' };
    const cluster = await twoGroups('again');
    expect(await run('rollbackCluster', at)).toMatchObject({ status: 'succeeded' });
    await veto(v2);

    expect(await ended(database, await deploy('again', v1), 30_000)).toBe('succeeded');

    expect(await groups(cluster)).toEqual([
      ['v000', false, 1],
      ['v002', true, 1],
    ]);
    const restore = { eu: `${cluster}-v000` };
    expect(await run('rollbackCluster', { ...at, restore })).toMatchObject({ status: 'succeeded' });
    expect((await groups(cluster))[0]).toEqual(['v000', true, 1]);
  }, 60_000);

  it('comes back into traffic by no stage, whoever names its group', async () => {
    const cluster = await twoGroups('vetoed');
    const at = { environment: 'vetoed' };
    const group = {
      account: ACCOUNT,
      region: 'eu',
      application: 'shop',
      cluster,
      serverGroup: `${cluster}-v000`,
    };
    await veto(v1);
    const before = [
      ['v000', false, 1],
      ['v001', true, 1],
    ];

    expect(await run('enableServerGroups', { ...at, target: 'previous' })).toMatchObject(refusedByAda);
    const restore = { eu: `${cluster}-v000` };
    expect(await run('rollbackCluster', { ...at, restore })).toMatchObject(refusedByAda);
    expect(await run('rollbackCluster', at)).toMatchObject({
      status: 'errored',
      error: { key: 'rollback.why.vetoed', values: { by: 'Ada', reason: 'loses orders' } },
      log: ['engine.rollback.left', 'rollback.why.vetoed'],
    });
    // As after a veto that came between planning and this.
    expect(await run('enableServerGroup', group)).toMatchObject(refusedByAda);
    expect(await groups(cluster)).toEqual(before);
  }, 60_000);

  it('gets no instances in a group that is enabled without any', async () => {
    const cluster = await twoGroups('asleep');
    const ref = { region: 'eu', name: `${cluster}-v000` };
    const operation = (id: string) => ({ id: `asleep ${id}`, fence: 1 });
    await platform.provider.resizeServerGroup(operation('resize'), ref, { min: 0, desired: 0, max: 2 });
    await platform.provider.enableServerGroup(operation('enable'), ref);
    await veto(v1);
    const capacity = { min: 0, desired: 1, max: 2 };
    const group = {
      account: ACCOUNT,
      region: 'eu',
      application: 'shop',
      cluster,
      serverGroup: ref.name,
      capacity,
    };

    const resize = { action: 'exact', capacity };
    expect(
      await run('resizeServerGroups', { environment: 'asleep', target: 'previous', resize }),
    ).toMatchObject(refusedByAda);
    expect(await run('resizeServerGroup', group)).toMatchObject(refusedByAda);
    const none = { action: 'exact', capacity: { ...capacity, desired: 0 } };
    expect(
      await run('resizeServerGroups', { environment: 'asleep', target: 'previous', resize: none }),
    ).toMatchObject({ status: 'succeeded' });
    expect((await groups(cluster))[0]).toEqual(['v000', true, 0]);
  }, 60_000);

  it('gets back what it had when the deploy that replaces it is withdrawn', async () => {
    const name = 'withdrawn';
    const cluster = await environment(database, name, {
      regions: ['eu'],
      capacity: { min: 1, desired: 2, max: 4 },
    });
    expect(await ended(database, await deploy(name, v1), 30_000)).toBe('succeeded');
    const options = { percentages: [50], delayBeforeDisableSeconds: 3_600 };
    const id = await deploy(name, v2, { strategy: 'rollingredblack', options });
    await expect
      .poll(
        async () => Object.entries(await statuses(database, id)).find(([key]) => key.endsWith('-wait'))?.[1],
        { timeout: 30_000 },
      )
      .toBe('running');
    expect((await groups(cluster))[0]).toEqual(['v000', true, 1]);
    await veto(v1);
    await db.transaction((tx) => requestCancel(tx, id, 'Ada', null));
    await expect
      .poll(() => groups(cluster), { timeout: 20_000 })
      .toEqual([
        ['v000', true, 2],
        ['v001', false, 2],
      ]);
  }, 60_000);
});

describe('a pinned cluster', () => {
  it('gets no other artifact by any stage, but the rollback that has set the pin goes everywhere', async () => {
    const cluster = await twoGroups('pinned');
    const pin = { application: 'shop', account: ACCOUNT, cluster, digest: v2.digest, version: '1.1.0' };
    await db.insert(pins).values({ ...pin, reason: 'freeze', by: 'Bob' });
    const refused = { status: 'errored', error: { key: 'engine.deploy.pinned', values: { by: 'Bob' } } };
    const at = { environment: 'pinned' };

    expect(await run('enableServerGroups', { ...at, target: 'previous' })).toMatchObject(refused);
    expect(await run('rollbackCluster', at)).toMatchObject(refused);
    expect(await groups(cluster)).toEqual([
      ['v000', false, 1],
      ['v001', true, 1],
    ]);
    const trigger = { kind: 'rollback' as const, by: 'Ada', userId: null, note: null };
    expect(await run('rollbackCluster', at, { trigger })).toMatchObject({ status: 'succeeded' });
  }, 60_000);
});

describe('a rollback that decides only when it runs', () => {
  const trigger = { kind: 'rollback' as const, by: 'Ada', userId: null, note: 'checkout is slow' };

  it('pins what it goes back to and vetoes what it found in traffic', async () => {
    const cluster = await twoGroups('late');
    const takeBack = [v3.digest, v2.digest];
    expect(await run('rollbackCluster', { environment: 'late', takeBack }, { trigger })).toMatchObject({
      status: 'succeeded',
    });
    expect((await groups(cluster)).map(([name, enabled]) => [name, enabled])).toEqual([
      ['v000', true],
      ['v001', false],
    ]);
    expect(await db.select().from(pins)).toMatchObject([
      { cluster, digest: v1.digest, by: 'Ada', reason: 'checkout is slow', liftedAt: null },
    ]);
    expect(await db.select().from(vetoes)).toMatchObject([{ digest: v2.digest, by: 'Ada' }]);
  }, 60_000);

  it('leaves a cluster in which something else serves by then, and says what', async () => {
    const cluster = await twoGroups('elsewhere');
    const config = { environment: 'elsewhere', takeBack: [v3.digest] };
    expect(await run('rollbackCluster', config, { trigger })).toEqual({
      status: 'skipped',
      error: null,
      log: ['engine.rollback.left', 'rollback.why.otherVersion'],
      children: [],
    });
    expect((await groups(cluster)).map(([name, enabled]) => [name, enabled])).toEqual([
      ['v000', false],
      ['v001', true],
    ]);
    expect(await db.select().from(pins)).toEqual([]);
    expect(await db.select().from(vetoes)).toEqual([]);
  }, 60_000);
});

describe('what is not there', () => {
  it('is named before anything is touched', async () => {
    const cluster = await twoGroups('named', {});
    const at = { environment: 'named' };
    const before = [
      ['v000', false, 1],
      ['v001', true, 1],
    ];
    const back = (restore: object) => run('rollbackCluster', { ...at, restore });

    expect(await back({ mars: `${cluster}-v000` })).toMatchObject({
      status: 'errored',
      error: { key: 'engine.rollback.unknownRegion', values: { region: 'mars' } },
      children: [],
    });
    expect(await back({ eu: `${cluster}-v000`, us: `${cluster}-v007` })).toMatchObject({
      status: 'errored',
      error: {
        key: 'engine.rollback.unknownGroup',
        values: { region: 'us', serverGroup: `${cluster}-v007` },
      },
      children: [],
    });
    const types = ['enable', 'disable', 'resize', 'destroy'].map((verb) => `${verb}ServerGroups`);
    const resize = { action: 'scaleUp', percent: 100 };
    for (const type of types) {
      const target = { serverGroup: `${cluster}-v007` };
      expect(await run(type, { ...at, target, resize })).toMatchObject({
        status: 'errored',
        error: { key: 'engine.cluster.unknownGroup', values: { serverGroup: `${cluster}-v007` } },
        children: [],
      });
    }
    for (const type of [...types, 'rollbackCluster', 'disableCluster', 'scaleDownCluster', 'shrinkCluster']) {
      expect(await run(type, { ...at, regions: ['eu', 'mars'], resize })).toMatchObject({
        status: 'errored',
        error: { key: 'engine.deploy.unknownRegion', values: { region: 'mars' } },
        children: [],
      });
    }
    expect(await groups(cluster, 'eu')).toEqual(before);
    expect(await groups(cluster, 'us')).toEqual(before);
  }, 60_000);

  it('is an error for stages that need it, and skipped by those that would only take it away', async () => {
    await environment(database, 'empty');
    const resize = { action: 'scaleUp', percent: 100 };
    for (const type of ['enableServerGroups', 'resizeServerGroups'])
      expect(await run(type, { environment: 'empty', target: 'newest', resize })).toMatchObject({
        status: 'errored',
        error: { key: 'engine.cluster.noTarget', values: { target: 'newest' } },
      });
    for (const type of ['disableServerGroups', 'destroyServerGroups'])
      expect(await run(type, { environment: 'empty', target: 'newest' })).toMatchObject({
        status: 'skipped',
        log: ['engine.cluster.noSuchGroup', 'engine.cluster.noSuchGroup'],
      });
    expect(await run('rollbackCluster', { environment: 'empty' })).toMatchObject({
      status: 'errored',
      error: { key: 'engine.rollback.nowhere' },
    });
  });
});

it('a rollback to a group that was scaled down gives it the bounds of the environment', async () => {
  const capacity = { min: 1, desired: 2, max: 3 };
  const cluster = await twoGroups('small', { regions: ['eu'], capacity }, { scaleDownKept: true });
  expect((await platform.groups(cluster))[0]?.capacity).toEqual({ min: 0, desired: 0, max: 3 });
  expect(await run('rollbackCluster', { environment: 'small' })).toMatchObject({ status: 'succeeded' });
  expect((await platform.groups(cluster))[0]?.capacity).toEqual(capacity);
}, 60_000);

describe('the pipeline that validates a rollout', () => {
  async function define(name: string, parameters: ParameterDefinition[]): Promise<void> {
    const definition = { ...pipeline(stage('wait', 'wait', { seconds: 0 })), name, parameters };
    await db.insert(pipelines).values({ application: 'shop', name, definition, updatedBy: 'Ada' });
  }
  const roll = (name: string, validate: string) =>
    deploy(name, v2, { strategy: 'rollingredblack', options: { percentages: [100], validate } });

  it('is told what it asks for and nothing else', async () => {
    await environment(database, 'rolling', { regions: ['eu'] });
    await define('asks-nothing', []);
    await define('asks-some', [
      { name: 'percent', type: 'number', required: true },
      { name: 'region', required: true },
      { name: 'depth', default: 'shallow', required: false },
    ]);
    for (const name of ['asks-nothing', 'asks-some'])
      expect(await ended(database, await roll('rolling', name), 30_000)).toBe('succeeded');
    const told = await db.select().from(executions).where(eq(executions.pipeline, 'asks-some'));
    expect(told.map((row) => row.parameters)).toEqual([{ percent: 100, region: 'eu', depth: 'shallow' }]);
  }, 60_000);

  it('is named when it cannot run, before anything is created', async () => {
    const cluster = await environment(database, 'unchecked', { regions: ['eu'] });
    await define('asks-more', [{ name: 'ticket', required: true }]);
    const errorOf = async (validate: string) => {
      const id = await roll('unchecked', validate);
      expect(await ended(database, id)).toBe('errored');
      return (await executionRow(database, id)).error;
    };
    expect(await errorOf('asks-more')).toMatchObject({
      key: 'engine.pipeline.parameters',
      values: { pipeline: 'asks-more', problem: 'The pipeline needs the parameter "ticket".' },
    });
    expect(await errorOf('nowhere')).toMatchObject({
      key: 'engine.pipeline.unknown',
      values: { pipeline: 'nowhere' },
    });
    expect(await groups(cluster)).toEqual([]);
  });
});

it('the log of a failed deploy does not say that a group is kept which is then removed', async () => {
  const cluster = await environment(database, 'removed', { regions: ['eu'] });
  expect(await ended(database, await deploy('removed', v1), 30_000)).toBe('succeeded');
  const id = await deploy('removed', broken, { destroyNewOnFailure: true });
  expect(await ended(database, id, 60_000)).toBe('failed');
  expect((await stageRow(database, id, 'deploy')).log.map((entry) => entry.text.key)).toEqual([
    'engine.deploy.newNeverIn',
    'engine.deploy.newDestroyed',
  ]);
  await expect.poll(() => groups(cluster)).toEqual([['v000', true, 1]]);
}, 90_000);
