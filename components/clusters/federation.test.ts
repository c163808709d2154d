import { expect, it } from 'vitest';
import {
  columnsOf,
  federated,
  isByInstances,
  isServerless,
  newestOf,
  ownerOf,
  unknownNow,
  unseenOf,
} from '@/components/clusters/federation.view';
import type { Instance, InstanceHealth } from '@/server/domain/inventory';
import type { ClusterView, ServerGroupView } from '@/server/domain/views/application';

function instance(id: string, health: InstanceHealth): Instance {
  const startedAt = '2026-11-21T00:00:00.000Z';
  return { id, health, startedAt, reason: null, address: null, restarts: 0, memoryBytes: null };
}

function group(account: string, changes: Partial<ServerGroupView> = {}): ServerGroupView {
  return {
    account,
    region: 'eu',
    application: 'shop',
    cluster: 'shop-prod',
    name: 'shop-prod-v001',
    sequence: 1,
    artifact: { name: 'shop', version: '1', digest: 'sha256:1' },
    capacity: { min: 1, desired: 2, max: 2 },
    instances: [instance('a', 'healthy'), instance('b', 'down')],
    enabled: true,
    traffic: 1,
    loadBalancers: [],
    createdAt: '2026-11-21T00:00:00.000Z',
    configKeys: [],
    seenAt: '2026-11-21T00:00:00.000Z',
    vetoed: null,
    ...changes,
  };
}

function cluster(account: string, name: string, serverGroups = [group(account)]): ClusterView {
  const regions = [{ region: 'eu', loadBalancers: [], serverGroups }];
  const platform = { kind: 'local', label: 'Local cloud' };
  return { name, account, platform, environment: null, pin: null, change: null, regions };
}

it('puts a cluster of the same name in several accounts into one', () => {
  const all = federated([cluster('a', 'shop-prod'), cluster('a', 'shop-test'), cluster('b', 'shop-prod')]);
  expect(all.map(({ name, places }) => [name, places.map(({ account }) => account)])).toEqual([
    ['shop-prod', ['a', 'b']],
    ['shop-test', ['a']],
  ]);
});

it('has a column per account and region, with the instances that may take traffic', () => {
  const kept = group('b', { name: 'shop-prod-v000', enabled: false });
  const name = 'shop-prod';
  const places = [cluster('a', name), cluster('b', name, [group('b'), kept]), cluster('c', name, [])];
  expect(
    columnsOf({ name, places }).map(({ account, healthy, instances }) => [account, healthy, instances]),
  ).toEqual([
    ['a', 1, 2],
    ['b', 1, 2],
    ['c', 0, 0],
  ]);
});

it('knows an owner only where nothing is ours and nobody has set it up', () => {
  const managedBy = { kind: 'Deployment', name: 'shop' };
  const theirs = group('a', { managedBy });
  expect(ownerOf(cluster('a', 'shop', [theirs]))).toEqual(managedBy);
  expect(ownerOf(cluster('a', 'shop', [theirs, group('a')]))).toBeNull();
  expect(ownerOf({ ...cluster('a', 'shop', [theirs]), environment: 'prod' })).toBeNull();
  expect(ownerOf(cluster('a', 'shop', []))).toBeNull();
});

it('says that shares come from instances when any load balancer has no weights', () => {
  expect(isByInstances([{ sharedBy: 'weights' }, { sharedBy: 'instances' }])).toBe(true);
  expect(isByInstances([{ sharedBy: 'weights' }, {}])).toBe(false);
});

it('knows which accounts cannot be seen, and why', () => {
  const account = { provider: 'local', seenAt: null, cause: null };
  const unseen = unseenOf([
    { ...account, account: 'a', error: null },
    { ...account, account: 'b', error: 'no answer' },
  ]);
  expect([...unseen.keys()]).toEqual(['b']);
  expect(unseen.get('b')?.error).toBe('no answer');
});

it('takes an account as it was seen last, and a loss at once', () => {
  const seen = (at: string, error: string | null = null) => ({
    account: 'prod',
    provider: 'local',
    seenAt: `2026-11-21T00:00:${at}.000Z`,
    error,
    cause: null,
  });
  expect(newestOf([seen('05')], undefined)).toEqual([seen('05')]);
  expect(newestOf([seen('05')], [seen('15')])).toEqual([seen('15')]);
  expect(newestOf([seen('15')], [seen('05')])).toEqual([seen('15')]);
  expect(newestOf([seen('05')], [seen('05', 'no answer')])).toEqual([seen('05', 'no answer')]);
  expect(newestOf([seen('05', 'no answer')], [seen('05')])).toEqual([seen('05', 'no answer')]);
});

it('counts a function as one, and knows where functions run', () => {
  const serverless = { state: 'active' as const, reason: null, revision: '7' };
  const place = cluster('a', 'shop-prod', [group('a', { instances: [], serverless })]);
  expect(columnsOf({ name: 'shop-prod', places: [place] })).toMatchObject([{ healthy: 1, instances: 1 }]);
  expect([isServerless(place), isServerless(cluster('b', 'shop-prod')), isServerless(undefined)]).toEqual([
    true,
    false,
    false,
  ]);
});

it('knows nothing of instances whose account cannot be seen, but how they were', () => {
  const stuck: Instance = { ...instance('c', 'down'), blocked: 'no image', outOfTraffic: true };
  const seen = group('a', { instances: [instance('a', 'healthy'), stuck] });
  const now = unknownNow(seen, (health) => `${health} when last seen`);
  expect(now.instances).toEqual([
    { ...instance('a', 'unknown'), reason: 'healthy when last seen' },
    { ...instance('c', 'unknown'), reason: 'down when last seen' },
  ]);
  expect(now.enabled).toBe(true);
});
