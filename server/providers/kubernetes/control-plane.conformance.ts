import type { V1Pod } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAccount, makeNamespace, testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { LOG_ANNOTATION } from '@/server/providers/kubernetes/testing/kubelet';
import { restOf } from '@/server/providers/kubernetes/testing/rest';
import { BEHAVIOUR_ANNOTATION } from '@/server/providers/kubernetes/testing/stages';

describe('the control plane of the tests', () => {
  const cluster = testCluster();
  const { rest } = cluster;
  let namespace: Awaited<ReturnType<typeof makeNamespace>>;
  beforeAll(async () => {
    namespace = await makeNamespace(rest);
  });
  afterAll(() => namespace.remove());

  it('makes pods of a ReplicaSet, and endpoints of the ready ones behind a Service', async () => {
    const labels = { app: 'shop' };
    await rest.must('POST', `/api/v1/namespaces/${namespace.name}/services`, {
      metadata: { name: 'shop' },
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    });
    await rest.must('POST', `/apis/apps/v1/namespaces/${namespace.name}/replicasets`, {
      metadata: { name: 'shop-v000' },
      spec: {
        replicas: 3,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'shop:1' }] } },
      },
    });
    const slices = `/apis/discovery.k8s.io/v1/namespaces/${namespace.name}/endpointslices`;
    await expect
      .poll(async () => {
        const { items } = await rest.must<{ items: { endpoints: { conditions: { ready: boolean } }[] }[] }>(
          'GET',
          `${slices}?labelSelector=kubernetes.io/service-name=shop`,
        );
        return items.flatMap((slice) => slice.endpoints ?? []).filter((one) => one.conditions.ready).length;
      })
      .toBe(3);
  });

  it('runs the pod of a Job as a real process, and has its log', async () => {
    const at = `/apis/batch/v1/namespaces/${namespace.name}/jobs`;
    const say = 'console.log(process.env.WORDS); process.exit(3)';
    await rest.must('POST', at, {
      metadata: { name: 'talk' },
      spec: {
        backoffLimit: 0,
        template: {
          spec: {
            restartPolicy: 'Never',
            containers: [
              {
                name: 'main',
                image: 'talk:1',
                command: ['node', '-e', say],
                env: [{ name: 'WORDS', value: 'out of cheese' }],
              },
            ],
          },
        },
      },
    });
    await expect
      .poll(() => rest.must('GET', `${at}/talk`))
      .toMatchObject({ status: { failed: 1, conditions: [{ type: 'FailureTarget' }, { type: 'Failed' }] } });
    const pods = `/api/v1/namespaces/${namespace.name}/pods`;
    const { items } = await rest.must<{ items: V1Pod[] }>(
      'GET',
      `${pods}?labelSelector=batch.kubernetes.io/job-name=talk`,
    );
    expect(items[0]?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(3);
    expect(await rest.must('GET', `${pods}/${items[0]?.metadata?.name}/log`)).toBe('out of cheese\n');
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
