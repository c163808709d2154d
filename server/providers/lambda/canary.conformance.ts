import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accounts } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { Worker } from '@/server/engine/run-worker';
import { madeUpSource, SHORT_CANARY, writeGoldenConfig } from '@/server/engine/testing/automated-canary';
import { ended, executionRow, pipeline, stage, start } from '@/server/engine/testing/harness';
import { environment } from '@/server/engine/testing/platform';
import { runTestWorker } from '@/server/engine/testing/worker';
import type { Scope } from '@/server/metrics/source';
import { type LambdaBench, makeLambdaBench, REGION } from '@/server/providers/lambda/testing/fixture';

/** A canary with automated analysis between two versions of a function: moto runs none, so what is measured is made up. */

const database = await testDatabase();
const ACCOUNT = 'functions';
const PATIENCE_MS = 90_000;
/** Version of the function that answers with errors. */
let sick = '';
const asked: Scope[] = [];

const source = madeUpSource(({ extra }) => extra.executedVersion === sick, asked);

let bench: LambdaBench;
let worker: Worker;
beforeAll(async () => {
  bench = await makeLambdaBench();
  const { db } = database;
  await db.insert(accounts).values({
    name: ACCOUNT,
    provider: 'lambda',
    config: { ...bench.config, regions: [...bench.config.regions] },
  });
  await writeGoldenConfig(database, 'function');
  worker = await runTestWorker(database, { metricsSource: async () => source });
});
afterAll(async () => {
  await worker?.stop();
  await bench?.stop();
});

/** Version 1 serves, and version 2 comes by a canary. */
async function canary(name: string) {
  const artifact = bench.artifacts[0].name;
  const cluster = await environment(database, name, { account: ACCOUNT, regions: [REGION], artifact });
  const deploy = (version: 0 | 1, strategy: string, options: object) =>
    start(database, pipeline(stage('deploy', 'deploy', { environment: name, strategy, options })), {
      artifact: bench.artifacts[version],
      environment: name,
    });
  expect(await ended(database, await deploy(0, 'redblack', {}), PATIENCE_MS)).toBe('succeeded');
  asked.length = 0;
  const id = await deploy(1, 'automatedcanary', SHORT_CANARY);
  const status = await ended(database, id, PATIENCE_MS);
  const ref = { account: ACCOUNT, region: REGION, application: 'shop', cluster };
  const groups = (await bench.provider.describeCluster(ref)).map((group) => [
    group.name.slice(-4),
    group.enabled,
    group.traffic,
  ]);
  return { cluster, status, groups, error: (await executionRow(database, id)).error };
}

describe('a canary of a function', { timeout: 2 * PATIENCE_MS }, () => {
  it('is measured by its version and against that of the old group, and takes over when it is well', async () => {
    sick = '';
    const { cluster, status, groups, error } = await canary('well');
    expect({ status, error }).toEqual({ status: 'succeeded', error: null });
    expect(groups).toEqual([
      ['v000', false, 0],
      ['v001', true, 1],
    ]);
    const measured = new Map(asked.map(({ scope, extra }) => [scope, extra]));
    const resource = { functionName: cluster, resource: `${cluster}:live` };
    expect(Object.fromEntries(measured)).toMatchObject({
      [`${cluster}-v000`]: { ...resource, executedVersion: '1' },
      [`${cluster}-v001`]: { ...resource, executedVersion: '2' },
    });
  });

  it('that is bad leaves all requests to the old version, and goes', async () => {
    sick = '2';
    const { status, groups } = await canary('bad');
    expect(status).toBe('failed');
    expect(groups).toEqual([['v000', true, 1]]);
  });
});
