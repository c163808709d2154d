import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artifacts, pins, serverGroups, vetoes } from '@/db/schema';
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
import {
  ACCOUNT,
  environment,
  keepAsking,
  REGIONS,
  type TestPlatform,
  testPlatform,
} from '@/server/engine/testing/platform';
import { runTestWorker } from '@/server/engine/testing/worker';
import { brokenService, testService } from '@/server/local-cloud/testing/artifacts';

const database = await testDatabase();
let platform: TestPlatform;
let worker: Worker;
let v1: ArtifactRef;
let v2: ArtifactRef;
let broken: ArtifactRef;

beforeAll(async () => {
  platform = await testPlatform(database);
  v1 = await platform.publish('1.0.0', await testService('1.0.0'));
  v2 = await platform.publish('1.1.0', await testService('1.1.0'));
  broken = await platform.publish('9.9.9', await brokenService('no such table'));
  worker = await runTestWorker(database);
}, 60_000);
afterAll(async () => {
  await worker.stop();
  await platform.stop();
});

function deployTo(
  name: string,
  artifact: ArtifactRef,
  config: Record<string, unknown> = {},
): Promise<string> {
  const deploy = stage('deploy', 'deploy', { environment: name, strategy: 'redblack', ...config });
  return start(database, pipeline(deploy), { artifact, environment: name });
}

function rollBack(cluster: string): Promise<string> {
  const config = { account: ACCOUNT, application: 'shop', cluster, regions: REGIONS };
  return start(database, pipeline(stage('rollback', 'rollbackCluster', config)));
}

const summary = async (cluster: string, region = 'eu') =>
  (await platform.groups(cluster, region)).map((group) => [
    group.name,
    group.artifact.version,
    group.enabled,
  ]);

