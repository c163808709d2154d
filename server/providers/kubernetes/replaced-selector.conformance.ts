import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accounts } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { Worker } from '@/server/engine/run-worker';
import { ended, executionRow, pipeline, stage, start } from '@/server/engine/testing/harness';
import { environment } from '@/server/engine/testing/platform';
import { runTestWorker } from '@/server/engine/testing/worker';
import { kubernetesConfigSchema } from '@/server/providers/kubernetes/config';
import { kubernetesProvider } from '@/server/providers/kubernetes/manifest';
import { testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { watchContinuity } from '@/server/providers/kubernetes/testing/continuity';
import { type KubernetesBench, makeKubernetesBench } from '@/server/providers/kubernetes/testing/fixture';
import { APP_LABELS, LABELS, trafficLabel } from '@/server/providers/kubernetes/words/labels';
import type { Provider } from '@/server/providers/provider';

/** Somebody applies a manifest of theirs over a load balancer's Service: every version serves, until the next switch. */

const database = await testDatabase();
const cluster = testCluster();
const INSTANCES = 3;
const TIMEOUT = 120_000;
let worker: Worker;
beforeAll(async () => {
  worker = await runTestWorker(database);
}, 60_000);
afterAll(() => worker.stop());

const SHARED = [
  { how: 'by the number of instances', account: 'replaced', gateway: false },
  { how: 'by the weights of a route', account: 'replacedroute', gateway: true },
].filter(({ gateway }) => cluster.workload && (cluster.routes || !gateway));

describe.each(SHARED)(
  'a Service whose selector was replaced, with requests shared $how',
  { timeout: TIMEOUT },
  ({ account, gateway }) => {
    let bench: KubernetesBench;
    let provider: Provider;
    beforeAll(async () => {
      bench = await makeKubernetesBench(cluster, { gateway });
      const config = { ...bench.config };
      await database.db.insert(accounts).values({ name: account, provider: 'kubernetes', config });
      provider = await kubernetesProvider.load(account, kubernetesConfigSchema.parse(bench.config));
    });
    afterAll(() => bench.stop());

    it('is taken over by the next deploy and by a rollback, and no request is lost', async () => {
      const capacity = { min: 1, desired: INSTANCES, max: 10 };
      const regions = [bench.namespace];
      const { name: artifact } = bench.artifacts[0];
      const named = await environment(database, account, { account, regions, capacity, artifact });
      const at = `/api/v1/namespaces/${bench.namespace}/services/${named}`;
      const theirs = { [APP_LABELS.instance]: named };
      const replace = () =>
        cluster.rest.must('PATCH', at, {
          spec: { selector: { ...theirs, [trafficLabel(named)]: null, [LABELS.serverGroup]: null } },
        });
      const selector = async () =>
        (await cluster.rest.must<{ spec: { selector: object } }>('GET', at)).spec.selector;
      const done = async (id: string) => ({
        status: await ended(database, id, TIMEOUT),
        error: (await executionRow(database, id)).error,
      });
      const deploy = async (version: 0 | 1) =>
        done(
          await start(
            database,
            pipeline(stage('deploy', 'deploy', { environment: account, strategy: 'redblack' })),
            { artifact: bench.artifacts[version], environment: account },
          ),
        );
      const back = async () =>
        done(await start(database, pipeline(stage('back', 'rollbackCluster', { environment: account })), {}));
      const ref = { account, region: bench.namespace, application: 'shop', cluster: named };
      const serving = async () =>
        (await provider.describeCluster(ref))
          .filter(({ traffic }) => traffic > 0)
          .map((group) => [group.name.slice(-4), group.traffic]);
      const well = { status: 'succeeded', error: null };

      expect(await deploy(0)).toEqual(well);
      const { loadBalancers } = await provider.describe();
      const url = loadBalancers.find(({ name }) => name === named)?.url ?? '';
      const watching = watchContinuity(cluster.rest, () => bench.request(url), {
        namespace: bench.namespace,
        name: named,
      });
      await replace();
      expect(await deploy(1)).toEqual(well);
      expect(await serving()).toEqual([['v001', 1]]);
      expect(await selector()).toEqual({ ...theirs, [trafficLabel(named)]: 'true' });
      await expect.poll(watching.latest).toContain('-v001');

      await replace();
      expect(await back()).toEqual(well);
      expect(await serving()).toEqual([['v000', 1]]);
      expect(await selector()).toEqual({ ...theirs, [trafficLabel(named)]: 'true' });
      await expect.poll(watching.latest).toContain('-v000');
      const { failures, sent, leastReady } = await watching.stop();
      expect(failures).toEqual([]);
      expect(sent).toBeGreaterThan(50);
      expect(leastReady).toBeGreaterThanOrEqual(INSTANCES);
    });
  },
);
