import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '@/db/test/database';
import type { ArtifactRef } from '@/server/domain/inventory';
import { requestCancel } from '@/server/engine/enqueue';
import type { Worker } from '@/server/engine/run-worker';
import {
  ended,
  executionRow,
  expectNoJobsLeft,
  pipeline,
  stage,
  stageRow,
  start,
  statuses,
} from '@/server/engine/testing/harness';
import { environment, keepAsking, type TestPlatform, testPlatform } from '@/server/engine/testing/platform';
import { runTestWorker } from '@/server/engine/testing/worker';
import { testService } from '@/server/local-cloud/testing/artifacts';

/** The strategies against a real local cloud: real processes behind a real load balancer. */

const database = await testDatabase();
let platform: TestPlatform;
let worker: Worker;
let v1: ArtifactRef;
let v2: ArtifactRef;

beforeAll(async () => {
  platform = await testPlatform(database);
  v1 = await platform.publish('1.0.0', await testService('1.0.0'));
  v2 = await platform.publish('1.1.0', await testService('1.1.0'));
  worker = await runTestWorker(database);
}, 60_000);
afterAll(async () => {
  await worker.stop();
  await platform.stop();
});

const place = (name: string, desired = 2) =>
  environment(database, name, { regions: ['eu'], capacity: { min: 1, desired, max: 6 } });

function deploy(
  name: string,
  artifact: ArtifactRef,
  strategy: string,
  options: object = {},
): Promise<string> {
  const config = { environment: name, strategy, options };
  return start(database, pipeline(stage('deploy', 'deploy', config)), { artifact, environment: name });
}

const groups = async (cluster: string) =>
  (await platform.groups(cluster)).map((group) => [
    group.name.slice(-4),
    group.enabled,
    group.capacity.desired,
    Math.round(group.traffic * 100),
  ]);

async function begun(name: string): Promise<string> {
  const cluster = await place(name);
  expect(await ended(database, await deploy(name, v1, 'redblack'), 30_000)).toBe('succeeded');
  return cluster;
}

describe('a canary', () => {
  const gated = { steps: [{ weight: 10, judgment: true }, { weight: 50 }] };

  it('gets its share and no more, then everything, without one failed request; a rollback gives all of it back', async () => {
    const cluster = await begun('canary');
    const client = keepAsking((await platform.loadBalancer(cluster)).url ?? '');
    const id = await deploy('canary', v2, 'canary', {
      steps: [{ weight: 20, pauseSeconds: 2 }, { weight: 50 }],
    });
    await expect
      .poll(async () => (await statuses(database, id))['deploy.eu-4-wait'], { timeout: 20_000 })
      .toBe('running');
    expect(await groups(cluster)).toEqual([
      ['v000', true, 2, 80],
      ['v001', true, 2, 20],
    ]);
    expect(await ended(database, id, 30_000)).toBe('succeeded');
    expect(await groups(cluster)).toEqual([
      ['v000', false, 2, 0],
      ['v001', true, 2, 100],
    ]);
    const config = { environment: 'canary' };
    expect(
      await ended(database, await start(database, pipeline(stage('back', 'rollbackCluster', config)))),
    ).toBe('succeeded');
    expect(await groups(cluster)).toEqual([
      ['v000', true, 2, 100],
      ['v001', false, 2, 0],
    ]);
    const { failures } = await client.stop();
    expect(failures).toEqual([]);
  }, 60_000);

  it('that is canceled in the middle leaves the stable version with everything, and the next deploy unharmed', async () => {
    const cluster = await begun('aborted');
    const client = keepAsking((await platform.loadBalancer(cluster)).url ?? '');
    const id = await deploy('aborted', v2, 'canary', gated);
    await expect
      .poll(async () => (await statuses(database, id))['deploy.eu-4-manualJudgment'], { timeout: 20_000 })
      .toBe('running');
    await database.db.transaction((tx) => requestCancel(tx, id, 'Ada', null));
    expect(await ended(database, id)).toBe('canceled');
    await expect
      .poll(() => groups(cluster), { timeout: 10_000 })
      .toEqual([
        ['v000', true, 2, 100],
        ['v001', false, 2, 0],
      ]);
    await expectNoJobsLeft(database);
    expect((await stageRow(database, id, 'deploy')).log.map((entry) => entry.text.key)).toContain(
      'engine.deploy.newTakenOut',
    );
    expect(await ended(database, await deploy('aborted', v2, 'redblack', { keep: 1 }), 30_000)).toBe(
      'succeeded',
    );
    expect(await groups(cluster)).toEqual([['v002', true, 2, 100]]);
    const { failures } = await client.stop();
    expect(failures).toEqual([]);
  }, 60_000);
});

