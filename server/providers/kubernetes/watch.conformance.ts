import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { WatchExpired } from '@/server/providers/kubernetes/client/api';
import { connect } from '@/server/providers/kubernetes/client/connect';
import type { Reading } from '@/server/providers/kubernetes/read';
import { makeAccount, makeNamespace, testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { imageOf, PLAYED } from '@/server/providers/kubernetes/testing/cluster-traits';
import { describeWhere } from '@/server/providers/kubernetes/testing/cluster-where';
import { type ControlPlane, startControlPlane } from '@/server/providers/kubernetes/testing/control-plane';
import type { Rest } from '@/server/providers/kubernetes/testing/rest';
import { ClusterWatch } from '@/server/providers/kubernetes/watch/cluster-watch';
import { Picture } from '@/server/providers/kubernetes/watch/picture';
import { reflect } from '@/server/providers/kubernetes/watch/reflector';
import { Store } from '@/server/providers/kubernetes/watch/store';
import type { InventoryNotice } from '@/server/providers/provider';

const cluster = testCluster();
const SOON = { timeout: 20_000, interval: 50 };

/** A watch that runs until the test is over, with what it told so far. */
function following(reading: Reading) {
  const watch = new ClusterWatch(reading);
  const leaving = new AbortController();
  onTestFinished(() => leaving.abort());
  const notices: InventoryNotice[] = [];
  const ended = (async () => {
    for await (const notice of watch.watch(leaving.signal)) notices.push(notice);
  })();
  ended.catch(() => undefined);
  return { watch, notices, ended, leave: () => leaving.abort() };
}

async function makeWeb(rest: Rest, namespace: string, name: string, replicas: number): Promise<string> {
  const at = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const containers = [{ name: 'main', image: imageOf(cluster.workload ?? PLAYED) }];
  await rest.must('POST', at, {
    metadata: { name, labels: { app: name } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers } },
    },
  });
  return `${at}/${name}`;
}

const healthyIn = (watch: ClusterWatch, cluster: string) =>
  watch
    .observed()
    ?.serverGroups.filter((one) => one.cluster === cluster)
    .flatMap((one) => one.instances.filter((instance) => instance.health === 'healthy')).length;

/** The process itself: a shell that guards it stands between. */
function apiServerOf(plane: ControlPlane): number {
  const guard = plane
    .programs()
    .findLast((one) => one.name === 'kube-apiserver' && one.pid() !== null)
    ?.pid();
  const children = readFileSync(`/proc/${guard}/task/${guard}/children`, 'utf8').trim().split(' ');
  const found = children.find((pid) =>
    readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('kube-apiserver'),
  );
  if (!found) throw new Error('the API server does not run');
  return Number(found);
}

describeWhere(cluster.workload)('a watch of a cluster', () => {
  const { rest, kubeconfig } = cluster;
  let namespace: Awaited<ReturnType<typeof makeNamespace>>;
  let reading: Reading;
  beforeAll(async () => {
    namespace = await makeNamespace(rest);
    reading = { account: 'test', api: connect({ kubeconfig }), config: { namespaces: [namespace.name] } };
  });
  afterAll(() => namespace.remove());

  it('has everything at hand when it first tells, and follows each change with its cluster', async () => {
    const at = await makeWeb(rest, namespace.name, 'followed', 1);
    const { watch, notices } = following(reading);
    expect(watch.observed()).toBeNull();
    await vi.waitFor(
      () => expect(notices[0]).toEqual({ region: null, application: null, cluster: null }),
      SOON,
    );
    await vi.waitFor(() => expect(healthyIn(watch, 'followed')).toBe(1), SOON);
    notices.length = 0;
    await rest.must('PATCH', at, { spec: { replicas: 3 } });
    await vi.waitFor(() => expect(healthyIn(watch, 'followed')).toBe(3), SOON);
    expect(notices).toContainEqual({
      region: namespace.name,
      application: 'followed',
      cluster: 'followed',
    });
    await rest.must('DELETE', at, { propagationPolicy: 'Background' });
    await vi.waitFor(() => expect(healthyIn(watch, 'followed')).toBe(0), SOON);
  });

  it('leaves what did not change the same object', async () => {
    await makeWeb(rest, namespace.name, 'still', 1);
    const moving = await makeWeb(rest, namespace.name, 'moving', 1);
    const { watch } = following(reading);
    await vi.waitFor(() => {
      expect(healthyIn(watch, 'still')).toBe(1);
      expect(healthyIn(watch, 'moving')).toBe(1);
    }, SOON);
    const still = () => watch.observed()?.serverGroups.find((one) => one.cluster === 'still');
    const before = still();
    await rest.must('PATCH', moving, { spec: { replicas: 2 } });
    await vi.waitFor(() => expect(healthyIn(watch, 'moving')).toBe(2), SOON);
    expect(still()).toBe(before);
  });

  it('follows many namespaces at once, and no other', async () => {
    const others = await Promise.all(Array.from({ length: 4 }, () => makeNamespace(rest)));
    onTestFinished(() => Promise.all(others.map((one) => one.remove())).then(() => undefined));
    const names = others.map((one) => one.name);
    const { watch } = following({ ...reading, config: { namespaces: names } });
    await makeWeb(rest, namespace.name, 'elsewhere', 1);
    for (const name of names) await makeWeb(rest, name, 'spread', 1);
    await vi.waitFor(() => expect(healthyIn(watch, 'spread')).toBe(4), SOON);
    expect(healthyIn(watch, 'elsewhere')).toBe(0);
    expect(new Set(watch.observed()?.serverGroups.map((one) => one.region))).toEqual(new Set(names));
  });

  it('holds nothing once it has ended', async () => {
    const { watch, notices, ended, leave } = following(reading);
    await vi.waitFor(() => expect(notices).not.toEqual([]), SOON);
    expect(watch.observed()).not.toBeNull();
    leave();
    await ended;
    expect(watch.observed()).toBeNull();
  });

  it('goes without kinds that the account may not see, and fails without pods', async () => {
    const read = ['get', 'list', 'watch'];
    const rules = [
      { apiGroups: ['apps'], resources: ['replicasets'], verbs: read },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
      { apiGroups: [''], resources: ['services', 'pods'], verbs: read },
    ];
    const as = async (given: typeof rules) => {
      const limited = await makeAccount(cluster, { namespaces: [namespace.name], rules: given });
      return following({ ...reading, api: connect({ kubeconfig: limited }) });
    };
    const { notices } = await as(rules);
    await vi.waitFor(() => expect(notices).not.toEqual([]), SOON);
    const { ended } = await as(rules.slice(0, 2));
    await expect(ended).rejects.toMatchObject({ code: 'unauthorized' });
  });
});

