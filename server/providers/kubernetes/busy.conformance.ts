import type { V1ReplicaSet } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accounts } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { Worker } from '@/server/engine/run-worker';
import { ended, executionRow, pipeline, stage, start } from '@/server/engine/testing/harness';
import { environment } from '@/server/engine/testing/platform';
import { runTestWorker } from '@/server/engine/testing/worker';
import { makeNamespace, testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { describeWhere } from '@/server/providers/kubernetes/testing/cluster-where';
import { type ControlPlane, startControlPlane } from '@/server/providers/kubernetes/testing/control-plane';
import { type Answered, type Recorder, startRecorder } from '@/server/providers/kubernetes/testing/recorder';
import { shippedAccount } from '@/server/providers/kubernetes/testing/shipped-access';

/** One request at a time, and everybody else is told to come back; its own controllers are not held to it. */
const ONE_AT_A_TIME = {
  'enable-priority-and-fairness': 'false',
  'max-requests-inflight': '1',
  'max-mutating-requests-inflight': '1',
};
const INSTANCES = 8;
const ACCOUNT = 'busy';
const { binaries } = testCluster();
const database = await testDatabase();

const artifact = (digit: string): ArtifactRef => ({
  name: 'sample',
  version: `1.${digit}.0`,
  digest: `sha256:${digit.repeat(64)}`,
});

describeWhere(binaries)('an API server that has no time for everybody', { timeout: 300_000 }, () => {
  let plane: ControlPlane;
  let recorder: Recorder;
  let worker: Worker;
  let namespace: string;
  beforeAll(async () => {
    plane = await startControlPlane({ binaries, apiServer: ONE_AT_A_TIME });
    namespace = (await makeNamespace(plane.rest)).name;
    recorder = await startRecorder(await shippedAccount(plane, [namespace]));
    const config = {
      kubeconfig: recorder.kubeconfig,
      namespaces: [namespace],
      images: 'registry.test/{name}',
    };
    await database.db.insert(accounts).values({ name: ACCOUNT, provider: 'kubernetes', config });
    worker = await runTestWorker(database);
  }, 120_000);
  afterAll(async () => {
    await worker?.stop();
    await recorder?.stop();
    await plane?.stop();
  });

  it('is left alone for as long as it asks, and every deploy to it ends well, once', async ({ annotate }) => {
    const name = 'busy';
    const capacity = { min: 1, desired: INSTANCES, max: 20 };
    const of = await environment(database, name, {
      account: ACCOUNT,
      regions: [namespace],
      capacity,
      artifact: artifact('0').name,
    });
    const deploys = pipeline(
      stage('deploy', 'deploy', { environment: name, strategy: 'redblack', options: {} }),
    );
    for (const digit of ['0', '1']) {
      const id = await start(database, deploys, { artifact: artifact(digit), environment: name });
      const status = await ended(database, id, 120_000);
      const { error } = (await executionRow(database, id)) ?? {};
      expect({ status, error }).toEqual({ status: 'succeeded', error: null });
    }
    const { items } = await plane.rest.must<{ items: V1ReplicaSet[] }>(
      'GET',
      `/apis/apps/v1/namespaces/${namespace}/replicasets`,
    );
    expect(items.map(({ metadata }) => metadata?.name).toSorted()).toEqual([`${of}-v000`, `${of}-v001`]);

    const refused = recorder.answers.filter(({ status }) => status === 429);
    const writes = refused.filter(({ method, url }) => method !== 'GET' && !isQuestion(url));
    await annotate(
      `${recorder.answers.length} requests, ${refused.length} of them answered with 429, ${writes.length} of these writes`,
    );
    expect(writes.length).toBeGreaterThan(0);
    expect(refused.map(({ retryAfter }) => retryAfter)).toEqual(refused.map(() => 1));
    // Only writes: the same question may be asked by several at once.
    expect(writes.map(cameBackAfter).filter((ms) => ms < 1_000)).toEqual([]);
  });

  /** Until the same was asked for again, in ms. */
  function cameBackAfter({ method, url, answeredAt }: Answered): number {
    const again = recorder.answers
      .filter((one) => one.method === method && one.url === url && one.askedAt > answeredAt)
      .map(({ askedAt }) => askedAt - answeredAt);
    return Math.min(...again);
  }
});

/** Whoever asks for its own rights posts that, and changes nothing. */
function isQuestion(url: string): boolean {
  return url.includes('/selfsubject');
}
