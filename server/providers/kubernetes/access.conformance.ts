import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { declared } from '@/server/providers/contract-fixture';
import { EFFECT, operation } from '@/server/providers/contract-support';
import { kubernetesConfigSchema } from '@/server/providers/kubernetes/config';
import { kubernetesProvider } from '@/server/providers/kubernetes/manifest';
import { testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { describeWhere, itWhere } from '@/server/providers/kubernetes/testing/cluster-where';
import { type KubernetesBench, makeKubernetesBench } from '@/server/providers/kubernetes/testing/fixture';
import { type Recorder, startRecorder } from '@/server/providers/kubernetes/testing/recorder';
import { restOf } from '@/server/providers/kubernetes/testing/rest';
import { clusterRules, deployerRules, grantsOf } from '@/server/providers/kubernetes/testing/shipped-access';
import type { InventoryNotice, Provider, ServerGroupSpec } from '@/server/providers/provider';

const cluster = testCluster();
const everything = cluster.simulated && cluster.runs && cluster.routes && cluster.foreign;
const granted = new Set(grantsOf([...deployerRules(), ...clusterRules()]));

describeWhere(cluster.workload)('the role that is shipped', () => {
  let bench: KubernetesBench;
  let recorder: Recorder;
  let provider: Provider;
  const account = 'cluster';
  const application = 'rights';

  beforeAll(async () => {
    bench = await makeKubernetesBench(cluster, { gateway: cluster.routes });
    const { kubeconfig } = kubernetesConfigSchema.parse(bench.config);
    recorder = await startRecorder(kubeconfig ?? '');
    const config = kubernetesConfigSchema.parse({ ...bench.config, kubeconfig: recorder.kubeconfig });
    provider = await kubernetesProvider.load(account, config);
  });
  afterAll(async () => {
    await recorder?.stop();
    await bench?.stop();
  });

  const spec = (sequence: 0 | 1): ServerGroupSpec => ({
    region: bench.namespace,
    application,
    cluster: application,
    name: `${application}-v00${sequence}`,
    artifact: bench.artifacts[sequence],
    capacity: { min: 1, desired: 2, max: 4 },
    config: {},
    loadBalancers: [application],
    enabled: sequence === 0,
  });
  const healthy = (sequence: 0 | 1, count: number) =>
    vi.waitFor(async () => {
      const of = { account, region: bench.namespace, application, cluster: application };
      const group = (await provider.describeCluster(of)).find(({ name }) => name === spec(sequence).name);
      expect(group?.instances.filter(({ health }) => health === 'healthy')).toHaveLength(count);
      return group;
    }, EFFECT);
  const deploy = async (sequence: 0 | 1) => {
    await provider.createServerGroup(operation(), spec(sequence));
    return healthy(sequence, 2);
  };

  it('is enough for a blue/green deploy, from the plan to the end of the old group', async () => {
    const region = bench.namespace;
    const planned = await provider.previewServerGroup?.(spec(0));
    expect(planned?.map(({ kind, name, before }) => [kind, name, before])).toEqual([
      ['Service', application, null],
      ...(cluster.routes ? [['HTTPRoute', application, null]] : []),
      ['ReplicaSet', spec(0).name, null],
      ...(cluster.routes ? [['Service', spec(0).name, null]] : []),
      ['PodDisruptionBudget', spec(0).name, null],
    ]);
    // What was planned was not done.
    await expect(provider.createServerGroup(operation(), spec(0))).rejects.toMatchObject({
      code: 'not_found',
    });
    await provider.upsertLoadBalancer(operation(), { region, name: application, application });
    await deploy(0);
    await autoscale(spec(0).name);
    await deploy(1);
    const [old, fresh] = [spec(0), spec(1)];
    await provider.enableServerGroup(operation(), fresh);
    await provider.setWeights(operation(), { region, name: application }, { [old.name]: 1, [fresh.name]: 3 });
    await provider.disableServerGroup(operation(), old);
    await provider.enableServerGroup(operation(), old);
    await provider.resizeServerGroup(operation(), old, { min: 1, desired: 3, max: 4 });
    const grown = await healthy(0, 3);
    const [instance] = grown?.instances ?? [];
    await provider.terminateInstance(operation(), old, instance?.id ?? '');
    const [other] = (await healthy(1, 2))?.instances ?? [];
    if (cluster.runs) await provider.readLog?.(fresh, other?.id ?? '', 10);
    await provider.destroyServerGroup(operation(), old);
    // Of the last one every pod is written, for no other is left to which the Service could be left.
    await provider.disableServerGroup(operation(), fresh);
    await provider.enableServerGroup(operation(), fresh);
    expect(recorder.refused).toEqual([]);
  });

  const autoscale = (name: string) =>
    cluster.rest.must('POST', `/apis/autoscaling/v2/namespaces/${bench.namespace}/horizontalpodautoscalers`, {
      metadata: { name: 'of-the-people' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name },
        minReplicas: 1,
        maxReplicas: 4,
      },
    });

  it('is enough for firewalls', async () => {
    const region = bench.namespace;
    const rules = [{ protocol: 'tcp' as const, fromPort: 8080, toPort: 8080, source: '10.0.0.0/8' }];
    const wanted = { account, region, name: 'inside', application, rules };
    expect(await provider.upsertFirewall(operation(), wanted)).toEqual(wanted);
  });

  itWhere(cluster.runs)('is enough for jobs', async () => {
    const region = bench.namespace;
    const [artifact] = bench.artifacts;
    const { succeeds, endless: forever } = declared(bench.commands, 'commands');
    const job = { region, application, artifact, config: {}, timeoutSeconds: 60 };
    const ended = { ...job, name: 'ended', command: succeeds };
    await provider.jobs?.start(operation(), ended);
    await vi.waitFor(
      async () => expect((await provider.jobs?.describe(ended))?.status).toBe('succeeded'),
      EFFECT,
    );
    const endless = { ...job, name: 'endless', command: forever };
    await provider.jobs?.start(operation(), endless);
    await provider.jobs?.cancel(operation(), endless);
  });

  it('is enough to see everything, others’ workloads too, and to watch it', async () => {
    const { serverGroups } = await provider.describe();
    expect(serverGroups.map(({ name }) => name)).toContain(spec(1).name);
    const over = new AbortController();
    const notices: InventoryNotice[] = [];
    const watching = (async () => {
      for await (const notice of provider.watch(over.signal)) notices.push(notice);
    })();
    // Of kinds of other projects a cluster that was given may have none.
    const least = everything ? [...granted].filter(isWatch).length : 10;
    await vi.waitFor(
      () => expect([...recorder.used].filter(isWatch).length).toBeGreaterThanOrEqual(least),
      EFFECT,
    );
    await vi.waitFor(() => expect(notices).not.toEqual([]), EFFECT);
    over.abort();
    await watching;
  });

  const isWatch = (need: string) => need.startsWith('watch ');

  it('is found complete by the check of the account', async () => {
    expect(await provider.check?.()).toMatchObject({ ok: true, problems: [] });
  });

  it('lets nothing else be done, and above all no secret be read', async () => {
    const limited = restOf(recorder.kubeconfig.replace(/\.recorded$/, ''));
    const at = `/api/v1/namespaces/${bench.namespace}`;
    for (const path of [
      `${at}/secrets`,
      `${at}/secrets/any`,
      '/api/v1/secrets',
      '/api/v1/pods',
      '/api/v1/nodes',
    ])
      expect(await limited.request('GET', path), path).toMatchObject({ status: 403 });
    for (const path of [`${at}/pods/any/exec`, `${at}/serviceaccounts/default/token`, `${at}/pods`])
      expect(await limited.request('POST', path, {}), path).toMatchObject({ status: 403 });
  });

  it('was never too little', () => {
    expect(recorder.refused).toEqual([]);
    expect([...recorder.used].filter((need) => !granted.has(need))).toEqual([]);
  });

  // Else it may not have every kind, or jobs that fail.
  itWhere(everything)('grants nothing that was not used', () => {
    expect([...granted].filter((grant) => !recorder.used.has(grant))).toEqual([]);
  });
});
