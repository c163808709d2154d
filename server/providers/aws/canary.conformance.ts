import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '@/db/test/database';
import type { Worker } from '@/server/engine/run-worker';
import { madeUpSource, SHORT_CANARY, writeGoldenConfig } from '@/server/engine/testing/automated-canary';
import { ended, executionRow, pipeline, stage, start } from '@/server/engine/testing/harness';
import { environment } from '@/server/engine/testing/platform';
import { runTestWorker } from '@/server/engine/testing/worker';
import type { Scope } from '@/server/metrics/source';
import { ACCOUNT, type AwsBench, makeAwsAccount, REGION } from '@/server/providers/aws/testing/fixture';
import { serviceLog } from '@/server/providers/aws/testing/service-log';

/** A canary with automated analysis between Auto Scaling groups: moto runs none, so what is measured is made up. */

const database = await testDatabase();
const INSTANCES = 2;
const PATIENCE_MS = 180_000;
let isCanarySick = false;
const asked: Scope[] = [];

let bench: AwsBench;
let worker: Worker;
beforeAll(async () => {
  bench = await makeAwsAccount(database);
  await writeGoldenConfig(database, 'targetGroup');
  // The canary is made after its baseline and the group that serves.
  const source = madeUpSource(({ scope }) => isCanarySick && scope.endsWith('-v002'), asked);
  worker = await runTestWorker(database, { metricsSource: async () => source });
});
afterAll(async () => {
  await worker?.stop();
  await bench?.stop();
});

/** Version 1 serves, and version 2 comes by a canary. */
async function canary(name: string) {
  const capacity = { min: 1, desired: INSTANCES, max: 10 };
  const artifact = bench.artifacts[0].name;
  const regions = [REGION];
  const cluster = await environment(database, name, { account: ACCOUNT, regions, capacity, artifact });
  const deploy = (version: 0 | 1, strategy: string, options: object) =>
    start(database, pipeline(stage('deploy', 'deploy', { environment: name, strategy, options })), {
      artifact: bench.artifacts[version],
      environment: name,
    });
  expect(await ended(database, await deploy(0, 'redblack', {}), PATIENCE_MS)).toBe('succeeded');
  asked.length = 0;
  const from = bench.proxy.calls.length;
  const id = await deploy(1, 'automatedcanary', SHORT_CANARY);
  const status = await ended(database, id, PATIENCE_MS);
  const { gaps, weights } = serviceLog(bench.proxy.calls.slice(from));
  const ref = { account: ACCOUNT, region: REGION, application: 'shop', cluster };
  const serving = (await bench.provider.describeCluster(ref)).filter(({ traffic }) => traffic > 0);
  return {
    ended: { status, error: (await executionRow(database, id)).error },
    serving: serving.map(({ name, artifact, traffic }) => [name.slice(-4), artifact.version, traffic]),
    gaps,
    weights,
  };
}

describe('a canary of Auto Scaling groups', { timeout: 2 * PATIENCE_MS }, () => {
  it('is measured by its target group and against a baseline of its own, and takes over when it is well', async () => {
    isCanarySick = false;
    const { ended, serving, gaps, weights } = await canary('well');
    expect(ended).toEqual({ status: 'succeeded', error: null });
    expect(serving).toEqual([['v002', bench.artifacts[1].version, 1]]);
    expect(gaps).toEqual([]);
    expect(weights).toContainEqual([8, 1, 1]);
    const measured = new Map(asked.map(({ scope, extra }) => [scope.slice(-4), extra.targetGroup]));
    expect([...measured.keys()].toSorted()).toEqual(['v001', 'v002']);
    expect(new Set(measured.values()).size).toBe(2);
  });

  it('that is bad goes with its baseline, and leaves all requests to the old version', async () => {
    isCanarySick = true;
    const { ended, serving, gaps } = await canary('bad');
    expect(ended.status).toBe('failed');
    expect(serving).toEqual([['v000', bench.artifacts[0].version, 1]]);
    expect(gaps).toEqual([]);
  });
});
