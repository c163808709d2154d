import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { accounts } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { Worker } from '@/server/engine/run-worker';
import { ended, executionRow, pipeline, stage, start } from '@/server/engine/testing/harness';
import { environment } from '@/server/engine/testing/platform';
import { runTestWorker } from '@/server/engine/testing/worker';
import type { HTTPRoute } from '@/server/providers/kubernetes/client/objects';
import { testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { describeWhere } from '@/server/providers/kubernetes/testing/cluster-where';
import { type KubernetesBench, makeKubernetesBench } from '@/server/providers/kubernetes/testing/fixture';
import { renderEnglish } from '@/server/services/shared/render-english';

/** Controllers of gateways answer a change of a route some time after it was written, or are away. */

const database = await testDatabase();
const cluster = testCluster();
const ACCOUNT = 'answering';
const TIMEOUT = 120_000;
/** After that a controller of the tests answers, in ms. */
const SLOW_MS = 500;
let worker: Worker;
let bench: KubernetesBench;
beforeAll(async () => {
  worker = await runTestWorker(database);
}, 60_000);
afterAll(async () => {
  await worker?.stop();
  await bench?.stop();
});

const ACCEPTED = { type: 'Accepted', status: 'True', reason: 'Accepted', message: '' };
const REFUSED = { type: 'Accepted', status: 'False', reason: 'NotAllowedByListeners', message: 'not here' };

describeWhere(cluster.workload && cluster.routes)(
  'a gateway that answers late',
  { timeout: 2 * TIMEOUT },
  () => {
    beforeAll(async () => {
      bench = await makeKubernetesBench(cluster, { gateway: true });
      const config = { ...bench.config };
      await database.db.insert(accounts).values({ name: ACCOUNT, provider: 'kubernetes', config });
    });

    /** Answers every form of every route, each after a while, with what is said then. */
    function controller() {
      const at = `/apis/gateway.networking.k8s.io/v1/namespaces/${bench.namespace}/httproutes`;
      const over = new AbortController();
      onTestFinished(() => over.abort());
      const answered = new Map<string, number>();
      const plays = { says: ACCEPTED };
      const put = async ({ metadata, spec }: HTTPRoute) => {
        const { name = '', generation = 0 } = metadata ?? {};
        if ((answered.get(name) ?? 0) >= generation) return;
        answered.set(name, generation);
        await pause(SLOW_MS);
        if (over.signal.aborted) return;
        const lastTransitionTime = new Date().toISOString();
        const condition = { ...plays.says, observedGeneration: generation, lastTransitionTime };
        const parents = (spec?.parentRefs ?? []).map((parentRef) => ({
          parentRef,
          controllerName: 'example.test/controller',
          conditions: [condition],
        }));
        await cluster.rest.must('PATCH', `${at}/${name}/status`, { status: { parents } });
      };
      const all = (routes: HTTPRoute[]) => routes.forEach((route) => void put(route));
      cluster.rest.follow<HTTPRoute>(
        at,
        { all, put: (route) => void put(route), gone: () => undefined },
        over.signal,
      );
      return { plays, leave: () => over.abort(), answered };
    }

    /** An environment whose first version serves, and how its deploys end. */
    async function begun(name: string) {
      const capacity = { min: 1, desired: 1, max: 10 };
      const artifact = bench.artifacts[0].name;
      const regions = [bench.namespace];
      const named = await environment(database, name, { account: ACCOUNT, regions, capacity, artifact });
      const deploy = async (version: 0 | 1) => {
        const only = stage('deploy', 'deploy', { environment: name, strategy: 'redblack' });
        const artifact = bench.artifacts[version];
        const id = await start(database, pipeline(only), { artifact, environment: name });
        const status = await ended(database, id, TIMEOUT);
        const { error } = await executionRow(database, id);
        return { status, error: error && renderEnglish(error) };
      };
      expect(await deploy(0)).toEqual({ status: 'succeeded', error: null });
      return { named, deploy };
    }

    it('has its refusal heard before the deploy is done', async () => {
      const { plays } = controller();
      const { deploy } = await begun('late');
      plays.says = REFUSED;
      const { status, error } = await deploy(1);
      expect(status).toBe('errored');
      expect(error).toContain('NotAllowedByListeners (not here)');
    });

    it('holds no deploy up that it takes, nor one that it is away for', async () => {
      const { leave, answered } = controller();
      const { named, deploy } = await begun('away');
      expect(await deploy(1)).toEqual({ status: 'succeeded', error: null });
      const before = answered.get(named);
      leave();
      expect(await deploy(0)).toEqual({ status: 'succeeded', error: null });
      expect(answered.get(named)).toBe(before);
    });
  },
);
