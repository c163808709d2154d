import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { pause } from '@/bench/support/statistics';
import { createDatabase, type DatabaseHandle } from '@/db/client';
import { migrateDatabase } from '@/db/migrate';
import { accounts } from '@/db/schema';
import type { ArtifactRef } from '@/server/domain/inventory';
import { isComplete } from '@/server/domain/status';
import { executionRow, pipeline, stage, start } from '@/server/engine/testing/harness';
import { environment } from '@/server/engine/testing/platform';
import { startWorker } from '@/server/engine/testing/worker-process';
import { type Continuity, watchContinuity } from '@/server/providers/kubernetes/testing/continuity';
import { type ControlPlane, startControlPlane } from '@/server/providers/kubernetes/testing/control-plane';
import { startDataPlane } from '@/server/providers/kubernetes/testing/data-plane';
import type { Rest } from '@/server/providers/kubernetes/testing/rest';
import { eachBounded } from '@/server/providers/kubernetes/verbs/bounded';
import { LABELS } from '@/server/providers/kubernetes/words/labels';

/** A control plane and a worker in processes of their own. */
export interface RollbackWorld {
  /** A cluster with two versions of so many instances each, of which the second serves. */
  place(instances: number, gateway: boolean): Promise<RollbackPlace>;
  stop(): Promise<void>;
}

export interface RollbackPlace {
  /** Gives the requests back to the group that stands by. In ms from the asking. */
  rollBack(): Promise<{ readonly last: number; readonly whole: number }>;
  /** Moves a Service of nobody to one of the groups in one write. @returns ms until the last request elsewhere. */
  moveBare(group: 0 | 1): Promise<number>;
  /** Writes every pod of one group, ten at a time. In ms. */
  writePods(): Promise<number>;
  stop(): Promise<Continuity>;
  leave(): Promise<void>;
}

/** Never more often than requests end, so that what is measured is not the waiting. */
const LOOK_MS = 5;
/** So long without an answer of a group, it answers no more. */
const QUIET_MS = 250;

export async function createWorld(url: string): Promise<RollbackWorld> {
  const plane = await startControlPlane({ binaries: await findBinaries() });
  await migrateDatabase(url, 'db/migrations');
  const database = createDatabase(url, { max: 4 });
  const worker = await startWorker('server/worker.ts', { DATABASE_URL: url });
  let places = 0;
  return {
    place: (instances, gateway) => makePlace(plane, database, { instances, gateway, number: places++ }),
    async stop() {
      worker.kill('SIGTERM');
      await worker.exited;
      await database.close();
      await plane.stop();
    },
  };
}

interface Wanted {
  readonly instances: number;
  readonly gateway: boolean;
  readonly number: number;
}

async function makePlace(
  plane: ControlPlane,
  database: DatabaseHandle,
  wanted: Wanted,
): Promise<RollbackPlace> {
  const { rest } = plane;
  const place = await deployTwice(plane, database, wanted);
  const { namespace, cluster, groups } = place;
  const dataPlane = await startDataPlane(rest, namespace);
  const host = wanted.gateway ? `${cluster}.bench.test` : `${cluster}.${namespace}.svc`;
  const service = { namespace, name: cluster };
  const watching = watchContinuity(rest, () => dataPlane.request(`http://${host}/`), service);
  await until(() => watching.latest() === groups[1]);
  // What the deploy has spent of the worker's requests comes back.
  await pause(7_000);
  let serving: 0 | 1 = 1;
  return {
    async rollBack() {
      const bad = groups[serving];
      serving = serving === 1 ? 0 : 1;
      const restore = { [namespace]: groups[serving] };
      const asked = performance.now();
      await finish(database, stage('back', 'rollbackCluster', { environment: namespace, restore }));
      const whole = performance.now() - asked;
      return { last: await lastAnswer(watching, bad, asked), whole };
    },
    async moveBare(group) {
      const url = `http://bare.${namespace}.svc/`;
      const bare = watchContinuity(rest, () => dataPlane.request(url), { namespace, name: 'bare' });
      const asked = performance.now();
      await chooseBare(rest, namespace, groups[group]);
      await until(() => bare.latest() === groups[group]);
      const last = await lastAnswer(bare, groups[group === 1 ? 0 : 1], asked);
      await bare.stop();
      return last;
    },
    writePods: () => writePods(rest, namespace, groups[0]),
    stop: () => watching.stop(),
    async leave() {
      await watching.stop();
      await dataPlane.stop();
      for (const group of groups)
        await rest.request('DELETE', `/apis/apps/v1/namespaces/${namespace}/replicasets/${group}`, {
          propagationPolicy: 'Background',
        });
    },
  };
}

