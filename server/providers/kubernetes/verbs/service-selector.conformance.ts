import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EFFECT, operation } from '@/server/providers/contract-support';
import { testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { describeWhere } from '@/server/providers/kubernetes/testing/cluster-where';
import { type GroupsBench, groupsBench } from '@/server/providers/kubernetes/testing/groups';
import { destroyServerGroup } from '@/server/providers/kubernetes/verbs/destroy-server-group';
import { disableServerGroup } from '@/server/providers/kubernetes/verbs/disable-server-group';
import { enableServerGroup } from '@/server/providers/kubernetes/verbs/enable-server-group';
import type { Platform } from '@/server/providers/kubernetes/verbs/platform';
import { previewServerGroup } from '@/server/providers/kubernetes/verbs/preview-server-group';
import { setWeights } from '@/server/providers/kubernetes/verbs/set-weights';
import { upsertLoadBalancer } from '@/server/providers/kubernetes/verbs/upsert-load-balancer';
import { LABELS, trafficLabel } from '@/server/providers/kubernetes/words/labels';
import type { GroupRef } from '@/server/providers/provider';

const SIZE = { min: 0, desired: 4, max: 20 };
const { workload, routes } = testCluster();
let bench: GroupsBench;
if (workload) {
  beforeAll(async () => {
    bench = await groupsBench();
  });
  afterAll(() => bench.stop());
}

/** Two versions behind one load balancer, of which the second has taken over. */
async function takenOver(name: string, platform = bench.platformWith()) {
  const { make, spec } = bench;
  const old = await make(platform, spec(name, 0, { capacity: SIZE }));
  const fresh = await make(platform, spec(name, 1, { capacity: SIZE, enabled: false }));
  await enableServerGroup(platform, operation(), fresh);
  await disableServerGroup(platform, operation(), old);
  return { platform, old, fresh };
}

const serviceOf = async (name: string) =>
  (await bench.api.get('Service', { namespace: bench.region, name }))?.spec?.selector ?? {};
/** Server groups of the endpoints that get requests. */
async function reached(service: string): Promise<string[]> {
  const labelSelector = `kubernetes.io/service-name=${service}`;
  const { items } = await bench.api.list('EndpointSlice', { namespace: bench.region, labelSelector });
  const pods = items
    .flatMap((slice) => slice.endpoints ?? [])
    .filter((one) => one.conditions?.ready)
    .map((one) => one.targetRef?.name ?? '');
  return [...new Set(pods.map((pod) => pod.replace(/-[^-]+$/, '')))].toSorted();
}

const SHARED = [
  { how: 'by the number of instances', config: {} },
  { how: 'by a route', config: { gateway: { name: 'edge', hostnames: '{loadBalancer}.example.com' } } },
].filter(({ config }) => workload && (routes || !('gateway' in config)));

describe.each(SHARED)('a version that stands by, with requests shared $how', ({ config }) => {
  const kind = 'gateway' in config ? 'routed' : 'counted';

  it('comes back, and the other leaves, without a write to any pod', async () => {
    const name = `${kind}back`;
    const { platform, old, fresh } = await takenOver(name, bench.platformWith(config));
    expect(await reached(name)).toEqual([fresh.name]);
    const { writes, seen } = recording(platform);
    await enableServerGroup(seen, operation(), old);
    expect(await bench.endpoints(name)).toBe(8);
    await disableServerGroup(seen, operation(), fresh);
    expect(await reached(name)).toEqual([old.name]);
    expect(await bench.endpoints(name)).toBe(4);
    expect(writes.filter((one) => one.startsWith('Pod'))).toEqual([]);
    expect(writes.filter((one) => one.startsWith('Service'))).toHaveLength(2);
  });
});

describeWhere(workload)('a load balancer that one group has for itself', () => {
  it('stays so when it is set up again by the next deploy', async () => {
    const { platform, fresh } = await takenOver('again');
    await upsertLoadBalancer(platform, operation(), {
      region: bench.region,
      name: 'again',
      application: 'again',
    });
    expect(await reached('again')).toEqual([fresh.name]);
  });

  it('does not reach the one that stands by when somebody has deleted its Service and it is made anew', async () => {
    const { platform, old, fresh } = await takenOver('anew');
    const balancer = { region: bench.region, name: 'anew', application: 'anew' };
    const remove = () => bench.rest.must('DELETE', `/api/v1/namespaces/${bench.region}/services/anew`);
    await remove();
    await upsertLoadBalancer(platform, operation(), balancer);
    await vi.waitFor(async () => expect(await bench.endpoints('anew')).toBe(4), EFFECT);
    expect(await reached('anew')).toEqual([fresh.name]);
    await disableServerGroup(platform, operation(), fresh);
    await remove();
    await upsertLoadBalancer(platform, operation(), balancer);
    expect(await bench.labelled(old, 'anew')).toBe(0);
  });

  it('lets a third one in without the one that stands by', async () => {
    const { platform, old, fresh } = await takenOver('third');
    const third = await bench.make(platform, bench.spec('third', 2, { capacity: SIZE, enabled: false }));
    await setWeights(
      platform,
      operation(),
      { region: bench.region, name: 'third' },
      { [fresh.name]: 75, [third.name]: 25 },
    );
    await enableServerGroup(platform, operation(), third);
    expect(await reached('third')).toEqual([fresh.name, third.name]);
    expect(await bench.labelled(third, 'third')).toBe(1);
    expect(await bench.labelled(old, 'third')).toBe(0);
    await disableServerGroup(platform, operation(), fresh);
    expect(await reached('third')).toEqual([third.name]);
    // Which had a quarter of the requests, and has all of them now.
    expect(await bench.endpoints('third')).toBe(4);
  });

  it('goes to another one that is enabled after it was disabled or destroyed', async () => {
    const { platform, old, fresh } = await takenOver('gone');
    await destroyServerGroup(platform, operation(), fresh);
    expect(await reached('gone')).toEqual([]);
    await enableServerGroup(platform, operation(), old);
    expect(await reached('gone')).toEqual([old.name]);
    expect(await bench.endpoints('gone')).toBe(4);
  });

  it('is theirs to choose for whom people have written the selector: labels decide then', async () => {
    const platform = bench.platformWith();
    const { make, spec, rest, region } = bench;
    const old = await make(platform, spec('chosen', 0, { capacity: SIZE }));
    const fresh = await make(platform, spec('chosen', 1, { capacity: SIZE }));
    const selector = { [trafficLabel('chosen')]: 'true', [LABELS.application]: 'chosen' };
    await rest.must('PATCH', `/api/v1/namespaces/${region}/services/chosen`, { spec: { selector } });
    await disableServerGroup(platform, operation(), old);
    expect(await serviceOf('chosen')).toEqual(selector);
    expect(await reached('chosen')).toEqual([fresh.name]);
    expect(await bench.labelled(old, 'chosen')).toBe(0);
    // The next deploy sets the load balancer up again.
    await upsertLoadBalancer(platform, operation(), { region, name: 'chosen', application: 'chosen' });
    expect(await serviceOf('chosen')).toEqual(selector);
    const third = await make(platform, spec('chosen', 2, { capacity: SIZE }));
    expect(await reached('chosen')).toEqual([fresh.name, third.name]);
  });

  it('goes back where people have added to the selector that leaves it to one, and what they added stays', async () => {
    const { platform, old, fresh } = await takenOver('added');
    const added = { [trafficLabel('added')]: 'true', [LABELS.application]: 'added' };
    await bench.rest.must(
      'PATCH',
      `/api/v1/namespaces/${bench.region}/services/added?fieldManager=kubectl-edit`,
      { spec: { selector: { ...added, [LABELS.serverGroup]: fresh.name } } },
    );
    await enableServerGroup(platform, operation(), old);
    expect(await reached('added')).toEqual([old.name, fresh.name]);
    await disableServerGroup(platform, operation(), fresh);
    expect(await reached('added')).toEqual([old.name]);
    expect(await serviceOf('added')).toEqual(added);
  });

  it('is refused to a group that the selector keeps out for ever, which is named, also by the preview', async () => {
    const { platform, old } = await takenOver('shut');
    const { rest, region, spec } = bench;
    await rest.must('PATCH', `/api/v1/namespaces/${region}/services/shut?fieldManager=kubectl-edit`, {
      spec: { selector: { team: 'blue' } },
    });
    const refusal = { code: 'conflict', message: expect.stringContaining('selects team=blue') };
    await expect(enableServerGroup(platform, operation(), old)).rejects.toMatchObject(refusal);
    const next = spec('shut', 2, { capacity: SIZE, enabled: false });
    await expect(previewServerGroup(platform, next)).rejects.toMatchObject(refusal);
    for (const pod of await bench.podsOf(old))
      await rest.must('PATCH', `/api/v1/namespaces/${region}/pods/${pod.metadata?.name}`, {
        metadata: { labels: { team: 'blue' } },
      });
    await enableServerGroup(platform, operation(), old);
    expect(await reached('shut')).toEqual([old.name]);
    expect((await serviceOf('shut'))[LABELS.serverGroup]).toBeUndefined();
  });

  it('gets the label that somebody has taken out of its selector again, and the ones that stand by leave', async () => {
    const { platform, old, fresh } = await takenOver('replaced');
    const theirs = { [LABELS.application]: 'replaced' };
    await replaceSelector('replaced', theirs);
    await vi.waitFor(async () => expect(await reached('replaced')).toEqual([old.name, fresh.name]), EFFECT);
    const third = await bench.make(platform, bench.spec('replaced', 2, { capacity: SIZE }));
    expect(await reached('replaced')).toEqual([fresh.name, third.name]);
    expect(await serviceOf('replaced')).toEqual({ ...theirs, [trafficLabel('replaced')]: 'true' });
    await replaceSelector('replaced', theirs);
    await disableServerGroup(platform, operation(), fresh);
    expect(await reached('replaced')).toEqual([third.name]);
  });

  it('is refused, with the selector, where something takes the label out as often as it is written', async () => {
    const { platform, old, fresh } = await takenOver('fought');
    await enableServerGroup(platform, operation(), old);
    const theirs = { [LABELS.application]: 'fought' };
    await replaceSelector('fought', theirs);
    const fought = afterServiceWrite(platform, () => replaceSelector('fought', theirs));
    await expect(disableServerGroup(fought, operation(), fresh)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`selects ${LABELS.application}=fought and not`),
    });
  });

  it('reaches both when another is enabled at the moment at which it would be left to one', async () => {
    const platform = bench.platformWith();
    const { make, spec } = bench;
    const old = await make(platform, spec('both', 0, { capacity: SIZE }));
    const fresh = await make(platform, spec('both', 1, { capacity: SIZE }));
    const third = await make(platform, spec('both', 2, { capacity: SIZE, enabled: false }));
    // Decided by what was read before, written after the other one was done.
    const late = beforeServiceWrite(platform, () => enableServerGroup(platform, operation(), third));
    await disableServerGroup(late, operation(), old);
    expect(await reached('both')).toEqual([fresh.name, third.name]);
    expect(await bench.labelled(old, 'both')).toBe(0);
  });

  it('is not left to one whose pods the cluster has not put among the endpoints yet: pod by pod then', async () => {
    const platform = bench.platformWith();
    const { make, spec } = bench;
    const old = await make(platform, spec('slow', 0, { capacity: SIZE }));
    await make(platform, spec('slow', 1, { capacity: SIZE }));
    await disableServerGroup(withoutEndpoints(platform), operation(), old);
    expect(await serviceOf('slow')).toEqual({ [trafficLabel('slow')]: 'true' });
    expect(await bench.labelled(old, 'slow')).toBe(0);
  });

  it('has pods that stand by no more once their group is gone, before it lets others in', async () => {
    const { platform, old, fresh } = await takenOver('orphans');
    await withoutController(old, async () => {
      const third = await bench.make(platform, bench.spec('orphans', 2, { capacity: SIZE }));
      expect(await reached('orphans')).toEqual([fresh.name, third.name]);
    });
  });
});

