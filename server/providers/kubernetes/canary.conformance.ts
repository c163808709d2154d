import { afterAll, beforeAll, expect, it } from 'vitest';
import { accounts } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { Worker } from '@/server/engine/run-worker';
import { madeUpSource, SHORT_CANARY, writeGoldenConfig } from '@/server/engine/testing/automated-canary';
import { ended, executionRow, pipeline, stage, start } from '@/server/engine/testing/harness';
import { environment } from '@/server/engine/testing/platform';
import { runTestWorker } from '@/server/engine/testing/worker';
import { kubernetesConfigSchema } from '@/server/providers/kubernetes/config';
import { kubernetesProvider } from '@/server/providers/kubernetes/manifest';
import { testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { describeWhere } from '@/server/providers/kubernetes/testing/cluster-where';
import { watchContinuity } from '@/server/providers/kubernetes/testing/continuity';
import { type KubernetesBench, makeKubernetesBench } from '@/server/providers/kubernetes/testing/fixture';
import type { Provider } from '@/server/providers/provider';

/** A canary with automated analysis on a real control plane; what is measured is made up, every request is counted. */

const database = await testDatabase();
const cluster = testCluster();
const ACCOUNT = 'analysed';
const INSTANCES = 3;
const TIMEOUT = 120_000;
let isCanarySick = false;

let worker: Worker;
let bench: KubernetesBench;
let provider: Provider;
beforeAll(async () => {
  // Nobody is asked these queries.
  await writeGoldenConfig(database, 'targetGroup');
  // The canary is made after its baseline and the group that serves.
  const source = madeUpSource(({ scope }) => isCanarySick && scope.endsWith('-v002'));
  worker = await runTestWorker(database, { metricsSource: async () => source });
}, 60_000);
afterAll(async () => {
  await worker?.stop();
  await bench?.stop();
});

/** Version 1 serves, and version 2 comes by a canary. */
async function canary(name: string) {
  const capacity = { min: 1, desired: INSTANCES, max: 10 };
  const regions = [bench.namespace];
  const artifact = bench.artifacts[0].name;
  const named = await environment(database, name, { account: ACCOUNT, regions, capacity, artifact });
  const deploy = (version: 0 | 1, strategy: string, options: object) =>
    start(database, pipeline(stage('deploy', 'deploy', { environment: name, strategy, options })), {
      artifact: bench.artifacts[version],
      environment: name,
    });
  expect(await ended(database, await deploy(0, 'redblack', {}), TIMEOUT)).toBe('succeeded');
  const { loadBalancers } = await provider.describe();
  const url = loadBalancers.find((one) => one.name === named)?.url ?? '';
  const namespace = bench.namespace;
  const watching = watchContinuity(cluster.rest, () => bench.request(url), { namespace, name: named });
  const id = await deploy(1, 'automatedcanary', SHORT_CANARY);
  const status = await ended(database, id, TIMEOUT);
  const seen = await watching.stop();
  const ref = { account: ACCOUNT, region: namespace, application: 'shop', cluster: named };
  const serving = (await provider.describeCluster(ref)).filter(({ traffic }) => traffic > 0);
  return {
    ended: { status, error: (await executionRow(database, id)).error },
    serving: serving.map(({ name, artifact, traffic }) => [name.slice(-4), artifact.version, traffic]),
    failures: seen.failures,
    leastReady: seen.leastReady,
  };
}

describeWhere(cluster.workload && cluster.routes)(
  'a canary with automated analysis',
  { timeout: 2 * TIMEOUT },
  () => {
    beforeAll(async () => {
      bench = await makeKubernetesBench(cluster, { gateway: true });
      const config = { ...bench.config };
      await database.db.insert(accounts).values({ name: ACCOUNT, provider: 'kubernetes', config });
      provider = await kubernetesProvider.load(ACCOUNT, kubernetesConfigSchema.parse(bench.config));
    });

    it('takes over when it is well, and no request is lost', async () => {
      isCanarySick = false;
      const { ended, serving, failures, leastReady } = await canary('well');
      expect(ended).toEqual({ status: 'succeeded', error: null });
      expect(serving).toEqual([['v002', bench.artifacts[1].version, 1]]);
      expect(failures).toEqual([]);
      expect(leastReady).toBeGreaterThanOrEqual(INSTANCES);
    });

    it('goes with its baseline when it is bad, and leaves all requests to the old version', async () => {
      isCanarySick = true;
      const { ended, serving, failures, leastReady } = await canary('bad');
      expect(ended.status).toBe('failed');
      expect(serving).toEqual([['v000', bench.artifacts[0].version, 1]]);
      expect(failures).toEqual([]);
      expect(leastReady).toBeGreaterThanOrEqual(INSTANCES);
    });
  },
);
