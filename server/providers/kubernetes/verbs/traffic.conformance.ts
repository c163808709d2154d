import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { EFFECT, operation } from '@/server/providers/contract-support';
import { testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { describeWhere } from '@/server/providers/kubernetes/testing/cluster-where';
import { type GroupsBench, groupsBench } from '@/server/providers/kubernetes/testing/groups';
import { disableServerGroup } from '@/server/providers/kubernetes/verbs/disable-server-group';
import { enableServerGroup } from '@/server/providers/kubernetes/verbs/enable-server-group';
import type { Platform } from '@/server/providers/kubernetes/verbs/platform';
import { resizeServerGroup } from '@/server/providers/kubernetes/verbs/resize-server-group';
import { setWeights } from '@/server/providers/kubernetes/verbs/set-weights';
import { upsertLoadBalancer } from '@/server/providers/kubernetes/verbs/upsert-load-balancer';
import { trafficLabel } from '@/server/providers/kubernetes/words/labels';

const size = (desired: number) => ({ min: 0, desired, max: 20 });
const { workload, routes } = testCluster();
let bench: GroupsBench;
if (workload) {
  beforeAll(async () => {
    bench = await groupsBench();
  });
  afterAll(() => bench.stop());
}

describeWhere(workload)('requests shared by the number of instances', () => {
  it('follow weights as near as whole instances can, and the group that takes over comes in first', async () => {
    const { make, spec, platformWith, labelled, endpoints, region } = bench;
    const platform = platformWith();
    const old = await make(platform, spec('counted', 0, { capacity: size(4) }));
    const fresh = await make(platform, spec('counted', 1, { capacity: size(4), enabled: false }));
    const balancer = { region, name: 'counted' };
    const asked = (before: number, after: number) => ({ [old.name]: before, [fresh.name]: after });

    await setWeights(platform, operation(), balancer, asked(75, 25));
    expect(await endpoints('counted')).toBe(4);
    await enableServerGroup(platform, operation(), fresh);
    expect(await endpoints('counted')).toBe(5);
    expect(await labelled(fresh, 'counted')).toBe(1);

    const watching = leastEndpoints(bench, 'counted');
    await setWeights(platform, operation(), balancer, asked(0, 100));
    expect(await labelled(fresh, 'counted')).toBe(4);
    expect(await labelled(old, 'counted')).toBe(0);
    await disableServerGroup(platform, operation(), old);
    expect(await watching()).toBeGreaterThanOrEqual(4);
  });

  it('reach instances that come later, and none of a group that was disabled', async () => {
    const { make, spec, platformWith, labelled, endpoints, podsOf } = bench;
    const platform = platformWith();
    const group = await make(platform, spec('later', 0, { capacity: size(1) }));
    await resizeServerGroup(platform, operation(), group, size(3));
    await vi.waitFor(async () => expect(await endpoints('later')).toBe(3), EFFECT);
    await disableServerGroup(platform, operation(), group);
    expect(await endpoints('later')).toBe(0);
    await resizeServerGroup(platform, operation(), group, size(5));
    await vi.waitFor(async () => expect(await podsOf(group)).toHaveLength(5), EFFECT);
    expect(await labelled(group, 'later')).toBe(0);
  });

  it('are brought back by a retry that finds its first try cut off after the group was written', async () => {
    const { make, spec, platformWith, labelled, endpoints } = bench;
    const platform = platformWith();
    const group = await make(platform, spec('torn', 0, { capacity: size(3), enabled: false }));
    const op = operation();
    await expect(enableServerGroup(withoutPodWrites(platform), op, group)).rejects.toThrow('cut off');
    expect(await labelled(group, 'torn')).toBe(0);
    await enableServerGroup(platform, { ...op, fence: 2 }, group);
    expect(await endpoints('torn')).toBe(3);
    await expect(enableServerGroup(platform, op, group)).rejects.toMatchObject({ code: 'fenced' });
  });
});

describeWhere(workload && routes)('requests shared by a route', () => {
  const gateway = { name: 'edge', hostnames: '{loadBalancer}.example.com' };

  it('move with one write, and what people put into the route stays', async () => {
    const { make, spec, platformWith, backends, rest, region } = bench;
    const platform = platformWith({ gateway });
    const old = await make(platform, spec('routed', 0));
    const fresh = await make(platform, spec('routed', 1, { enabled: false }));
    expect(await backends('routed')).toEqual({ [old.name]: 1 });
    const filters = [
      { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'x', value: 'y' }] } },
    ];
    const at = `/apis/gateway.networking.k8s.io/v1/namespaces/${region}/httproutes/routed`;
    const route = await rest.must<{ spec: { rules: object[] } }>('GET', at);
    const rules = route.spec.rules.map((rule) => ({ ...rule, filters }));
    await rest.must('PATCH', `${at}?fieldManager=curl`, { spec: { rules } });

    await setWeights(platform, operation(), { region, name: 'routed' }, { [old.name]: 90, [fresh.name]: 10 });
    expect(await backends('routed')).toEqual({ [old.name]: 1 });
    await enableServerGroup(platform, operation(), fresh);
    expect(await backends('routed')).toEqual({ [old.name]: 9, [fresh.name]: 1 });
    await disableServerGroup(platform, operation(), old);
    expect(await backends('routed')).toEqual({ [fresh.name]: 1 });
    await enableServerGroup(platform, operation(), old);
    expect(await backends('routed')).toEqual({ [fresh.name]: 1, [old.name]: 1 });
    expect(await rest.must('GET', at)).toMatchObject({ spec: { rules: [{ filters }] } });
  });

  it('go back with the very first write', async () => {
    const { make, spec, platformWith, backends } = bench;
    const platform = platformWith({ gateway });
    const old = await make(platform, spec('back', 0, { capacity: size(4), enabled: false }));
    const fresh = await make(platform, spec('back', 1, { capacity: size(4) }));
    const atFirst = new Map<string, unknown>();
    const seen = watchingWrites(platform, async (write) => {
      if (atFirst.size === 0) atFirst.set(write, await backends('back'));
    });
    await enableServerGroup(seen, operation(), old);
    expect([...atFirst]).toEqual([['apply HTTPRoute', { [old.name]: 1, [fresh.name]: 1 }]]);
    atFirst.clear();
    await disableServerGroup(seen, operation(), fresh);
    expect([...atFirst]).toEqual([['apply HTTPRoute', { [old.name]: 1 }]]);
  });

  it('do not go to a group that the cluster has not put among endpoints, however ready it is', async () => {
    const { make, spec, platformWith, backends } = bench;
    const platform = platformWith({ gateway });
    const old = await make(platform, spec('unheard', 0));
    const fresh = await make(platform, spec('unheard', 1, { enabled: false }));
    const enable = operation();
    await expect(enableServerGroup(withoutEndpoints(platform), enable, fresh)).rejects.toMatchObject({
      code: 'pending',
      message: expect.stringContaining(`instances of ${fresh.name} are ready`),
    });
    expect(await backends('unheard')).toEqual({ [old.name]: 1 });
    await enableServerGroup(platform, enable, fresh);
    expect(await backends('unheard')).toEqual({ [old.name]: 1, [fresh.name]: 1 });
  });

  it('follow the sizes of groups that nobody weighed', async () => {
    const { make, spec, platformWith, backends } = bench;
    const platform = platformWith({ gateway });
    const one = await make(platform, spec('sized', 0, { capacity: size(2) }));
    const other = await make(platform, spec('sized', 1, { capacity: size(2) }));
    await resizeServerGroup(platform, operation(), other, size(1));
    expect(await backends('sized')).toEqual({ [one.name]: 2, [other.name]: 1 });
  });

  it('begin with the groups that serve when a gateway comes to an account', async () => {
    const { make, spec, platformWith, backends, region } = bench;
    const old = await make(platformWith(), spec('moved', 0));
    const routed = platformWith({ gateway });
    await upsertLoadBalancer(routed, operation(), { region, name: 'moved', application: 'moved' });
    expect(await backends('moved')).toEqual({ [old.name]: 1 });
    const fresh = await make(routed, spec('moved', 1));
    expect(await backends('moved')).toEqual({ [old.name]: 1, [fresh.name]: 1 });
  });

  it('stay as they are when another manager has taken the rules, which is named', async () => {
    const { make, spec, platformWith, backends, rest, region } = bench;
    const platform = platformWith({ gateway });
    const old = await make(platform, spec('taken', 0));
    const fresh = await make(platform, spec('taken', 1, { enabled: false }));
    const at = `/apis/gateway.networking.k8s.io/v1/namespaces/${region}/httproutes/taken`;
    const rules = [{ backendRefs: [{ name: old.name, port: 8080, weight: 7 }] }];
    await rest.must('PATCH', `${at}?fieldManager=argo-cd`, { spec: { rules } });
    const enabling = enableServerGroup(platform, operation(), fresh);
    await expect(enabling).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('argo-cd'),
    });
    expect(await backends('taken')).toEqual({ [old.name]: 7 });
  });
});

