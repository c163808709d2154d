import type { V1EndpointSlice, V1Pod, V1PodSpec, V1ReplicaSet } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { makeAccount, makeNamespace, testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { describeWhere } from '@/server/providers/kubernetes/testing/cluster-where';
import { startControlPlane } from '@/server/providers/kubernetes/testing/control-plane';
import { startDataPlane } from '@/server/providers/kubernetes/testing/data-plane';
import { LOG_ANNOTATION } from '@/server/providers/kubernetes/testing/kubelet';
import { restOf } from '@/server/providers/kubernetes/testing/rest';
import { BEHAVIOUR_ANNOTATION } from '@/server/providers/kubernetes/testing/stages';
import { LABELS } from '@/server/providers/kubernetes/words/labels';

const cluster = testCluster();

describeWhere(cluster.own)('the control plane of the tests', () => {
  const { rest } = cluster;
  let namespace: Awaited<ReturnType<typeof makeNamespace>>;
  beforeAll(async () => {
    namespace = await makeNamespace(rest);
  });
  afterAll(() => namespace.remove());

  const makeService = (name: string) =>
    rest.must('POST', `/api/v1/namespaces/${namespace.name}/services`, {
      metadata: { name },
      spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
    });
  const makeReplicaSet = async (app: string, replicas: number) => {
    const labels = { app, [LABELS.serverGroup]: `${app}-v000` };
    const at = `/apis/apps/v1/namespaces/${namespace.name}/replicasets`;
    await rest.must('POST', at, {
      metadata: { name: `${app}-v000` },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'shop:1' }] } },
      },
    });
    return `${at}/${app}-v000`;
  };
  const makeJob = async (name: string, script: string, pod: Partial<V1PodSpec> = {}) => {
    const main = { name: 'main', image: 'job:1', command: ['node', '-e', script] };
    const spec = {
      ...pod,
      restartPolicy: 'Never',
      containers: [{ ...main, env: [{ name: 'WORDS', value: 'out of cheese' }] }],
    };
    const jobs = `/apis/batch/v1/namespaces/${namespace.name}/jobs`;
    await rest.must('POST', jobs, { metadata: { name }, spec: { backoffLimit: 0, template: { spec } } });
    const pods = `/api/v1/namespaces/${namespace.name}/pods`;
    const podOf = async () => {
      const selector = `labelSelector=batch.kubernetes.io/job-name=${name}`;
      return (await rest.must<{ items: V1Pod[] }>('GET', `${pods}?${selector}`)).items[0];
    };
    const log = async () => {
      const found = await podOf();
      return (await rest.request<string>('GET', `${pods}/${found?.metadata?.name}/log`)).body;
    };
    return { at: `${jobs}/${name}`, pod: podOf, log };
  };

  it('makes pods of a ReplicaSet, and endpoints of the ready ones behind a Service', async () => {
    await makeService('shop');
    await makeReplicaSet('shop', 3);
    const slices = `/apis/discovery.k8s.io/v1/namespaces/${namespace.name}/endpointslices`;
    await expect
      .poll(async () => {
        const { items } = await rest.must<{ items: V1EndpointSlice[] }>(
          'GET',
          `${slices}?labelSelector=kubernetes.io/service-name=shop`,
        );
        return items.flatMap((slice) => slice.endpoints ?? []).filter((one) => one.conditions?.ready).length;
      })
      .toBe(3);
  });

  it('answers requests by what EndpointSlices say, and loses none while pods come and go', async () => {
    const plane = await startDataPlane(rest, namespace.name);
    const at = await makeReplicaSet('busy', 2);
    const url = 'http://busy.signalbox.svc:80';
    expect(await plane.request(url)).toMatchObject({ ok: false });
    await makeService('busy');
    await expect.poll(() => plane.request(url)).toEqual({ ok: true, servedBy: 'busy-v000' });
    const answers: unknown[] = [];
    const resizing = (async () => {
      for (const replicas of [5, 1, 4, 2]) {
        await rest.must('PATCH', at, { spec: { replicas } });
        const ready = async () => (await rest.must<V1ReplicaSet>('GET', at)).status;
        await expect.poll(ready).toMatchObject({ replicas, readyReplicas: replicas });
      }
    })();
    let busy = true;
    void resizing.finally(() => {
      busy = false;
    });
    while (busy || answers.length <= 20) answers.push(await plane.request(url));
    await resizing;
    expect(answers.length).toBeGreaterThan(20);
    expect(answers.filter((one) => !(one as { ok: boolean }).ok)).toEqual([]);
    await plane.stop();
  });

  it('runs the pod of a Job as a real process, and has its log', async () => {
    const job = await makeJob('talk', 'console.log(process.env.WORDS); process.exit(3)');
    await expect
      .poll(() => rest.must('GET', job.at))
      .toMatchObject({
        status: { failed: 1, conditions: [{ type: 'FailureTarget' }, { type: 'Failed' }] },
      });
    expect((await job.pod())?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(3);
    expect(await job.log()).toBe('out of cheese\n');
  });

  it('ends that process when the Job is suspended, and when its time is over', async () => {
    const endless = 'console.log(process.pid); setInterval(() => undefined, 1000)';
    const runs = (pid: number) => () => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    const suspended = await makeJob('suspended', endless);
    await expect.poll(suspended.log).toMatch(/^\d+\n$/);
    const pid = Number(await suspended.log());
    expect(runs(pid)()).toBe(true);
    await rest.must('PATCH', suspended.at, { spec: { suspend: true } });
    await expect.poll(runs(pid)).toBe(false);
    await expect.poll(suspended.pod).toBeUndefined();

    const late = await makeJob('late', endless, { activeDeadlineSeconds: 1 });
    await expect.poll(late.pod).toMatchObject({ status: { phase: 'Failed', reason: 'DeadlineExceeded' } });
    expect(runs(Number(await late.log()))()).toBe(false);
  });

  it.for([
    { behaviour: 'image-pull-error', reason: 'ImagePullBackOff' },
    { behaviour: 'crash-loop', reason: 'CrashLoopBackOff' },
  ])('lets a pod have $behaviour, and heals it', async ({ behaviour, reason }) => {
    const pods = `/api/v1/namespaces/${namespace.name}/pods`;
    await rest.must('POST', pods, {
      metadata: {
        name: behaviour,
        annotations: { [BEHAVIOUR_ANNOTATION]: behaviour, [LOG_ANNOTATION]: 'one\ntwo\n' },
      },
      spec: { containers: [{ name: 'main', image: 'shop:1' }] },
    });
    const state = async () => {
      const pod = await rest.must<V1Pod>('GET', `${pods}/${behaviour}`);
      return pod.status?.containerStatuses?.[0]?.state;
    };
    await expect.poll(state).toMatchObject({ waiting: { reason } });
    const log = await rest.request('GET', `${pods}/${behaviour}/log?tailLines=1`);
    if (behaviour === 'crash-loop') expect(log.body).toBe('two\n');
    else expect(log.status).toBe(400);
    await rest.must('PATCH', `${pods}/${behaviour}`, {
      metadata: { annotations: { [BEHAVIOUR_ANNOTATION]: null } },
    });
    await expect.poll(state).toMatchObject({ running: {} });
  });

  it('knows HTTPRoutes, and refuses nonsense in one', async () => {
    const at = `/apis/gateway.networking.k8s.io/v1/namespaces/${namespace.name}/httproutes`;
    const route = (weight: number) => ({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { generateName: 'shop-' },
      spec: { rules: [{ backendRefs: [{ name: 'shop', port: 80, weight }] }] },
    });
    expect(await rest.request('POST', at, route(5))).toMatchObject({ status: 201 });
    expect(await rest.request('POST', at, route(-5))).toMatchObject({ status: 422 });
  });

  it('refuses a ServiceAccount what its role does not name', async () => {
    const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }];
    const limited = restOf(await makeAccount(cluster, { namespaces: [namespace.name], rules }));
    const at = `/api/v1/namespaces/${namespace.name}`;
    expect(await limited.request('GET', `${at}/pods`)).toMatchObject({ status: 200 });
    expect(await limited.request('GET', `${at}/services`)).toMatchObject({ status: 403 });
    expect(await limited.request('GET', '/api/v1/namespaces/default/pods')).toMatchObject({ status: 403 });
  });
});

