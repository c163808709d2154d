import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { EFFECT, operation } from '@/server/providers/contract-support';
import { createKubernetesProvider } from '@/server/providers/kubernetes/adapter';
import { testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { describeWhere } from '@/server/providers/kubernetes/testing/cluster-where';
import { type GroupsBench, groupsBench } from '@/server/providers/kubernetes/testing/groups';
import { disableServerGroup } from '@/server/providers/kubernetes/verbs/disable-server-group';
import { enableServerGroup } from '@/server/providers/kubernetes/verbs/enable-server-group';
import { keepShares } from '@/server/providers/kubernetes/verbs/keep-shares';
import type { Platform } from '@/server/providers/kubernetes/verbs/platform';
import { setWeights } from '@/server/providers/kubernetes/verbs/set-weights';
import { trafficLabel } from '@/server/providers/kubernetes/words/labels';
import type { InventoryNotice } from '@/server/providers/provider';

const SIZE = { min: 0, desired: 4, max: 20 };
const { workload } = testCluster();
let bench: GroupsBench;
if (workload) {
  beforeAll(async () => {
    bench = await groupsBench();
  });
  afterAll(() => bench.stop());
}

/** A canary of which one pod in four is let in. */
async function canary(name: string) {
  const { make, spec, platformWith, region } = bench;
  const platform = platformWith();
  const old = await make(platform, spec(name, 0, { capacity: SIZE }));
  const fresh = await make(platform, spec(name, 1, { capacity: SIZE, enabled: false }));
  await setWeights(platform, operation(), { region, name }, { [old.name]: 75, [fresh.name]: 25 });
  await enableServerGroup(platform, operation(), fresh);
  return { platform, old, fresh };
}

const lose = async (fresh: { name: string }, name: string) => {
  const pods = await bench.podsOf(fresh);
  const lost = pods.find((pod) => pod.metadata?.labels?.[trafficLabel(name)] === 'true');
  await bench.rest.must('DELETE', `/api/v1/namespaces/${bench.region}/pods/${lost?.metadata?.name}`);
};

describeWhere(workload)('a canary by the number of instances', () => {
  it('keeps its share when it loses the pod that had it', async () => {
    const { platform, fresh } = await canary('keeps');
    const over = new AbortController();
    const provider = createKubernetesProvider('test', platform.config);
    const notices: InventoryNotice[] = [];
    const watching = (async () => {
      for await (const notice of provider.watch(over.signal)) notices.push(notice);
    })();
    await vi.waitFor(() => expect(notices).not.toEqual([]), EFFECT);
    await lose(fresh, 'keeps');
    await vi.waitFor(async () => {
      expect(await bench.labelled(fresh, 'keeps')).toBe(1);
      expect(await bench.endpoints('keeps')).toBe(5);
    }, EFFECT);
    over.abort();
    await watching;
  });

  it('gets nothing back that is disabled at that moment', async () => {
    const { platform, old, fresh } = await canary('leaves');
    await lose(fresh, 'leaves');
    await vi.waitFor(async () => expect(await bench.podsOf(fresh)).toHaveLength(4), EFFECT);
    const late = beforePodWrite(platform, async () => {
      await disableServerGroup(platform, operation(), old);
      await disableServerGroup(platform, operation(), fresh);
    });
    await keepShares(late, { region: bench.region, cluster: 'leaves' });
    expect(await bench.labelled(fresh, 'leaves')).toBe(0);
    expect(await bench.endpoints('leaves')).toBe(0);
  });
});

/** Something happens once, just before a pod is written. */
function beforePodWrite(platform: Platform, happens: () => Promise<void>): Platform {
  let pending = true;
  const merge: Platform['api']['merge'] = async (kind, ref, patch, options) => {
    if (kind === 'Pod' && pending) {
      pending = false;
      await happens();
    }
    return platform.api.merge(kind, ref, patch, options);
  };
  return { ...platform, api: { ...platform.api, merge } };
}
