import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import type { Inventory } from '@/server/domain/inventory';
import { operation } from '@/server/providers/contract-support';
import { type KubernetesConfig, kubernetesConfigSchema } from '@/server/providers/kubernetes/config';
import { kubernetesProvider } from '@/server/providers/kubernetes/manifest';
import { makeNamespace, testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { describeWhere } from '@/server/providers/kubernetes/testing/cluster-where';
import { type ControlPlane, startControlPlane } from '@/server/providers/kubernetes/testing/control-plane';
import { shippedAccount } from '@/server/providers/kubernetes/testing/shipped-access';
import type { Provider, ServerGroupSpec } from '@/server/providers/provider';

/** What was not there is looked for again every half minute. */
const IN_TIME = { timeout: 90_000, interval: 200 };
const { binaries } = testCluster();

describeWhere(binaries)('kinds that a cluster gets while it is watched', { timeout: 180_000 }, () => {
  let plane: ControlPlane;
  let namespace: string;
  let config: KubernetesConfig;
  let provider: Provider;
  beforeAll(async () => {
    plane = await startControlPlane({ binaries, bare: true });
    namespace = (await makeNamespace(plane.rest)).name;
    config = kubernetesConfigSchema.parse({
      kubeconfig: await shippedAccount(plane, [namespace]),
      namespaces: [namespace],
      images: 'registry.test/{name}',
      gateway: { name: 'edge', hostnames: '{loadBalancer}.test' },
    });
    provider = await kubernetesProvider.load('late', config);
  }, 120_000);
  afterAll(() => plane?.stop());

  const group = (): ServerGroupSpec => ({
    region: namespace,
    application: 'shop',
    cluster: 'shop',
    name: 'shop-v000',
    artifact: { name: 'shop', version: '1', digest: `sha256:${'0'.repeat(64)}` },
    capacity: { min: 1, desired: 1, max: 1 },
    config: {},
    loadBalancers: ['shop'],
    enabled: true,
  });

  /** As Argo does, whose controller is not here: the ReplicaSet says nothing of the application itself. */
  async function roll(): Promise<void> {
    const { rest } = plane;
    const selector = { matchLabels: { pod: 'rolled' } };
    const containers = [{ name: 'main', image: 'web:1' }];
    const template = { metadata: { labels: selector.matchLabels }, spec: { containers } };
    const kind = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' };
    const made = await rest.must('POST', `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/rollouts`, {
      ...kind,
      metadata: { name: 'rolled', labels: { 'app.kubernetes.io/name': 'late-shop' } },
      spec: { replicas: 1, selector, template, strategy: { canary: {} } },
    });
    await rest.must('POST', `/apis/apps/v1/namespaces/${namespace}/replicasets`, {
      metadata: {
        name: 'rolled-abc',
        ownerReferences: [{ ...kind, name: 'rolled', controller: true, uid: made.metadata?.uid }],
      },
      spec: { replicas: 1, selector, template },
    });
  }

  it('are seen by the same watch, and a load balancer gets the route that it could not have', async () => {
    const leaving = new AbortController();
    onTestFinished(() => leaving.abort());
    const ended = (async () => {
      for await (const _ of provider.watch(leaving.signal));
    })();
    let failure: unknown = null;
    ended.catch((error: unknown) => {
      failure = error;
    });
    const seen = () => provider.observed?.() ?? { serverGroups: [], loadBalancers: [] };
    const balancer = () => seen().loadBalancers.find(({ name }) => name === 'shop');

    const wanted = { region: namespace, name: 'shop', application: 'shop' };
    await provider.upsertLoadBalancer(operation(), wanted);
    await provider.createServerGroup(operation(), group());
    await vi.waitFor(() => expect(balancer()?.targets).toHaveLength(1), IN_TIME);
    expect(balancer()?.sharedBy).toBe('instances');

    await plane.installKinds();
    await plane.rest.must('POST', `/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/gateways`, {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'edge' },
      spec: { gatewayClassName: 'test', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
    });
    await roll();
    await vi.waitFor(
      () =>
        expect(seen().serverGroups.find(({ name }) => name === 'rolled-abc')).toMatchObject({
          application: 'late-shop',
          managedBy: { kind: 'Rollout', name: 'rolled' },
        }),
      IN_TIME,
    );
    await vi.waitFor(async () => {
      await provider.upsertLoadBalancer(operation(), wanted);
      expect(balancer()).toMatchObject({ sharedBy: 'weights', url: 'http://shop.test' });
    }, IN_TIME);
    expect(failure).toBeNull();
  });

  it('are there from the start for a worker that starts while the API server comes back', async () => {
    await plane.killApiServer();
    const back = plane.startApiServer();
    const fresh = await kubernetesProvider.load('late', config);
    const leaving = new AbortController();
    onTestFinished(() => leaving.abort());
    const first = await vi.waitFor(() => firstSeen(fresh, leaving.signal), IN_TIME);
    expect(first?.loadBalancers.find(({ name }) => name === 'shop')?.sharedBy).toBe('weights');
    await back;
  });
});

/** What a watch shows at the moment at which it is said that everything was read. */
async function firstSeen(provider: Provider, signal: AbortSignal): Promise<Inventory | null> {
  for await (const _ of provider.watch(signal)) return provider.observed?.() ?? null;
  return null;
}
