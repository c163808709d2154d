import type { V1ReplicaSet } from '@kubernetes/client-node';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { accounts, environments } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { Worker } from '@/server/engine/run-worker';
import { ended, executionRow, pipeline, stage, start } from '@/server/engine/testing/harness';
import { environment } from '@/server/engine/testing/platform';
import { runTestWorker } from '@/server/engine/testing/worker';
import type { HTTPRoute } from '@/server/providers/kubernetes/client/objects';
import { kubernetesConfigSchema } from '@/server/providers/kubernetes/config';
import { kubernetesProvider } from '@/server/providers/kubernetes/manifest';
import { testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { SIMULATED } from '@/server/providers/kubernetes/testing/cluster-traits';
import { describeWhere } from '@/server/providers/kubernetes/testing/cluster-where';
import { watchContinuity } from '@/server/providers/kubernetes/testing/continuity';
import { type ControlPlane, startControlPlane } from '@/server/providers/kubernetes/testing/control-plane';
import {
  type BenchCluster,
  type KubernetesBench,
  makeKubernetesBench,
} from '@/server/providers/kubernetes/testing/fixture';
import { LOG_ANNOTATION } from '@/server/providers/kubernetes/testing/kubelet';
import { BEHAVIOUR_ANNOTATION } from '@/server/providers/kubernetes/testing/stages';
import type { Provider } from '@/server/providers/provider';

/** The strategies by the real engine on a real control plane; every request is counted. */

const database = await testDatabase();
const cluster = testCluster();
let worker: Worker;
beforeAll(async () => {
  worker = await runTestWorker(database);
}, 60_000);
afterAll(() => worker.stop());

const INSTANCES = 3;
const TIMEOUT = 120_000;

/** An account of its own on a cluster, and the verbs of a test on it. */
async function makePlace(on: BenchCluster, account: string, options: { readonly gateway: boolean }) {
  const bench = await makeKubernetesBench(on, options);
  await database.db
    .insert(accounts)
    .values({ name: account, provider: 'kubernetes', config: { ...bench.config } });
  const provider = await kubernetesProvider.load(account, kubernetesConfigSchema.parse(bench.config));
  return { bench, provider, account, rest: on.rest };
}
type Place = Awaited<ReturnType<typeof makePlace>>;

/** The environment of one test, with version 1 serving. */
async function begun({ bench, account, provider, rest }: Place, name: string) {
  const capacity = { min: 1, desired: INSTANCES, max: 10 };
  const regions = [bench.namespace];
  const { name: artifact } = bench.artifacts[0];
  const named = await environment(database, name, { account, regions, capacity, artifact });
  const ref = { account, region: bench.namespace, application: 'shop', cluster: named };
  const deploy = (artifact: ArtifactRef, strategy: string, options: object = {}) =>
    start(database, pipeline(stage('deploy', 'deploy', { environment: name, strategy, options })), {
      artifact,
      environment: name,
    });
  expect(await ended(database, await deploy(bench.artifacts[0], 'redblack'), 60_000)).toBe('succeeded');
  const url = await urlOf(provider, named);
  return {
    name,
    deploy,
    cluster: named,
    groups: async () =>
      (await provider.describeCluster(ref)).map((group) => [
        group.name.slice(-4),
        group.enabled,
        group.capacity.desired,
        Math.round(group.traffic * 100),
      ]),
    watch: () => watchContinuity(rest, () => bench.request(url), { namespace: bench.namespace, name: named }),
  };
}

async function urlOf(provider: Provider, name: string): Promise<string> {
  const { loadBalancers } = await provider.describe();
  const url = loadBalancers.find((one) => one.name === name)?.url;
  if (!url) throw new Error(`load balancer ${name} has no address`);
  return url;
}

/** No request was lost, and never were fewer endpoints ready than before. */
async function unharmed(watching: ReturnType<typeof watchContinuity>, { annotate }: TestContext) {
  const seen = await watching.stop();
  await annotate(
    `${seen.sent} requests, ${seen.failures.length} failed; ${seen.events} endpoint events, at least ${seen.leastReady} ready`,
  );
  expect(seen.failures).toEqual([]);
  expect(seen.sent).toBeGreaterThan(50);
  expect(seen.leastReady).toBeGreaterThanOrEqual(INSTANCES);
}

const SHARED = [
  { how: 'by the weights of a route', account: 'weighted', gateway: true },
  { how: 'by the number of instances', account: 'counted', gateway: false },
].filter(({ gateway }) => cluster.workload && (cluster.routes || !gateway));

describe.each(SHARED)('requests shared $how', { timeout: TIMEOUT }, ({ account, gateway }) => {
  let place: Place;
  let bench: KubernetesBench;
  beforeAll(async () => {
    place = await makePlace(cluster, account, { gateway });
    ({ bench } = place);
  });
  afterAll(() => bench.stop());
  const named = (strategy: string) => `${account}-${strategy}`;

  it('blue/green takes over, and a rollback gives everything back', async (context) => {
    const { deploy, groups, watch, name, cluster: of } = await begun(place, named('bluegreen'));
    const watching = watch();
    expect(await ended(database, await deploy(bench.artifacts[1], 'redblack'), 60_000)).toBe('succeeded');
    expect(await groups()).toEqual([
      ['v000', false, INSTANCES, 0],
      ['v001', true, INSTANCES, 100],
    ]);
    await expect.poll(watching.latest).toContain('-v001');
    const asked = performance.now();
    const back = await start(database, pipeline(stage('back', 'rollbackCluster', { environment: name })));
    await expect.poll(watching.latest, { interval: 5 }).toContain('-v000');
    const first = performance.now() - asked;
    expect(await ended(database, back)).toBe('succeeded');
    const last = (watching.lastAnswerOf(`${of}-v001`) ?? asked) - asked;
    await context.annotate(
      `rollback: the first request at the earlier version after ${Math.round(first)} ms, the last one at the later after ${Math.round(last)} ms, all of it done after ${Math.round(performance.now() - asked)} ms`,
    );
    expect(await groups()).toEqual([
      ['v000', true, INSTANCES, 100],
      ['v001', false, INSTANCES, 0],
    ]);
    await unharmed(watching, context);
  });

  it('highlander leaves only the new group', async (context) => {
    const { deploy, groups, watch } = await begun(place, named('highlander'));
    const watching = watch();
    expect(await ended(database, await deploy(bench.artifacts[1], 'highlander'), 60_000)).toBe('succeeded');
    expect(await groups()).toEqual([['v001', true, INSTANCES, 100]]);
    await unharmed(watching, context);
  });

  it('rolling red/black grows and shrinks in turn', async (context) => {
    const { deploy, groups, watch } = await begun(place, named('rolling'));
    const watching = watch();
    const id = await deploy(bench.artifacts[1], 'rollingredblack', { percentages: [34, 67] });
    expect(await ended(database, id, 90_000)).toBe('succeeded');
    expect((await groups()).map(([group, enabled]) => [group, enabled])).toEqual([
      ['v000', false],
      ['v001', true],
    ]);
    await unharmed(watching, context);
  });

  it('a canary gets its share, then more, then everything', async (context) => {
    const { deploy, groups, watch } = await begun(place, named('canary'));
    const watching = watch();
    const id = await deploy(bench.artifacts[1], 'canary', { steps: [{ weight: 10 }, { weight: 50 }] });
    expect(await ended(database, id, 90_000)).toBe('succeeded');
    expect(await groups()).toEqual([
      ['v000', false, INSTANCES, 0],
      ['v001', true, INSTANCES, 100],
    ]);
    await unharmed(watching, context);
  });
});

const nowhere = { spec: { nodeSelector: { 'example.com/disk': 'made-of-stone' } } };
const crash = 'echo starting; echo "Error: out of cheese"; exit 1';
/** By what real nodes make of them, and by what those of the harness are told. */
const HOPELESS = [
  {
    why: 'its image cannot be pulled',
    name: 'unpullable',
    template: { metadata: { annotations: { [BEHAVIOUR_ANNOTATION]: 'image-pull-error' } } },
    digest: `sha256:${'e'.repeat(64)}`,
    said: /ErrImagePull|ImagePullBackOff/,
  },
  {
    why: 'it crashes over and over, whose last lines are told',
    name: 'crashing',
    template: {
      metadata: {
        annotations: {
          [BEHAVIOUR_ANNOTATION]: 'crash-loop',
          [LOG_ANNOTATION]: 'starting\nError: out of cheese',
        },
      },
      command: ['sh', '-c', crash],
    },
    said: /out of cheese/,
  },
  { why: 'no node has room for it', name: 'unplaced', template: nowhere, said: /node/ },
].filter(({ template }) => cluster.simulated || cluster.nodes === 'real' || template === nowhere);

describeWhere(cluster.workload)(
  'a version that cannot start ends its deploy early, with the reason, and harms nobody',
  {
    timeout: TIMEOUT,
  },
  () => {
    let place: Place;
    beforeAll(async () => {
      place = await makePlace(cluster, 'hopeless', { gateway: cluster.routes });
    });
    afterAll(() => place.bench.stop());
    it.for(HOPELESS)('because $why', async ({ name, template, digest, said }, context) => {
      const { deploy, groups, watch, cluster: named } = await begun(place, name);
      const watching = watch();
      await keepTemplate(place, named, template);
      const asked = performance.now();
      const [, next] = place.bench.artifacts;
      const id = await deploy({ ...next, digest: digest ?? next.digest }, 'redblack');
      // Its own patience would be ten minutes.
      expect(await ended(database, id, 60_000)).toBe('failed');
      const error = (await executionRow(database, id)).error;
      await context.annotate(
        `after ${Math.round((performance.now() - asked) / 100) / 10} s: ${JSON.stringify(error?.values.reason)}`,
      );
      expect(JSON.stringify(error)).toMatch(said);
      expect((await groups())[0]).toEqual(['v000', true, INSTANCES, 100]);
      await unharmed(watching, context);
    });
  },
);

/** How the people of the cluster want pods of this cluster to run. */
async function keepTemplate(
  { rest, bench }: Place,
  name: string,
  { metadata, spec, command }: { metadata?: object; spec?: object; command?: readonly string[] },
): Promise<void> {
  await rest.must('POST', `/api/v1/namespaces/${bench.namespace}/podtemplates`, {
    metadata: { name },
    template: { metadata, spec: { ...spec, containers: [{ name: 'main', image: 'kept', command }] } },
  });
}

describeWhere(cluster.binaries)(
  'a control plane that dies in the middle of a deploy',
  { timeout: TIMEOUT * 2.5 },
  () => {
    let plane: ControlPlane;
    let place: Place;
    beforeAll(async () => {
      plane = await startControlPlane({ binaries: cluster.binaries });
      place = await makePlace({ ...SIMULATED, ...plane }, 'mortal', { gateway: true });
    });
    afterAll(async () => {
      await place?.bench.stop();
      await plane?.stop();
    });
    const read = <T extends object>(path: string) => plane.rest.must<T>('GET', path);
    const replicaSets = async (named: string) => {
      const at = `/apis/apps/v1/namespaces/${place.bench.namespace}/replicasets`;
      const { items } = await read<{ items: V1ReplicaSet[] }>(at);
      return items.map((one) => one.metadata?.name ?? '').filter((name) => name.startsWith(`${named}-v`));
    };
    const routed = async (named: string) => {
      const at = `/apis/gateway.networking.k8s.io/v1/namespaces/${place.bench.namespace}/httproutes/${named}`;
      return (await read<HTTPRoute>(at)).spec?.rules?.flatMap((rule) =>
        rule.backendRefs?.map(({ name }) => name),
      );
    };

    it.for([
      { when: 'instances start', name: 'starting', reached: replicaSets, readyAfter: '3s' },
      { when: 'requests move', name: 'moving', reached: routed, readyAfter: '10ms' },
    ])('while $when, and comes back: it finishes, once, and no request is lost', async (moment, context) => {
      const { name, reached, readyAfter } = moment;
      const { deploy, groups, watch, cluster: named } = await begun(place, name);
      const watching = watch();
      await configure(name, { TEST_READY_AFTER: readyAfter });
      const id = await deploy(place.bench.artifacts[1], 'redblack');
      await expect.poll(() => reached(named), { interval: 2 }).toContain(`${named}-v001`);
      await plane.killApiServer();
      await expect.poll(() => whyUnreachable('mortal')).not.toBeNull();
      await plane.startApiServer();
      // Its controllers come back in their own time, which doubles with every try that failed.
      const status = await ended(database, id, TIMEOUT);
      expect({ status, error: (await executionRow(database, id)).error }).toEqual({
        status: 'succeeded',
        error: null,
      });
      expect((await replicaSets(named)).toSorted()).toEqual([`${named}-v000`, `${named}-v001`]);
      expect(await groups()).toEqual([
        ['v000', false, INSTANCES, 0],
        ['v001', true, INSTANCES, 100],
      ]);
      await unharmed(watching, context);
    });
  },
);

async function configure(name: string, config: Record<string, string>): Promise<void> {
  await database.db.update(environments).set({ config }).where(eq(environments.name, name));
}

/** Null while the account can be reached. */
async function whyUnreachable(account: string) {
  const [row] = await database.db.select().from(accounts).where(eq(accounts.name, account));
  return row?.error ?? null;
}