/** As somebody's own manifest does that is put in the place of the Service. */
async function replaceSelector(name: string, selector: Record<string, string>): Promise<void> {
  const gone = { [trafficLabel(name)]: null, [LABELS.serverGroup]: null };
  await bench.rest.must('PATCH', `/api/v1/namespaces/${bench.region}/services/${name}`, {
    spec: { selector: { ...gone, ...selector } },
  });
}

/** The pods of a group as they are while their group is gone and nobody has collected them yet. */
async function withoutController({ region, name }: GroupRef, act: () => Promise<void>): Promise<void> {
  await bench.rest.must('DELETE', `/apis/apps/v1/namespaces/${region}/replicasets/${name}`, {
    propagationPolicy: 'Orphan',
  });
  await act();
}

function recording(platform: Platform): { writes: string[]; seen: Platform } {
  const writes: string[] = [];
  const merge: Platform['api']['merge'] = (kind, ref, patch, options) => {
    writes.push(`${kind} ${ref.name}`);
    return platform.api.merge(kind, ref, patch, options);
  };
  return { writes, seen: { ...platform, api: { ...platform.api, merge } } };
}

/** Something happens once, just before a Service is written. */
function beforeServiceWrite(platform: Platform, happens: () => Promise<void>): Platform {
  let pending = true;
  const merge: Platform['api']['merge'] = async (kind, ref, patch, options) => {
    if (kind === 'Service' && pending) {
      pending = false;
      await happens();
    }
    return platform.api.merge(kind, ref, patch, options);
  };
  return { ...platform, api: { ...platform.api, merge } };
}

/** Something happens after every write of a Service. */
function afterServiceWrite(platform: Platform, happens: () => Promise<void>): Platform {
  const merge: Platform['api']['merge'] = async (kind, ref, patch, options) => {
    const written = await platform.api.merge(kind, ref, patch, options);
    if (kind === 'Service') await happens();
    return written;
  };
  return { ...platform, api: { ...platform.api, merge } };
}

/** A cluster whose endpoints do not follow. */
function withoutEndpoints(platform: Platform): Platform {
  const list: Platform['api']['list'] = async (kind, where, signal) => {
    const found = await platform.api.list(kind, where, signal);
    return kind === 'EndpointSlice' ? { ...found, items: [] } : found;
  };
  return { ...platform, api: { ...platform.api, list } };
}
