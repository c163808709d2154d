import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { EFFECT, operation } from '@/server/providers/contract-support';
import { testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { describeWhere, itWhere } from '@/server/providers/kubernetes/testing/cluster-where';
import { type GroupsBench, groupsBench } from '@/server/providers/kubernetes/testing/groups';
import { BEHAVIOUR_ANNOTATION } from '@/server/providers/kubernetes/testing/stages';
import { createServerGroup } from '@/server/providers/kubernetes/verbs/create-server-group';
import { destroyServerGroup } from '@/server/providers/kubernetes/verbs/destroy-server-group';
import { disableServerGroup } from '@/server/providers/kubernetes/verbs/disable-server-group';
import { enableServerGroup } from '@/server/providers/kubernetes/verbs/enable-server-group';
import { previewServerGroup } from '@/server/providers/kubernetes/verbs/preview-server-group';
import { readLog } from '@/server/providers/kubernetes/verbs/read-log';
import { resizeServerGroup } from '@/server/providers/kubernetes/verbs/resize-server-group';
import { terminateInstance } from '@/server/providers/kubernetes/verbs/terminate-instance';

const size = (desired: number) => ({ min: 0, desired, max: 20 });
const { workload, simulated, routes } = testCluster();
let bench: GroupsBench;
if (workload) {
  beforeAll(async () => {
    bench = await groupsBench();
  });
  afterAll(() => bench.stop());
}

describeWhere(workload)('an autoscaler of a group', () => {
  const autoscalers = (region: string) =>
    `/apis/autoscaling/v2/namespaces/${region}/horizontalpodautoscalers`;
  const read = async (name: string) => {
    const found = await bench.api.get('HorizontalPodAutoscaler', { namespace: bench.region, name });
    return found && { min: found.spec?.minReplicas, max: found.spec?.maxReplicas };
  };

  it('is held at the present size while the group gets no requests, and is given to the next group', async () => {
    const { make, spec, platformWith, rest, region } = bench;
    const platform = platformWith();
    const old = await make(platform, spec('scaled', 0, { capacity: size(4) }));
    await rest.must('POST', autoscalers(region), {
      metadata: { name: 'of-the-people' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: old.name },
        minReplicas: 2,
        maxReplicas: 10,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
          },
        ],
      },
    });
    const fresh = await make(platform, spec('scaled', 1, { capacity: size(4), enabled: false }));
    expect(await read(fresh.name)).toEqual({ min: 4, max: 10 });
    await enableServerGroup(platform, operation(), fresh);
    expect(await read(fresh.name)).toEqual({ min: 2, max: 10 });

    await disableServerGroup(platform, operation(), old);
    expect(await read('of-the-people')).toEqual({ min: 4, max: 10 });
    await enableServerGroup(platform, operation(), old);
    expect(await read('of-the-people')).toEqual({ min: 2, max: 10 });

    await resizeServerGroup(platform, operation(), fresh, { min: 3, desired: 5, max: 8 });
    expect(await read(fresh.name)).toEqual({ min: 3, max: 8 });
    await destroyServerGroup(platform, operation(), fresh);
    await vi.waitFor(async () => expect(await read(fresh.name)).toBeNull(), EFFECT);
  });
});

describeWhere(simulated)('terminating an instance', () => {
  it('is refused while the disruption budget is used up, and done when it is not', async () => {
    const { make, spec, platformWith, podsOf, rest, region } = bench;
    const platform = platformWith();
    const group = await make(platform, spec('evicted', 0, { capacity: size(2) }));
    const [ill, well] = (await podsOf(group)).map((pod) => pod.metadata?.name ?? '');
    if (ill === undefined || well === undefined) throw new Error('the group has two instances');
    const annotations = { [BEHAVIOUR_ANNOTATION]: 'never-ready' };
    await rest.must('PATCH', `/api/v1/namespaces/${region}/pods/${ill}`, { metadata: { annotations } });
    await vi.waitFor(async () => {
      const budget = await bench.api.get('PodDisruptionBudget', { namespace: region, name: group.name });
      expect(budget?.status?.disruptionsAllowed).toBe(0);
    }, EFFECT);
    await expect(terminateInstance(platform, group, well)).rejects.toMatchObject({ code: 'conflict' });
    // One that is not well is never held up by its budget.
    await terminateInstance(platform, group, ill);
    await vi.waitFor(async () => {
      const names = (await podsOf(group)).map((pod) => pod.metadata?.name);
      expect(names).not.toContain(ill);
    }, EFFECT);
    await terminateInstance(platform, group, ill);
  });
});

