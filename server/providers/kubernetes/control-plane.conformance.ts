import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAccount, makeNamespace, testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { restOf } from '@/server/providers/kubernetes/testing/rest';

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

  it('refuses a ServiceAccount what its role does not name', async () => {
    const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }];
    const limited = restOf(await makeAccount(cluster, { namespaces: [namespace.name], rules }));
    const at = `/api/v1/namespaces/${namespace.name}`;
    expect(await limited.request('GET', `${at}/pods`)).toMatchObject({ status: 200 });
    expect(await limited.request('GET', `${at}/services`)).toMatchObject({ status: 403 });
    expect(await limited.request('GET', '/api/v1/namespaces/default/pods')).toMatchObject({ status: 403 });
  });
});
