import type { V1DaemonSet } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { connect } from '@/server/providers/kubernetes/client/connect';
import { describe, describeCluster, type Reading, takenSequences } from '@/server/providers/kubernetes/read';
import { makeAccount, makeNamespace, testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { imageOf, PLAYED } from '@/server/providers/kubernetes/testing/cluster-traits';
import { describeWhere, itWhere } from '@/server/providers/kubernetes/testing/cluster-where';
import { BEHAVIOUR_ANNOTATION, type Behaviour } from '@/server/providers/kubernetes/testing/stages';

const cluster = testCluster();
const { rest, kubeconfig, workload: runnable } = cluster;
const { artifacts } = runnable ?? PLAYED;

describeWhere(runnable)('what a cluster holds', () => {
  const image = imageOf(runnable ?? PLAYED);
  let namespace: Awaited<ReturnType<typeof makeNamespace>>;
  let reading: Reading;
  beforeAll(async () => {
    namespace = await makeNamespace(rest);
    reading = { account: 'test', api: connect({ kubeconfig }), config: { namespaces: [namespace.name] } };
  });
  afterAll(() => namespace.remove());

  const inNamespace = (group: string, plural: string) =>
    `/apis/${group}/namespaces/${namespace.name}/${plural}`;
  const template = (app: string, annotations: Record<string, string>, container: object) => ({
    metadata: { labels: { app }, annotations },
    spec: { containers: [{ name: 'main', image, ...container }] },
  });
  const workload = (app: string, replicas: number | null, annotations = {}, container = {}) => ({
    ...(replicas === null ? {} : { replicas }),
    selector: { matchLabels: { app } },
    template: template(app, annotations, container),
  });
  const groupOf = async (clusterName: string) => {
    const { serverGroups } = await describe(reading);
    return serverGroups.find((one) => one.cluster === clusterName);
  };
  const well = (clusterName: string, instances: number) =>
    vi.waitFor(
      async () => {
        const found = await groupOf(clusterName);
        expect(found?.instances.map((one) => one.health)).toEqual(Array(instances).fill('healthy'));
        return found;
      },
      { timeout: 20_000, interval: 100 },
    );

  it('has no groups of a cluster whose name no label can hold', async () => {
    const ref = { account: 'test', region: namespace.name, application: 'long', cluster: 'l'.repeat(64) };
    expect(await describeCluster(reading, ref)).toEqual([]);
  });

  it('knows the numbers that ReplicaSets of others have taken in a cluster', async () => {
    const ref = { account: 'test', region: namespace.name, application: 'taken', cluster: 'taken-web' };
    expect(await takenSequences(reading, ref)).toEqual([]);
    for (const name of ['taken-web-v002', 'taken-web-canary-v004', 'taken-web-v005-7f9c'])
      await rest.must('POST', inNamespace('apps/v1', 'replicasets'), {
        metadata: { name },
        spec: workload(name, 0),
      });
    expect(await takenSequences(reading, ref)).toEqual([2]);
    expect(await takenSequences(reading, { ...ref, region: 'elsewhere' })).toEqual([]);
  });

  it('shows a Deployment by its ReplicaSet, with the traffic that its Service gives it', async () => {
    const labels = { 'app.kubernetes.io/name': 'shop' };
    const service = {
      metadata: { name: 'deployed' },
      spec: { selector: { app: 'deployed' }, ports: [{ port: 80 }] },
    };
    await rest.must('POST', `/api/v1/namespaces/${namespace.name}/services`, service);
    await rest.must('POST', inNamespace('apps/v1', 'deployments'), {
      metadata: { name: 'deployed', labels },
      spec: workload('deployed', 2),
    });
    await vi.waitFor(async () => expect((await groupOf('deployed'))?.traffic).toBe(1), { timeout: 20_000 });
    expect(await well('deployed', 2)).toMatchObject({
      application: 'shop',
      sequence: 1,
      artifact: { name: repositoryOf(image), version: artifacts[0].version },
      managedBy: { kind: 'Deployment', name: 'deployed' },
      loadBalancers: ['deployed'],
    });
    const { loadBalancers } = await describe(reading);
    expect(loadBalancers.find((one) => one.name === 'deployed')).toMatchObject({
      application: 'shop',
      kind: 'Service',
      sharedBy: 'instances',
      targets: [{ weight: 1 }],
    });
  });

  it('shows a StatefulSet and a DaemonSet', async () => {
    await rest.must('POST', inNamespace('apps/v1', 'statefulsets'), {
      metadata: { name: 'stateful' },
      spec: { serviceName: 'stateful', ...workload('stateful', 1) },
    });
    await rest.must('POST', inNamespace('apps/v1', 'daemonsets'), {
      metadata: { name: 'everywhere' },
      spec: workload('everywhere', null),
    });
    const wanted = await vi.waitFor(async () => {
      const at = `${inNamespace('apps/v1', 'daemonsets')}/everywhere`;
      const count = (await rest.must<V1DaemonSet>('GET', at)).status?.desiredNumberScheduled ?? 0;
      expect(count).toBeGreaterThan(0);
      return count;
    });
    expect(await well('stateful', 1)).toMatchObject({
      name: 'stateful',
      managedBy: { kind: 'StatefulSet', name: 'stateful' },
    });
    expect(await well('everywhere', wanted)).toMatchObject({
      managedBy: { kind: 'DaemonSet', name: 'everywhere' },
    });
  });

  itWhere(cluster.foreign)('names the Rollout of Argo that a ReplicaSet belongs to', async () => {
    const rollout = await rest.must('POST', inNamespace('argoproj.io/v1alpha1', 'rollouts'), {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'rolled', annotations: { 'rollout.argoproj.io/revision': '4' } },
      spec: { replicas: 1, ...workload('rolled', 1), strategy: { canary: {} } },
    });
    // What Argo's controller does, which is not here.
    const owner = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      name: 'rolled',
      controller: true,
    };
    await rest.must('POST', inNamespace('apps/v1', 'replicasets'), {
      metadata: {
        name: 'rolled-abc',
        ownerReferences: [{ ...owner, uid: rollout.metadata?.uid }],
        annotations: { 'rollout.argoproj.io/revision': '4' },
      },
      spec: workload('rolled', 1),
    });
    expect(await well('rolled', 1)).toMatchObject({
      name: 'rolled-abc',
      sequence: 4,
      managedBy: { kind: 'Rollout', name: 'rolled' },
    });
  });

  itWhere(cluster.foreign)(
    'shows the revisions of a Knative service with the shares it gives them',
    async () => {
      const serving = 'serving.knative.dev/v1';
      const services = inNamespace(serving, 'services');
      await rest.must('POST', services, {
        apiVersion: serving,
        kind: 'Service',
        metadata: { name: 'hello' },
        spec: { template: { spec: { containers: [{ image }] } } },
      });
      const revisions = inNamespace(serving, 'revisions');
      for (const name of ['hello-00001', 'hello-00002'])
        await rest.must('POST', revisions, {
          apiVersion: serving,
          kind: 'Revision',
          metadata: { name, labels: { 'serving.knative.dev/service': 'hello' } },
          spec: { containers: [{ image }] },
        });
      const traffic = [
        { revisionName: 'hello-00001', percent: 90 },
        { revisionName: 'hello-00002', percent: 10 },
      ];
      await rest.must('PATCH', `${services}/hello/status`, {
        status: { url: 'http://hello.test', traffic },
      });
      const { serverGroups, loadBalancers } = await describe(reading);
      const shown = serverGroups.filter((one) => one.cluster === 'hello');
      expect(shown.map((one) => [one.name, one.traffic, one.managedBy?.kind])).toEqual([
        ['hello-00001', 0.9, 'Knative Service'],
        ['hello-00002', 0.1, 'Knative Service'],
      ]);
      expect(loadBalancers.find((one) => one.name === 'hello')).toMatchObject({
        url: 'http://hello.test',
        sharedBy: 'weights',
      });
    },
  );

  it('reads the names that Spinnaker gave', async () => {
    const annotations = {
      'moniker.spinnaker.io/application': 'legacy',
      'moniker.spinnaker.io/cluster': 'replicaSet legacy-web',
      'moniker.spinnaker.io/sequence': '7',
    };
    await rest.must('POST', inNamespace('apps/v1', 'replicasets'), {
      metadata: { name: 'legacy-web-v007', annotations },
      spec: workload('legacy', 1),
    });
    expect(await well('legacy-web', 1)).toMatchObject({
      application: 'legacy',
      sequence: 7,
      managedBy: { kind: 'Spinnaker', name: 'legacy' },
    });
  });

  describeWhere(cluster.simulated)('instances that waiting will not heal', () => {
    const broken = async (name: string, behaviour: Behaviour) => {
      await rest.must('POST', inNamespace('apps/v1', 'replicasets'), {
        metadata: { name },
        spec: workload(name, 1, { [BEHAVIOUR_ANNOTATION]: behaviour }),
      });
      return vi.waitFor(
        async () => {
          const instance = (await groupOf(name))?.instances[0];
          expect(instance?.blocked).toBeDefined();
          return instance;
        },
        { timeout: 20_000, interval: 100 },
      );
    };

    it('say that their image cannot be had', async () => {
      expect(await broken('no-image', 'image-pull-error')).toMatchObject({
        health: 'unhealthy',
        blocked: expect.stringMatching(/^(ErrImagePull|ImagePullBackOff): .*not found/),
      });
    });

    it('say that they crash over and over, with the exit code', async () => {
      expect(await broken('crashing', 'crash-loop')).toMatchObject({
        blocked: 'CrashLoopBackOff: main exited with code 1',
      });
    });
  });

  it('says that no node has room, once a moment has gone by', async () => {
    const greedy = { resources: { requests: { cpu: '5000' } } };
    await rest.must('POST', inNamespace('apps/v1', 'replicasets'), {
      metadata: { name: 'greedy' },
      spec: workload('greedy', 1, {}, greedy),
    });
    const instance = async () => (await groupOf('greedy'))?.instances[0];
    await vi.waitFor(
      async () =>
        expect(await instance()).toMatchObject({
          health: 'starting',
          reason: expect.stringContaining('Insufficient cpu'),
        }),
      { timeout: 8_000, interval: 100 },
    );
    await vi.waitFor(async () => expect((await instance())?.blocked).toContain('Unschedulable'), {
      timeout: 20_000,
      interval: 250,
    });
  });

  it('shows the rest to an account that may not see everything, and says what it must see', async () => {
    const read = ['get', 'list', 'watch'];
    const needed = [
      { apiGroups: ['apps'], resources: ['replicasets'], verbs: read },
      { apiGroups: [''], resources: ['pods', 'services'], verbs: read },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
    ];
    const as = async (rules: typeof needed) => {
      const limited = await makeAccount(cluster, { namespaces: [namespace.name], rules });
      return describe({ ...reading, api: connect({ kubeconfig: limited }) });
    };
    const { serverGroups } = await as(needed);
    expect(serverGroups.some((one) => one.managedBy?.kind === 'Spinnaker')).toBe(true);
    expect(serverGroups.some((one) => one.managedBy?.kind === 'DaemonSet')).toBe(false);
    await expect(as(needed.slice(0, 1))).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringMatching(/may not list (Pod|Service|EndpointSlice) in namespace/),
    });
  });
});

/** Without tag and digest. */
function repositoryOf(image: string): string {
  return image.replace(/:[^:/]+@.*$/, '');
}