describeWhere(cluster.binaries)('a watch of a cluster whose API server dies', () => {
  const NAMESPACE = 'default';
  let plane: ControlPlane;
  let reading: Reading;
  beforeAll(async () => {
    plane = await startControlPlane({ binaries: cluster.binaries });
    const api = connect({ kubeconfig: plane.kubeconfig });
    reading = { account: 'test', api, config: { namespaces: [NAMESPACE] } };
  });
  afterAll(() => plane?.stop());

  it('says that the cluster is lost, and stands again when it is back', async () => {
    const at = await makeWeb(plane.rest, NAMESPACE, 'lasting', 1);
    const first = following(reading);
    await vi.waitFor(() => expect(healthyIn(first.watch, 'lasting')).toBe(1), SOON);
    await plane.killApiServer();
    await expect(first.ended).rejects.toMatchObject({ code: 'unavailable' });
    expect(first.watch.observed()).toBeNull();

    await plane.startApiServer();
    const second = following(reading);
    await vi.waitFor(() => expect(healthyIn(second.watch, 'lasting')).toBe(1), SOON);
    await plane.rest.must('PATCH', at, { spec: { replicas: 2 } });
    await vi.waitFor(() => expect(healthyIn(second.watch, 'lasting')).toBe(2), SOON);
  });

  it('says that the cluster is lost when it hangs, too', async () => {
    const { notices, ended } = following(reading);
    await vi.waitFor(() => expect(notices).not.toEqual([]), SOON);
    const server = apiServerOf(plane);
    process.kill(server, 'SIGSTOP');
    onTestFinished(() => void process.kill(server, 'SIGCONT'));
    await expect(ended).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('goes on by itself after an outage that nobody noticed, also when its version is too old by then', async () => {
    const { api } = reading;
    const before = await api.list('ConfigMap', { namespace: NAMESPACE });
    const store = new Store('test');
    const picture = new Picture(store);
    const leaving = new AbortController();
    const follow = (['ReplicaSet', 'Pod'] as const).map((kind) =>
      reflect(
        {
          api,
          store,
          kind,
          where: { namespace: NAMESPACE },
          namespaces: new Set([NAMESPACE]),
          onSynced: () => undefined,
          onChange: () => undefined,
        },
        leaving.signal,
      ),
    );
    const names = () => picture.inventory(Date.now()).serverGroups.map((one) => one.cluster);
    await makeWeb(plane.rest, NAMESPACE, 'older', 1);
    await vi.waitFor(() => expect(names()).toContain('older'), SOON);

    await plane.killApiServer();
    await plane.startApiServer();
    await makeWeb(plane.rest, NAMESPACE, 'newer', 1);
    await vi.waitFor(() => expect(names()).toContain('newer'), SOON);
    leaving.abort();
    await Promise.all(follow);

    // A server that has just started knows nothing of what was before: that is the 410 of the real thing.
    const { resourceVersion } = before;
    const old = api.watch(
      'ConfigMap',
      { namespace: NAMESPACE, resourceVersion },
      AbortSignal.timeout(10_000),
    );
    await expect(old[Symbol.asyncIterator]().next()).rejects.toBeInstanceOf(WatchExpired);
  });
});