describe('a deploy', () => {
  it('brings the first version up in every region, behind a load balancer of the cluster’s name', async () => {
    const cluster = await environment(database, 'first');

    const id = await deployTo('first', v1);

    expect(await ended(database, id, 30_000)).toBe('succeeded');
    for (const region of ['eu', 'us']) {
      expect(await summary(cluster, region)).toEqual([['shop-first-v000', '1.0.0', true]]);
      const { url } = await platform.loadBalancer(cluster, region);
      expect(await (await fetch(url ?? '')).json()).toMatchObject({ label: '1.0.0' });
    }
    expect(Object.keys(await statuses(database, id)).toSorted()).toEqual([
      'deploy',
      'deploy.eu-0-upsertLoadBalancer',
      'deploy.eu-1-createServerGroup',
      'deploy.eu-2-enableServerGroup',
      'deploy.us-0-upsertLoadBalancer',
      'deploy.us-1-createServerGroup',
      'deploy.us-2-enableServerGroup',
    ]);
  });

  it.each([
    [
      'redblack',
      [
        ['v000', '1.0.0', false],
        ['v001', '1.1.0', true],
      ],
    ],
    ['highlander', [['v001', '1.1.0', true]]],
  ])('with %s replaces a version without one failed request', async (strategy, left) => {
    const cluster = await environment(database, strategy);
    expect(await ended(database, await deployTo(strategy, v1, { strategy }), 30_000)).toBe('succeeded');
    const client = keepAsking((await platform.loadBalancer(cluster)).url ?? '');

    const status = await ended(database, await deployTo(strategy, v2, { strategy }), 30_000);
    await expect.poll(() => client.latest()).toBe(`${cluster}-v001`);
    const { answers, failures } = await client.stop();

    expect(status).toBe('succeeded');
    expect(failures).toEqual([]);
    expect(answers[0]).toBe(`${cluster}-v000`);
    expect(await summary(cluster)).toEqual(
      left.map(([name, ...rest]) => [`${cluster}-${String(name)}`, ...rest]),
    );
  });

  it('goes through the regions one after the other when told so', async () => {
    await environment(database, 'sequential');
    const id = await deployTo('sequential', v1, { regionOrder: 'sequential' });

    expect(await ended(database, id, 30_000)).toBe('succeeded');
    const eu = await stageRow(database, id, 'deploy.eu-2-enableServerGroup');
    const us = await stageRow(database, id, 'deploy.us-0-upsertLoadBalancer');
    expect(us.requires).toEqual([eu.refId]);
    expect(us.startedAt?.getTime()).toBeGreaterThanOrEqual(eu.endedAt?.getTime() ?? Number.NaN);
  });

  it('of an artifact that does not start fails with its words and leaves the old one’s traffic alone', async () => {
    const cluster = await environment(database, 'crashing');
    await ended(database, await deployTo('crashing', v1), 30_000);
    const client = keepAsking((await platform.loadBalancer(cluster)).url ?? '');

    const id = await deployTo('crashing', broken);
    const status = await ended(database, id, 60_000);
    const { answers, failures } = await client.stop();

    expect(status).toBe('failed');
    expect((await executionRow(database, id)).error?.key).toBe('engine.health.crashLoop');
    expect((await executionRow(database, id)).error?.values.reason).toContain('no such table');
    const { log } = await stageRow(database, id, 'deploy.eu-1-createServerGroup');
    const told = log.map(({ text }) => text.values.text ?? text.key);
    expect(told.slice(told.indexOf('engine.health.lastLines')).join('\n')).toContain('no such table');
    expect(failures).toEqual([]);
    expect(new Set(answers)).toEqual(new Set([`${cluster}-v000`]));
    expect(await summary(cluster)).toEqual([
      [`${cluster}-v000`, '1.0.0', true],
      [`${cluster}-v001`, '9.9.9', false],
    ]);
    await expectNoJobsLeft(database);
  }, 90_000);

  it('takes a new group that was already enabled out of traffic when another region fails', async () => {
    const cluster = await environment(database, 'halfway');
    await ended(database, await deployTo('halfway', v1), 30_000);
    const delay = { options: { delayBeforeDisableSeconds: 3_600 } };
    const id = await deployTo('halfway', v2, delay);
    await expect
      .poll(async () => (await statuses(database, id))['deploy.eu-3-wait'], { timeout: 20_000 })
      .toBe('running');
    await expect
      .poll(async () => (await statuses(database, id))['deploy.us-3-wait'], { timeout: 20_000 })
      .toBe('running');

    // Somebody breaks the other region: its chain fails at its next step.
    await platform.provider.destroyServerGroup(
      { id: 'vandal', fence: 1 },
      { region: 'us', name: `${cluster}-v001` },
    );
    await failStage(id, 'deploy.us-3-wait');

    expect(await ended(database, id, 30_000)).toBe('errored');
    expect(await summary(cluster)).toEqual([
      [`${cluster}-v000`, '1.0.0', true],
      [`${cluster}-v001`, '1.1.0', false],
    ]);
    const parent = await stageRow(database, id, 'deploy');
    expect(parent.log.map((entry) => entry.text.key)).toContain('engine.deploy.newTakenOut');
    expect((await stageRow(database, id, 'deploy.eu-3-wait')).status).toBe('canceled');
  }, 60_000);

  it('is refused with a sentence for a vetoed artifact and for a pinned cluster', async () => {
    const cluster = await environment(database, 'held');
    await database.db.insert(vetoes).values({ digest: broken.digest, reason: 'loses orders', by: 'Ada' });
    const vetoed = await deployTo('held', broken);
    expect(await ended(database, vetoed)).toBe('errored');
    expect((await executionRow(database, vetoed)).error).toMatchObject({
      key: 'engine.deploy.vetoed',
      values: { by: 'Ada', reason: 'loses orders' },
    });

    const pin = {
      application: 'shop',
      account: ACCOUNT,
      cluster,
      digest: v1.digest,
      version: '1.0.0',
      by: 'Bob',
    };
    await database.db.insert(pins).values({ ...pin, reason: 'freeze' });
    const pinned = await deployTo('held', v2);
    expect(await ended(database, pinned)).toBe('errored');
    expect((await executionRow(database, pinned)).error?.key).toBe('engine.deploy.pinned');
    expect(await summary(cluster)).toEqual([]);

    await database.db
      .update(pins)
      .set({ expiresAt: new Date(0) })
      .where(eq(pins.cluster, cluster));
    expect(await ended(database, await deployTo('held', v2), 30_000)).toBe('succeeded');
  });
});