describeWhere(simulated)('the log of an instance', () => {
  it('is its last lines, and is given out for no other group', async () => {
    const { make, spec, platformWith, podsOf } = bench;
    const platform = platformWith();
    const config = { TEST_LOG: 'one\ntwo\nthree' };
    const group = await make(platform, spec('talking', 0, { capacity: size(1), config }));
    const other = await make(platform, spec('silent', 0, { capacity: size(1) }));
    const pod = (await podsOf(group))[0]?.metadata?.name ?? '';
    expect(await readLog(platform, group, pod, 2)).toBe('two\nthree\n');
    await expect(readLog(platform, other, pod, 2)).rejects.toMatchObject({ code: 'not_found' });
    await expect(readLog(platform, group, 'nobody', 2)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describeWhere(workload)('a preview', () => {
  itWhere(routes)(
    'shows what the cluster would make of it, no value of a variable, and writes nothing',
    async () => {
      const { spec, platformWith, api, region, make } = bench;
      const platform = platformWith({ gateway: { name: 'edge' } });
      await make(platform, spec('seen', 0));
      const changes = await previewServerGroup(
        platform,
        spec('seen', 1, { config: { PASSWORD: 'hunter2' } }),
      );
      expect(changes.map(({ kind, name, before }) => [kind, name, before])).toEqual([
        ['ReplicaSet', 'seen-v001', null],
        ['Service', 'seen-v001', null],
        ['PodDisruptionBudget', 'seen-v001', null],
      ]);
      const [group] = changes;
      expect(group?.after).toContain('terminationGracePeriodSeconds: 30');
      expect(group?.after).toContain('PASSWORD');
      expect(JSON.stringify(changes)).not.toContain('hunter2');
      for (const kind of ['ReplicaSet', 'Service', 'PodDisruptionBudget'] as const)
        expect(await api.get(kind, { namespace: region, name: 'seen-v001' })).toBeNull();
    },
  );

  itWhere(routes)('shows the route that a load balancer of before the Gateway gets', async () => {
    const { spec, platformWith, api, region, make } = bench;
    await make(platformWith(), spec('early', 0, { capacity: size(1) }));
    const planned = await previewServerGroup(
      platformWith({ gateway: { name: 'edge' } }),
      spec('early', 1, { capacity: size(1) }),
    );
    expect(planned.map(({ kind, name, before }) => [kind, name, before])).toContainEqual([
      'HTTPRoute',
      'early',
      null,
    ]);
    expect(planned.map(({ kind, name }) => [kind, name])).not.toContainEqual(['Service', 'early']);
    expect(await api.get('HTTPRoute', { namespace: region, name: 'early' })).toBeNull();
  });

  it('is refused as the creation would be', async () => {
    const { spec, platformWith, make } = bench;
    const platform = platformWith();
    await make(platform, spec('known', 0));
    const again = previewServerGroup(platform, spec('known', 0));
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
  });
});

describeWhere(workload)('what others made', () => {
  it('is left alone, and the owner is named', async () => {
    const { spec, platformWith, rest, region, api } = bench;
    const platform = platformWith();
    const labels = { app: 'theirs' };
    await rest.must('POST', `/apis/apps/v1/namespaces/${region}/deployments`, {
      metadata: { name: 'theirs' },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'theirs:1' }] } },
      },
    });
    const owned = await vi.waitFor(async () => {
      const { items } = await api.list('ReplicaSet', { namespace: region, labelSelector: 'app=theirs' });
      const name = items[0]?.metadata?.name;
      if (name === undefined) throw new Error('no ReplicaSet yet');
      return { region, name };
    }, EFFECT);
    for (const act of [
      () => disableServerGroup(platform, operation(), owned),
      () => resizeServerGroup(platform, operation(), owned, size(0)),
      () => destroyServerGroup(platform, operation(), owned),
      () => terminateInstance(platform, owned, 'any'),
    ])
      await expect(act()).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('Deployment theirs'),
      });
    await rest.must('POST', `/api/v1/namespaces/${region}/services`, {
      metadata: { name: 'their-service' },
      spec: { ports: [{ port: 80 }] },
    });
    const behind = createServerGroup(
      platform,
      operation(),
      spec('other', 0, { loadBalancers: ['their-service'] }),
    );
    await expect(behind).rejects.toMatchObject({ code: 'conflict' });
  });
});

describeWhere(workload)('how containers run', () => {
  it('is what the people of the cluster keep in a PodTemplate', async () => {
    const { make, spec, platformWith, rest, region, podsOf, image } = bench;
    const platform = platformWith();
    await rest.must('POST', `/api/v1/namespaces/${region}/podtemplates`, {
      metadata: { name: 'kept' },
      template: {
        metadata: { labels: { team: 'blue' } },
        spec: {
          terminationGracePeriodSeconds: 7,
          containers: [{ name: 'main', image: 'of-the-template', workingDir: '/srv' }],
        },
      },
    });
    const group = await make(platform, spec('kept', 0, { capacity: size(1), config: { A: 'b' } }));
    const [pod] = await podsOf(group);
    expect(pod?.metadata?.labels).toMatchObject({ team: 'blue' });
    expect(pod?.spec?.terminationGracePeriodSeconds).toBe(7);
    expect(pod?.spec?.containers).toMatchObject([{ name: 'main', workingDir: '/srv', image }]);
    expect(pod?.spec?.containers[0]?.env).toContainEqual({ name: 'A', value: 'b' });
  });
});