/** A namespace as an account, with a cluster of two versions, and a Service of nobody before the second one. */
async function deployTwice(
  { rest, kubeconfig }: ControlPlane,
  database: DatabaseHandle,
  { instances, gateway, number }: Wanted,
) {
  const namespace = `bench-${number}`;
  const at = `/api/v1/namespaces/${namespace}`;
  await rest.must('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  while ((await rest.request('GET', `${at}/serviceaccounts/default`)).status !== 200) await pause(50);
  if (gateway) await makeGateway(rest, namespace);
  const edge = { name: 'edge', hostnames: '{loadBalancer}.bench.test' };
  const config = { kubeconfig, namespaces: [namespace], ...(gateway && { gateway: edge }) };
  await database.db.insert(accounts).values({ name: namespace, provider: 'kubernetes', config });
  const cluster = await environment(database, namespace, {
    account: namespace,
    regions: [namespace],
    capacity: { min: 1, desired: instances, max: instances },
  });
  for (const version of [0, 1])
    await finish(database, stage('deploy', 'deploy', { environment: namespace, strategy: 'redblack' }), {
      artifact: artifact(version),
      environment: namespace,
    });
  const groups = [`${cluster}-v000`, `${cluster}-v001`] as const;
  await rest.must('POST', `${at}/services`, {
    metadata: { name: 'bare' },
    spec: { selector: { [LABELS.serverGroup]: groups[1] }, ports: [{ port: 8080 }] },
  });
  return { namespace, cluster, groups };
}

/** Nobody works for it; the data plane goes by the routes alone. */
async function makeGateway(rest: Rest, namespace: string): Promise<void> {
  await rest.must('POST', `/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/gateways`, {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'edge' },
    spec: { gatewayClassName: 'bench', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
  });
}

/** In ms from the asking, once a group answers no more. */
async function lastAnswer(
  watching: ReturnType<typeof watchContinuity>,
  group: string,
  asked: number,
): Promise<number> {
  const last = () => Math.max(asked, watching.lastAnswerOf(group) ?? asked);
  await until(() => performance.now() - last() > QUIET_MS);
  return last() - asked;
}

async function chooseBare(rest: Rest, namespace: string, group: string): Promise<void> {
  const selector = { [LABELS.serverGroup]: group };
  await rest.must('PATCH', `/api/v1/namespaces/${namespace}/services/bare`, { spec: { selector } });
}

async function writePods(rest: Rest, namespace: string, group: string): Promise<number> {
  const at = `/api/v1/namespaces/${namespace}/pods`;
  const selector = encodeURIComponent(`${LABELS.serverGroup}=${group}`);
  const { items } = await rest.must<{ items: { metadata: { name: string } }[] }>(
    'GET',
    `${at}?labelSelector=${selector}`,
  );
  const since = performance.now();
  await eachBounded(items, 10, async ({ metadata }) => {
    await rest.must('PATCH', `${at}/${metadata.name}`, { metadata: { labels: { bench: 'true' } } });
  });
  return performance.now() - since;
}

function artifact(number: number): ArtifactRef {
  return { name: 'shop', version: `1.${number}.0`, digest: `sha256:${String(number).repeat(64)}` };
}

async function finish(database: DatabaseHandle, what: ReturnType<typeof stage>, more = {}): Promise<void> {
  const id = await start(database, pipeline(what), more);
  for (;;) {
    const { status, error } = await executionRow(database, id);
    if (status === 'succeeded') return;
    if (isComplete(status)) throw new Error(`the execution ended as ${status}: ${JSON.stringify(error)}`);
    await pause(LOOK_MS);
  }
}

async function until(so: () => boolean): Promise<void> {
  while (!so()) await pause(LOOK_MS);
}

interface Found {
  readonly env?: Record<string, string>;
  readonly missing?: string;
}

/** The folder with the programs of a control plane, as the conformance tests find it. */
async function findBinaries(): Promise<string> {
  const finder = pathToFileURL(path.resolve('server/conformance/kubernetes/find.mjs')).href;
  // Not bundled, because it looks beside itself; its own types say the same.
  const { findControlPlane } = (await import(finder)) as { findControlPlane: () => Found };
  const found = findControlPlane();
  const folder = found.env?.SIGNALBOX_TEST_CONTROL_PLANE;
  if (!folder) throw new Error(found.missing ?? 'this needs a control plane of its own');
  return folder;
}
