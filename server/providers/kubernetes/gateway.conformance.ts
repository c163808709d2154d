import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import type { KubernetesConfig } from '@/server/providers/kubernetes/config';
import { kubernetesConfigSchema } from '@/server/providers/kubernetes/config';
import { kubernetesProvider } from '@/server/providers/kubernetes/manifest';
import { makeNamespace, testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { PLAYED } from '@/server/providers/kubernetes/testing/cluster-traits';
import { describeWhere } from '@/server/providers/kubernetes/testing/cluster-where';
import type { Provider } from '@/server/providers/provider';

const cluster = testCluster();
const SOON = { timeout: 30_000, interval: 100 };
const GATEWAYS = '/apis/gateway.networking.k8s.io/v1/namespaces';
let operations = 0;
const operation = () => ({ id: `gateway-${operations++}`, fence: 1 });

describeWhere(cluster.workload && cluster.routes)('a gateway that does not pass requests on', () => {
  const { rest, kubeconfig } = cluster;
  let namespace: Awaited<ReturnType<typeof makeNamespace>>;
  let region: string;
  let config: KubernetesConfig;
  let provider: Provider;
  beforeAll(async () => {
    namespace = await makeNamespace(rest);
    region = namespace.name;
    const { images } = cluster.workload ?? PLAYED;
    config = kubernetesConfigSchema.parse({
      kubeconfig,
      namespaces: [region],
      ...(images === undefined ? {} : { images }),
      gateway: { name: 'front', hostnames: '{loadBalancer}.example.test' },
    });
    provider = await kubernetesProvider.load('test', config);
  });
  afterAll(() => namespace.remove());

  const gateway = (method: string, body?: object) =>
    rest.must(method, `${GATEWAYS}/${region}/gateways${method === 'POST' ? '' : '/front'}`, body);
  const makeGateway = () =>
    gateway('POST', {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'front' },
      spec: { gatewayClassName: 'test', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
    });
  const groupOf = async (name: string) =>
    (await provider.describeCluster({ account: 'test', region, application: name, cluster: name }))[0];
  const deploy = async (name: string) => {
    const [artifact] = (cluster.workload ?? PLAYED).artifacts;
    await provider.upsertLoadBalancer(operation(), { region, name, application: name });
    await provider.createServerGroup(operation(), {
      region,
      application: name,
      cluster: name,
      name: `${name}-v000`,
      artifact,
      capacity: { min: 1, desired: 1, max: 1 },
      config: {},
      loadBalancers: [name],
      enabled: true,
    });
    await vi.waitFor(async () => expect((await groupOf(name))?.traffic).toBe(1), SOON);
  };
  /** As its controller would write it, of the route as it is unless told of another form. */
  const says = async (name: string, conditions: object[], before = 0) => {
    const at = `${GATEWAYS}/${region}/httproutes/${name}`;
    const { metadata } = await rest.must<{ metadata: { generation: number } }>('GET', at);
    const common = {
      observedGeneration: metadata.generation - before,
      lastTransitionTime: new Date().toISOString(),
    };
    const parent = {
      parentRef: { name: 'front' },
      controllerName: 'example.test/controller',
      conditions: conditions.map((one) => ({ ...common, ...one })),
    };
    await rest.must('PATCH', `${at}/status`, { status: { parents: [parent] } });
  };
  const accepted = { type: 'Accepted', status: 'True', reason: 'Accepted', message: '' };

  it('is told of when it is not there, to whoever checks, looks and decides', async () => {
    const missing = `There is no Gateway front in namespace ${region}`;
    const before = await provider.check?.();
    expect(before?.ok).toBe(false);
    expect(before?.problems.join()).toContain(missing);
    await deploy('lost');
    expect((await groupOf('lost'))?.unreached).toContain(missing);
    const inventory = await provider.describe();
    expect(inventory.loadBalancers.find(({ name }) => name === 'lost')?.problem).toContain(missing);
    await makeGateway();
    onTestFinished(() => gateway('DELETE').then(() => undefined));
    expect((await groupOf('lost'))?.unreached).toBeUndefined();
    const after = await provider.check?.();
    expect(after?.problems).toEqual([]);
    expect(after?.facts.join(' ')).toContain('no controller has said yet');
  });

  it('is told of when it does not take the route, or does not find what is behind it, until it does', async () => {
    await makeGateway();
    onTestFinished(() => gateway('DELETE').then(() => undefined));
    await deploy('taken');
    expect((await groupOf('taken'))?.unreached).toBeUndefined();
    await says('taken', [
      { type: 'Accepted', status: 'False', reason: 'NoMatchingListenerHostname', message: 'no such host' },
    ]);
    expect((await groupOf('taken'))?.unreached).toBe(
      'Gateway front does not take HTTPRoute taken: NoMatchingListenerHostname (no such host)',
    );
    const torn = { type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound', message: 'taken-v000' };
    await says('taken', [accepted, torn]);
    expect((await groupOf('taken'))?.unreached).toContain('BackendNotFound (taken-v000)');
    await says('taken', [accepted, torn], 1);
    expect((await groupOf('taken'))?.unreached).toBeUndefined();
    await says('taken', [accepted, { ...torn, status: 'True', reason: 'ResolvedRefs' }]);
    expect((await groupOf('taken'))?.unreached).toBeUndefined();
  });

  it('is told of by the watch as soon as it says so', async () => {
    await makeGateway();
    onTestFinished(() => gateway('DELETE').then(() => undefined));
    await deploy('watched');
    const leaving = new AbortController();
    const watch = provider.watch(leaving.signal);
    onTestFinished(() => leaving.abort());
    void (async () => {
      for await (const _ of watch) if (leaving.signal.aborted) return;
    })().catch(() => undefined);
    const problem = () =>
      provider.observed?.()?.loadBalancers.find(({ name }) => name === 'watched')?.problem;
    await vi.waitFor(() => expect(provider.observed?.()).not.toBeNull(), SOON);
    expect(problem()).toBeUndefined();
    await says('watched', [
      { type: 'Accepted', status: 'False', reason: 'NotAllowedByListeners', message: '' },
    ]);
    await vi.waitFor(() => expect(problem()).toContain('NotAllowedByListeners'), SOON);
  });
});