describeWhere(cluster.binaries)('a control plane of a test of its own', () => {
  it('keeps what it holds when its API server is killed and started again', async () => {
    const { binaries } = cluster;
    const plane = await startControlPlane({ binaries, nodes: 1 });
    onTestFinished(plane.stop);
    const { rest } = plane;
    const seen: string[] = [];
    const over = new AbortController();
    const names = (objects: V1Pod[]) => seen.push(...objects.map((one) => one.metadata?.name ?? ''));
    const follower = { all: names, put: (one: V1Pod) => names([one]), gone: () => undefined };
    rest.follow<V1Pod>('/api/v1/namespaces/default/pods', follower, over.signal);
    const pod = (name: string) => ({
      metadata: { name },
      spec: { containers: [{ name: 'main', image: 'shop:1' }] },
    });
    await rest.must('POST', '/api/v1/namespaces/default/pods', pod('before'));
    const configMap = (name: string) =>
      rest.must('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name } });
    await configMap('a');
    await configMap('b');
    const first = '/api/v1/namespaces/default/configmaps?limit=1';
    const page = await rest.must<{ metadata: { continue: string } }>('GET', first);
    await configMap('c');
    await plane.compact();
    await plane.killApiServer();
    await expect(rest.request('GET', '/readyz')).rejects.toThrow('ECONNREFUSED');
    await plane.startApiServer();
    const next = `${first}&continue=${page.metadata.continue}`;
    expect(await rest.request('GET', next)).toMatchObject({ status: 410 });
    await rest.must('POST', '/api/v1/namespaces/default/pods', pod('after'));
    const { items } = await rest.must<{ items: V1Pod[] }>('GET', '/api/v1/namespaces/default/pods');
    expect(items.map((one) => one.metadata?.name)).toEqual(['after', 'before']);
    const after = async () => {
      const found = await rest.must<V1Pod>('GET', '/api/v1/namespaces/default/pods/after');
      return found.status?.phase;
    };
    await expect.poll(after).toBe('Running');
    await vi.waitFor(() => expect(seen).toContain('after'));
    over.abort();
    await plane.stop();
    expect(plane.programs().map((program) => program.pid())).toEqual(plane.programs().map(() => null));
  });
});