describe('rolling red/black', () => {
  it('grows and shrinks in turn without one failed request', async () => {
    const cluster = await begun('rolling');
    const client = keepAsking((await platform.loadBalancer(cluster)).url ?? '');
    const id = await deploy('rolling', v2, 'rollingredblack', { percentages: [50] });
    expect(await ended(database, id, 40_000)).toBe('succeeded');
    expect(await groups(cluster)).toEqual([
      ['v000', false, 1, 0],
      ['v001', true, 2, 100],
    ]);
    const { failures } = await client.stop();
    expect(failures).toEqual([]);
  }, 60_000);

  it('that is canceled half way gives the old group its instances back before the new one leaves', async () => {
    const cluster = await begun('halted');
    const client = keepAsking((await platform.loadBalancer(cluster)).url ?? '');
    const id = await deploy('halted', v2, 'rollingredblack', {
      percentages: [50],
      delayBeforeDisableSeconds: 3_600,
    });
    await expect
      .poll(
        async () => Object.entries(await statuses(database, id)).find(([key]) => key.endsWith('-wait'))?.[1],
        {
          timeout: 30_000,
        },
      )
      .toBe('running');
    expect(await groups(cluster)).toEqual([
      ['v000', true, 1, 33],
      ['v001', true, 2, 67],
    ]);
    await database.db.transaction((tx) => requestCancel(tx, id, 'Ada', null));
    await expect
      .poll(() => groups(cluster), { timeout: 20_000 })
      .toEqual([
        ['v000', true, 2, 100],
        ['v001', false, 2, 0],
      ]);
    const keys = async () => (await stageRow(database, id, 'deploy')).log.map((entry) => entry.text.key);
    await expect.poll(keys).toEqual(['engine.deploy.restored', 'engine.deploy.newTakenOut']);
    const { failures } = await client.stop();
    expect(failures).toEqual([]);
  }, 60_000);
});

describe('recreate', () => {
  it('is refused for a guarded cluster that serves, and works where nobody guards', async () => {
    await begun('guarded');
    const refused = await deploy('guarded', v2, 'recreate');
    expect(await ended(database, refused)).toBe('errored');
    expect((await executionRow(database, refused)).error?.key).toBe('engine.deploy.interrupts');

    const cluster = await environment(database, 'free', {
      regions: ['eu'],
      guarded: false,
      capacity: { min: 1, desired: 1, max: 1 },
    });
    for (const artifact of [v1, v2])
      expect(await ended(database, await deploy('free', artifact, 'recreate'), 30_000)).toBe('succeeded');
    expect(await groups(cluster)).toEqual([['v001', true, 1, 100]]);
  }, 60_000);
});

describe('none', () => {
  it('adds beside what is there', async () => {
    const cluster = await begun('beside');
    expect(await ended(database, await deploy('beside', v2, 'none'), 30_000)).toBe('succeeded');
    expect((await groups(cluster)).map(([, enabled]) => enabled)).toEqual([true, true]);
  }, 60_000);
});

it('a pipeline rolls back by itself when a later stage fails, and is then called failed', async () => {
  const cluster = await begun('automatic');
  const config = { environment: 'automatic', strategy: 'redblack' };
  const check = { preconditions: [{ type: 'expression', expression: '${false}' }] };
  const definition = pipeline(
    stage('deploy', 'deploy', config),
    { ...stage('verify', 'checkPreconditions', check, ['deploy']), onFailure: 'ignore' },
    {
      ...stage('undo', 'rollbackCluster', { environment: 'automatic', thenFail: true }, ['verify']),
      when: "stages.verify.status == 'failed'",
    },
  );
  const id = await start(database, definition, { artifact: v2, environment: 'automatic' });
  expect(await ended(database, id, 40_000)).toBe('failed');
  expect(await groups(cluster)).toEqual([
    ['v000', true, 2, 100],
    ['v001', false, 2, 0],
  ]);
}, 60_000);