it('lets only one deploy at a time change a cluster; the other waits and says so', async () => {
  const cluster = await environment(database, 'busy', { regions: ['eu'] });
  await ended(database, await deployTo('busy', v1), 30_000);
  const delay = { options: { delayBeforeDisableSeconds: 3_600 } };
  const first = await deployTo('busy', v2, delay);
  await expect
    .poll(async () => (await statuses(database, first))['deploy.eu-3-wait'], { timeout: 20_000 })
    .toBe('running');

  const second = await deployTo('busy', v1);
  await expect
    .poll(async () => (await stageRow(database, second, 'deploy')).waiting)
    .toMatchObject({ kind: 'slot', reason: { key: 'engine.wait.slot', values: { cluster } } });
  expect(Object.keys(await statuses(database, second))).toEqual(['deploy']);
  await database.db.transaction((tx) => requestCancel(tx, first, 'Ada', null));

  expect(await ended(database, second, 30_000)).toBe('succeeded');
  const enabled = (await platform.groups(cluster)).filter((group) => group.enabled);
  expect(enabled.map((group) => group.name)).toEqual([`${cluster}-v002`]);
}, 60_000);

describe('a version that has several forms', () => {
  const image: ArtifactRef = { name: 'shop.image', version: '1.0.0', digest: `sha256:${'e'.repeat(64)}` };

  it('goes to each environment in the form that is run there', async () => {
    const cluster = await environment(database, 'form');
    await database.db.insert(artifacts).values(v1).onConflictDoNothing();
    expect(await ended(database, await deployTo('form', image))).toBe('succeeded');
    const [group] = await platform.groups(cluster);
    expect(group?.artifact).toEqual(v1);
  });

  it('is refused where it is not there in that form, with what to do', async () => {
    const cluster = await environment(database, 'formless', { artifact: 'shop.ami' });
    const id = await deployTo('formless', image);
    expect(await ended(database, id)).toBe('errored');
    expect((await executionRow(database, id)).error).toMatchObject({
      key: 'engine.deploy.noForm',
      values: { name: 'shop.ami', version: '1.0.0', environment: 'formless' },
    });
    expect(await platform.groups(cluster)).toEqual([]);
  });
});

describe('a rollback', () => {
  it('gives traffic back to the group that was kept, without one failed request', async () => {
    const cluster = await environment(database, 'back');
    await ended(database, await deployTo('back', v1), 30_000);
    await ended(database, await deployTo('back', v2), 30_000);
    const client = keepAsking((await platform.loadBalancer(cluster)).url ?? '');
    await expect.poll(() => client.latest()).toBe(`${cluster}-v001`);

    const pressedAt = performance.now();
    const id = await rollBack(cluster);
    await expect.poll(() => client.latest(), { interval: 5 }).toBe(`${cluster}-v000`);
    const status = await ended(database, id);
    process.stdout.write(`rollback, end to end: ${Math.round(performance.now() - pressedAt)} ms\n`);
    const { failures } = await client.stop();

    expect(status).toBe('succeeded');
    expect(failures).toEqual([]);
    for (const region of ['eu', 'us']) {
      expect(await summary(cluster, region)).toEqual([
        [`${cluster}-v000`, '1.0.0', true],
        [`${cluster}-v001`, '1.1.0', false],
      ]);
    }
  });

  it('says that there is nothing to go back to', async () => {
    const cluster = await environment(database, 'only');
    await ended(database, await deployTo('only', v1), 30_000);

    const id = await rollBack(cluster);

    expect(await ended(database, id)).toBe('errored');
    expect((await executionRow(database, id)).error?.key).toBe('engine.rollback.nowhere');
    expect(await summary(cluster)).toEqual([[`${cluster}-v000`, '1.0.0', true]]);
  });
});