/** The fewest endpoints that get requests until it is called. */
function leastEndpoints({ endpoints }: GroupsBench, service: string): () => Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  let over = false;
  const sampling = (async () => {
    while (!over) least = Math.min(least, await endpoints(service));
  })();
  return async () => {
    over = true;
    await sampling;
    return least;
  };
}

/** A cluster whose endpoints do not follow. */
function withoutEndpoints(platform: Platform): Platform {
  const list: Platform['api']['list'] = async (kind, where, signal) => {
    const found = await platform.api.list(kind, where, signal);
    return kind === 'EndpointSlice' ? { ...found, items: [] } : found;
  };
  return { ...platform, api: { ...platform.api, list } };
}

/** A process that dies before it has labelled a pod. */
function withoutPodWrites(platform: Platform): Platform {
  const merge: Platform['api']['merge'] = (kind, ref, patch, options) => {
    const labels = JSON.stringify(patch).includes(trafficLabel('torn'));
    if (kind === 'Pod' && labels) throw new Error('cut off');
    return platform.api.merge(kind, ref, patch, options);
  };
  return { ...platform, api: { ...platform.api, merge } };
}

/** Tells of every write when it has been done. */
function watchingWrites(platform: Platform, done: (write: string) => Promise<void>): Platform {
  const apply: Platform['api']['apply'] = async (kind, body, options) => {
    const written = await platform.api.apply(kind, body, options);
    await done(`apply ${kind}`);
    return written;
  };
  const merge: Platform['api']['merge'] = async (kind, ref, patch, options) => {
    const written = await platform.api.merge(kind, ref, patch, options);
    await done(`merge ${kind}`);
    return written;
  };
  return { ...platform, api: { ...platform.api, apply, merge } };
}
