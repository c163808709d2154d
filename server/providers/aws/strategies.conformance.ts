import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase } from '@/db/test/database';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { Worker } from '@/server/engine/run-worker';
import { ended, executionRow, pipeline, stage, start } from '@/server/engine/testing/harness';
import { environment } from '@/server/engine/testing/platform';
import { runTestWorker } from '@/server/engine/testing/worker';
import { ACCOUNT, type AwsBench, makeAwsAccount, REGION } from '@/server/providers/aws/testing/fixture';
import { serviceLog } from '@/server/providers/aws/testing/service-log';

/** The strategies by the real engine, on moto behind the fault proxy. */

const database = await testDatabase();
const INSTANCES = 2;
const PATIENCE_MS = 180_000;

let bench: AwsBench;
let worker: Worker;
beforeAll(async () => {
  bench = await makeAwsAccount(database);
  worker = await runTestWorker(database);
});
afterAll(async () => {
  await worker?.stop();
  await bench?.stop();
});

let from = 0;
beforeEach(() => {
  from = bench.proxy.calls.length;
});

/** The environment of one test, with version 1 serving. */
async function begun(name: string, changes: { readonly guarded?: boolean } = {}) {
  const capacity = { min: 1, desired: INSTANCES, max: 10 };
  const cluster = await environment(database, name, {
    account: ACCOUNT,
    regions: [REGION],
    capacity,
    artifact: bench.artifacts[0].name,
    ...changes,
  });
  const ref = { account: ACCOUNT, region: REGION, application: 'shop', cluster };
  const deploy = (artifact: ArtifactRef, strategy: string, options: object = {}) =>
    start(database, pipeline(stage('deploy', 'deploy', { environment: name, strategy, options })), {
      artifact,
      environment: name,
    });
  const succeeds = async (id: string) => {
    const status = await ended(database, id, PATIENCE_MS);
    expect({ status, error: (await executionRow(database, id)).error }).toEqual({
      status: 'succeeded',
      error: null,
    });
  };
  await succeeds(await deploy(bench.artifacts[0], 'redblack'));
  const groups = async () =>
    (await bench.provider.describeCluster(ref)).map((group) => [
      group.name.slice(-4),
      group.enabled,
      group.capacity.desired,
      Math.round(group.traffic * 100),
    ]);
  return { name, cluster, deploy, groups, succeeds };
}

/** Requests never went where nobody was healthy, and nobody was detached before another had its requests. */
function unharmed() {
  const { gaps, moves } = serviceLog(bench.proxy.calls.slice(from));
  expect(gaps).toEqual([]);
  expect(moves).toBeGreaterThan(0);
}

describe('strategies', { timeout: 2 * PATIENCE_MS }, () => {
  it('blue/green takes over, and a rollback gives everything back', async () => {
    const { deploy, groups, succeeds, name } = await begun('bluegreen');
    await succeeds(await deploy(bench.artifacts[1], 'redblack'));
    expect(await groups()).toEqual([
      ['v000', false, INSTANCES, 0],
      ['v001', true, INSTANCES, 100],
    ]);
    await succeeds(await start(database, pipeline(stage('back', 'rollbackCluster', { environment: name }))));
    expect(await groups()).toEqual([
      ['v000', true, INSTANCES, 100],
      ['v001', false, INSTANCES, 0],
    ]);
    unharmed();
  });

  it('highlander leaves only the new group', async () => {
    const { deploy, groups, succeeds } = await begun('highlander');
    await succeeds(await deploy(bench.artifacts[1], 'highlander'));
    expect(await groups()).toEqual([['v001', true, INSTANCES, 100]]);
    unharmed();
  });

  it('rolling red/black grows and shrinks in turn', async () => {
    const { deploy, groups, succeeds } = await begun('rolling');
    await succeeds(await deploy(bench.artifacts[1], 'rollingredblack', { percentages: [50] }));
    expect((await groups()).map(([group, enabled]) => [group, enabled])).toEqual([
      ['v000', false],
      ['v001', true],
    ]);
    unharmed();
  });

  it('a canary gets its share, then more, then everything', async () => {
    const { deploy, groups, succeeds } = await begun('canary');
    const before = bench.proxy.calls.length;
    await succeeds(await deploy(bench.artifacts[1], 'canary', { steps: [{ weight: 10 }, { weight: 50 }] }));
    expect(await groups()).toEqual([
      ['v000', false, INSTANCES, 0],
      ['v001', true, INSTANCES, 100],
    ]);
    const { weights } = serviceLog(bench.proxy.calls.slice(before));
    // It is in the listener without a weight first where its targets are not healthy at once.
    expect(weights.filter((written) => written.at(-1) !== 0)).toEqual([[9, 1], [1, 1], [0, 1], [1]]);
    unharmed();
  });

  it('recreate leaves the new group serving', async () => {
    const { deploy, groups, succeeds } = await begun('recreate', { guarded: false });
    await succeeds(await deploy(bench.artifacts[1], 'recreate'));
    expect((await groups()).at(-1)).toEqual(['v001', true, INSTANCES, 100]);
  });

  it('none adds a group beside, which gets its share once it is healthy', async () => {
    const { deploy, groups, succeeds } = await begun('beside');
    await succeeds(await deploy(bench.artifacts[1], 'none'));
    await expect.poll(groups).toEqual([
      ['v000', true, INSTANCES, 50],
      ['v001', true, INSTANCES, 50],
    ]);
    unharmed();
  });

  it('launches that fail end the deploy early, with the reason, and harm nobody', async () => {
    const { deploy, groups, cluster } = await begun('exhausted');
    const reason = 'You have requested more vCPU capacity than your current limit allows';
    await bench.proxy.failLaunches(`${cluster}-v001`, reason);
    const id = await deploy(bench.artifacts[1], 'redblack');
    // Its own patience would be ten minutes.
    expect(await ended(database, id, PATIENCE_MS)).toBe('failed');
    expect(JSON.stringify((await executionRow(database, id)).error)).toContain(reason);
    expect((await groups())[0]).toEqual(['v000', true, INSTANCES, 100]);
    unharmed();
  });

  it('targets that need their time and an API that throttles delay it, and nobody notices', async () => {
    const { deploy, groups, succeeds } = await begun('slow');
    bench.proxy.holdHealth(true);
    bench.proxy.throttle('AttachLoadBalancerTargetGroups', 4);
    const id = await deploy(bench.artifacts[1], 'redblack');
    await expect
      .poll(
        () => bench.proxy.calls.slice(from).filter(({ action }) => action === 'DescribeTargetHealth').length,
        {
          timeout: PATIENCE_MS,
        },
      )
      .toBeGreaterThan(20);
    expect((await groups())[0]).toEqual(['v000', true, INSTANCES, 100]);
    bench.proxy.holdHealth(false);
    await succeeds(id);
    expect((await groups()).at(-1)).toEqual(['v001', true, INSTANCES, 100]);
    unharmed();
  });
});