describe('the traffic guard', () => {
  it.each(['disableServerGroup', 'destroyServerGroup', 'resizeServerGroup'])(
    'stops %s of the last healthy enabled group and names the numbers',
    async (type) => {
      const name = type.toLowerCase();
      const cluster = await environment(database, name, { regions: ['eu'] });
      await ended(database, await deployTo(name, v1), 30_000);
      const config = {
        account: ACCOUNT,
        region: 'eu',
        application: 'shop',
        cluster,
        serverGroup: `${cluster}-v000`,
        capacity: { min: 0, desired: 0, max: 1 },
      };

      const id = await start(database, pipeline(stage('out', type, config)));

      expect(await ended(database, id)).toBe('errored');
      expect((await executionRow(database, id)).error).toMatchObject({
        key: 'engine.guard.refused',
        values: { healthyNow: 1, healthyAfter: 0 },
      });
      expect(await summary(cluster)).toEqual([[`${cluster}-v000`, '1.0.0', true]]);
    },
  );

  it('lets an unguarded environment go dark', async () => {
    const cluster = await environment(database, 'dark', { regions: ['eu'], guarded: false });
    await ended(database, await deployTo('dark', v1), 30_000);
    const config = {
      account: ACCOUNT,
      region: 'eu',
      application: 'shop',
      cluster,
      serverGroup: `${cluster}-v000`,
    };

    const id = await start(database, pipeline(stage('out', 'disableServerGroup', config)));

    expect(await ended(database, id)).toBe('succeeded');
  });
});

describe('the inventory', () => {
  it('shows what the platform has, and forgets what is gone', async () => {
    const cluster = await environment(database, 'seen', { regions: ['eu'] });
    await ended(database, await deployTo('seen', v1), 30_000);
    const rows = () => database.db.select().from(serverGroups).where(eq(serverGroups.cluster, cluster));
    await expect
      .poll(async () => (await rows()).map((row) => row.data.instances[0]?.health))
      .toEqual(['healthy']);

    await platform.provider.destroyServerGroup(
      { id: 'gone', fence: 1 },
      { region: 'eu', name: `${cluster}-v000` },
    );

    await expect.poll(rows, { timeout: 10_000 }).toEqual([]);
  });
});

it('cancels a deploy in its waits and leaves traffic as it is', async () => {
  const cluster = await environment(database, 'canceled', { regions: ['eu'] });
  await ended(database, await deployTo('canceled', v1), 30_000);
  // Vetoed above, which does not matter here.
  await database.db.delete(vetoes);
  const again = await deployTo('canceled', broken);
  await expect
    .poll(async () => (await statuses(database, again))['deploy.eu-1-createServerGroup'], { timeout: 10_000 })
    .toBe('running');

  await database.db.transaction((tx) => requestCancel(tx, again, 'Ada', null));

  expect(await ended(database, again)).toBe('canceled');
  expect((await summary(cluster))[0]).toEqual([`${cluster}-v000`, '1.0.0', true]);
  await expectNoJobsLeft(database);
});

/** Makes a stage unreadable to its type, as a bad release of ours could. */
async function failStage(executionId: string, refId: string): Promise<void> {
  const { wakeStage } = await import('@/server/engine/enqueue');
  const { stages } = await import('@/db/schema');
  const { id } = await stageRow(database, executionId, refId);
  await database.db.transaction(async (tx) => {
    await tx
      .update(stages)
      .set({ config: { seconds: 'never' } })
      .where(eq(stages.id, id));
    await wakeStage(tx, id);
  });
}
