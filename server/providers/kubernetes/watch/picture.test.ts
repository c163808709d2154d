import { beforeEach, describe, expect, it } from 'vitest';
import { Picture } from '@/server/providers/kubernetes/watch/picture';
import { type SeenKind, seen } from '@/server/providers/kubernetes/watch/seen';
import { Store } from '@/server/providers/kubernetes/watch/store';
import { ANNOTATIONS, LABELS, trafficLabel } from '@/server/providers/kubernetes/words/labels';

const AT = '2026-05-01T10:00:00Z';

let store: Store;
let picture: Picture;
let version: number;

beforeEach(() => {
  store = new Store('prod');
  picture = new Picture(store);
  version = 0;
});

const inventory = () => picture.inventory(Date.parse(AT));
const group = (name: string) => inventory().serverGroups.find((one) => one.name === name);
const targets = (name: string) => {
  const found = inventory().loadBalancers.find((one) => one.name === name);
  return Object.fromEntries(found?.targets.map((one) => [one.serverGroup, one.weight]) ?? []);
};

/** As the API would tell of it: with a new version each time. */
function put(kind: SeenKind, name: string, metadata: object, rest: object = {}): void {
  version += 1;
  const made = { uid: `${kind}/${name}`, namespace: 'shop', name, creationTimestamp: AT };
  const object = { metadata: { ...made, resourceVersion: String(version), ...metadata }, ...rest };
  // Objects as they are on the wire: only what a case is about.
  store.put(seen(kind, object as never));
}

const owned = (kind: SeenKind, name: string) => ({
  ownerReferences: [{ apiVersion: 'v1', kind, name, uid: `${kind}/${name}`, controller: true }],
});

function ourGroup(name: string, { replicas = 2, enabled = true, balancers = ['web-lb'] } = {}): void {
  const labels = { [LABELS.cluster]: 'web', [LABELS.serverGroup]: name, [LABELS.application]: 'web' };
  const annotations = {
    [ANNOTATIONS.artifactName]: 'web',
    [ANNOTATIONS.enabled]: String(enabled),
    [ANNOTATIONS.loadBalancers]: JSON.stringify(balancers),
    [ANNOTATIONS.capacityMin]: '1',
    [ANNOTATIONS.capacityMax]: '4',
    [ANNOTATIONS.configKeys]: '["PASSWORD"]',
  };
  const containers = [{ name: 'main', image: 'web:1', env: [{ name: 'PASSWORD', value: 'hidden' }] }];
  put(
    'ReplicaSet',
    name,
    { labels, annotations },
    { spec: { replicas, template: { spec: { containers } } } },
  );
}

function pods(owner: SeenKind, of: string, count: number, labels: Record<string, string> = {}): void {
  for (let index = 0; index < count; index++)
    put(
      'Pod',
      `${of}-${index}`,
      { ...owned(owner, of), labels },
      {
        status: { phase: 'Running', startTime: AT, conditions: [{ type: 'Ready', status: 'True' }] },
      },
    );
}

function slice(service: string, ready: readonly string[], name = `${service}-1`, more: object = {}): void {
  const endpoints = ready.map((pod) => ({
    targetRef: { uid: `Pod/${pod}` },
    conditions: { ready: true, ...more },
  }));
  put('EndpointSlice', name, { labels: { 'kubernetes.io/service-name': service } }, { endpoints });
}

function balancer(name: string): void {
  const labels = { [LABELS.loadBalancer]: name, [LABELS.application]: 'web' };
  put(
    'Service',
    name,
    { labels },
    { spec: { selector: { [trafficLabel(name)]: 'true' }, ports: [{ port: 8080 }] } },
  );
}

const LETS_IN = { [trafficLabel('web-lb')]: 'true' };

describe('server groups of ours', () => {
  beforeEach(() => {
    balancer('web-lb');
    ourGroup('web-v000');
    pods('ReplicaSet', 'web-v000', 2, LETS_IN);
  });

  it('stand ill for the pods that the cluster refuses them, with its reason', () => {
    const labels = { [LABELS.cluster]: 'web', [LABELS.serverGroup]: 'web-v001' };
    const message = 'pods "web-v001-" is forbidden: exceeded quota';
    const refused = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message };
    const spec = { replicas: 2 };
    put('ReplicaSet', 'web-v001', { labels }, { spec, status: { conditions: [refused] } });
    const ill = { id: 'web-v001-refused', health: 'down', reason: message, blocked: message };
    expect(group('web-v001')?.instances).toMatchObject([ill]);
    pods('ReplicaSet', 'web-v001', 2);
    expect(group('web-v001')?.instances.map(({ id }) => id)).not.toContain(ill.id);
  });

  it('are as they were asked for, with names of configuration and never values', () => {
    slice('web-lb', ['web-v000-0', 'web-v000-1']);
    expect(group('web-v000')).toMatchObject({
      application: 'web',
      cluster: 'web',
      sequence: 0,
      capacity: { min: 1, desired: 2, max: 4 },
      enabled: true,
      traffic: 1,
      configKeys: ['PASSWORD'],
    });
    expect(group('web-v000')?.managedBy).toBeUndefined();
    expect(JSON.stringify(inventory())).not.toContain('hidden');
  });

  it('start until the load balancer knows a pod that is ready', () => {
    slice('web-lb', ['web-v000-0']);
    expect(group('web-v000')?.instances.map((one) => [one.health, one.reason])).toEqual([
      ['healthy', null],
      ['starting', 'ready, and not yet behind web-lb'],
    ]);
  });

  it('are as well as their pods where these are left out of traffic, which they tell', () => {
    pods('ReplicaSet', 'web-v000', 1);
    slice('web-lb', ['web-v000-1']);
    const leftOut = () => group('web-v000')?.instances.map((one) => one.outOfTraffic ?? false);
    expect(group('web-v000')?.instances.map((one) => one.health)).toEqual(['healthy', 'healthy']);
    expect(leftOut()).toEqual([true, false]);
    ourGroup('web-v000', { enabled: false });
    expect(leftOut()).toEqual([false, false]);
  });

  it('get requests by a pod that is ready in one slice while another lags behind', () => {
    slice('web-lb', ['web-v000-0'], 'a');
    slice('web-lb', ['web-v000-0'], 'b', { ready: false });
    expect(group('web-v000')?.traffic).toBe(1);
  });

  it('share by ready endpoints over all slices, each pod once, and are named when they get nothing', () => {
    ourGroup('web-v001');
    ourGroup('web-v002', { enabled: false });
    pods('ReplicaSet', 'web-v001', 2, LETS_IN);
    slice('web-lb', ['web-v000-0', 'web-v000-1', 'web-v001-0'], 'a');
    slice('web-lb', ['web-v001-0', 'web-v001-1'], 'b');
    expect(targets('web-lb')).toEqual({ 'web-v000': 0.5, 'web-v001': 0.5, 'web-v002': 0 });
    slice('web-lb', [], 'b');
    expect(group('web-v001')?.traffic).toBeCloseTo(1 / 3);
    expect(group('web-v000')?.traffic).toBeCloseTo(2 / 3);
  });

  it('share by the weights of their route, among those that have endpoints', () => {
    ourGroup('web-v001');
    pods('ReplicaSet', 'web-v001', 1, LETS_IN);
    slice('web-v000', ['web-v000-0', 'web-v000-1']);
    slice('web-v001', ['web-v001-0']);
    const route = (...backendRefs: { name: string; weight: number }[]) =>
      put(
        'HTTPRoute',
        'web-lb',
        { labels: { [LABELS.loadBalancer]: 'web-lb' } },
        { spec: { rules: [{ backendRefs }] } },
      );
    slice('web-lb', ['web-v000-0', 'web-v000-1', 'web-v001-0']);
    route({ name: 'web-v000', weight: 90 }, { name: 'web-v001', weight: 10 });
    expect(targets('web-lb')).toEqual({ 'web-v000': 0.9, 'web-v001': 0.1 });
    expect(group('web-v001')?.traffic).toBeCloseTo(0.1);
    expect(inventory().loadBalancers[0]).toMatchObject({ sharedBy: 'weights' });

    slice('web-v001', []);
    expect(targets('web-lb')).toEqual({ 'web-v000': 1, 'web-v001': 0 });
    route({ name: 'web-v001', weight: 1 });
    expect(group('web-v000')?.traffic).toBe(0);
  });

  it('are gone with their ReplicaSet', () => {
    inventory();
    store.remove('ReplicaSet', 'shop', 'web-v000');
    expect(group('web-v000')).toBeUndefined();
    expect(targets('web-lb')).toEqual({});
  });
});

describe('what others made', () => {
  const app = { 'app.kubernetes.io/name': 'cart' };

  it('shows the ReplicaSets of a Deployment that count, under its name', () => {
    const revision = (number: string) => ({ annotations: { 'deployment.kubernetes.io/revision': number } });
    const template = { spec: { containers: [{ name: 'main', image: 'cart:7' }] } };
    put(
      'ReplicaSet',
      'cart-old',
      { ...owned('Deployment', 'cart'), labels: app, ...revision('1') },
      { spec: { replicas: 0, template } },
    );
    put(
      'ReplicaSet',
      'cart-new',
      { ...owned('Deployment', 'cart'), labels: app, ...revision('2') },
      { spec: { replicas: 1, template } },
    );
    put('Deployment', 'cart', { labels: app, ...revision('2') });
    pods('ReplicaSet', 'cart-new', 1);
    slice('cart', ['cart-new-0']);
    put('Service', 'cart', {}, { spec: { selector: { app: 'x' }, ports: [{ port: 80 }] } });
    expect(inventory().serverGroups).toMatchObject([
      {
        application: 'cart',
        cluster: 'cart',
        name: 'cart-new',
        sequence: 2,
        managedBy: { kind: 'Deployment', name: 'cart' },
        artifact: { name: 'cart', version: '7' },
        loadBalancers: ['cart'],
        traffic: 1,
      },
    ]);
  });

  it('shows a StatefulSet and a DaemonSet', () => {
    put('StatefulSet', 'db', {}, { spec: { replicas: 3 } });
    put('DaemonSet', 'agent', { labels: { app: 'agents' } }, { status: { desiredNumberScheduled: 5 } });
    expect(inventory().serverGroups).toMatchObject([
      {
        application: 'agents',
        cluster: 'agent',
        capacity: { desired: 5 },
        managedBy: { kind: 'DaemonSet', name: 'agent' },
      },
      {
        application: 'db',
        cluster: 'db',
        capacity: { desired: 3 },
        managedBy: { kind: 'StatefulSet', name: 'db' },
      },
    ]);
  });

  it('reads what Spinnaker says of its own', () => {
    const annotations = {
      'moniker.spinnaker.io/application': 'shop',
      'moniker.spinnaker.io/cluster': 'replicaSet shop-web',
      'moniker.spinnaker.io/sequence': '12',
      'traffic.spinnaker.io/load-balancers': '["service shop-svc"]',
    };
    put('ReplicaSet', 'shop-web-v012', { annotations }, { spec: { replicas: 1 } });
    expect(group('shop-web-v012')).toMatchObject({
      application: 'shop',
      cluster: 'shop-web',
      sequence: 12,
      managedBy: { kind: 'Spinnaker', name: 'shop' },
      loadBalancers: ['shop-svc'],
      enabled: false,
    });
  });

  it('shows the revisions of a Knative service instead of what they are made of', () => {
    const labels = { 'serving.knative.dev/service': 'hello', 'serving.knative.dev/revision': 'hello-00001' };
    put(
      'ReplicaSet',
      'hello-00001-rs',
      { ...owned('Deployment', 'hello-00001'), labels },
      { spec: { replicas: 1 } },
    );
    put(
      'KnativeRevision',
      'hello-00001',
      { labels },
      { spec: { containers: [{ image: 'hello:1' }] }, status: { desiredReplicas: 1 } },
    );
    put(
      'KnativeRevision',
      'hello-00002',
      { labels: { ...labels, 'serving.knative.dev/revision': 'hello-00002' } },
      { spec: {}, status: {} },
    );
    pods('ReplicaSet', 'hello-00001-rs', 1, labels);
    const traffic = [
      { revisionName: 'hello-00001', percent: 70 },
      { revisionName: 'hello-00002', percent: 30 },
    ];
    put('KnativeService', 'hello', {}, { status: { url: 'http://hello.example', traffic } });
    expect(inventory().serverGroups).toMatchObject([
      { name: 'hello-00001', cluster: 'hello', traffic: 0.7, instances: [{ id: 'hello-00001-rs-0' }] },
      {
        name: 'hello-00002',
        traffic: 0.3,
        enabled: true,
        instances: [],
        managedBy: { kind: 'Knative Service', name: 'hello' },
      },
    ]);
    expect(targets('hello')).toEqual({ 'hello-00001': 0.7, 'hello-00002': 0.3 });
  });

  it('follows an Ingress to the groups behind its Services', () => {
    put('StatefulSet', 'db', {}, { spec: { replicas: 1 } });
    pods('StatefulSet', 'db', 1);
    slice('db', ['db-0']);
    const paths = [{ path: '/', backend: { service: { name: 'db' } } }];
    put('Ingress', 'db', {}, { spec: { rules: [{ host: 'db.example', http: { paths } }] } });
    expect(inventory().loadBalancers).toMatchObject([
      { name: 'db.ingress', kind: 'Ingress', application: 'db', url: 'http://db.example' },
    ]);
    expect(targets('db.ingress')).toEqual({ db: 1 });
  });

  it('leaves out jobs, pods that nobody keeps, and Services that balance nothing', () => {
    put('Pod', 'alone', {});
    put('Pod', 'migrate-1', owned('Job', 'migrate'));
    put('Service', 'headless', {}, { spec: { clusterIP: 'None', selector: { app: 'x' } } });
    put('Service', 'outside', {}, { spec: { type: 'ExternalName' } });
    expect(inventory()).toEqual({ serverGroups: [], loadBalancers: [], firewalls: [] });
  });
});

describe('what is looked at again', () => {
  beforeEach(() => {
    for (const name of ['a', 'b']) {
      put('StatefulSet', name, {}, { spec: { replicas: 2 } });
      pods('StatefulSet', name, 2);
      put('Service', name, {}, { spec: { selector: { app: name } } });
      slice(name, [`${name}-0`, `${name}-1`]);
    }
    inventory();
    store.dirt.takeNotices();
  });

  it('is the same object as before where nothing changed', () => {
    const before = inventory();
    expect(inventory()).toBe(before);
    slice('b', ['b-0']);
    const after = inventory();
    expect(after.serverGroups[0]).toBe(before.serverGroups[0]);
    put('Pod', 'a-0', owned('StatefulSet', 'a'), { status: { phase: 'Failed' } });
    expect(inventory().serverGroups[0]).not.toBe(before.serverGroups[0]);
    expect(inventory().serverGroups[1]).toBe(after.serverGroups[1]);
  });

  it('is nothing where an object came again as it was, or with what nobody sees', () => {
    const before = inventory();
    const again = { ...owned('StatefulSet', 'a'), resourceVersion: 'same' };
    const status = { phase: 'Running', startTime: AT, conditions: [{ type: 'Ready', status: 'True' }] };
    put('Pod', 'a-0', again, { status });
    store.dirt.takeNotices();
    put('Pod', 'a-0', again, { status });
    expect(store.dirt.takeNotices()).toEqual([]);
    expect(inventory().serverGroups[0]).toBe(before.serverGroups[0]);
  });

  it('is told of with its cluster, once', () => {
    put('Pod', 'a-0', owned('StatefulSet', 'a'), { status: { phase: 'Failed' } });
    put('Pod', 'a-1', owned('StatefulSet', 'a'), { status: { phase: 'Failed' } });
    expect(store.dirt.takeNotices()).toEqual([{ region: 'shop', application: 'a', cluster: 'a' }]);
    expect(store.dirt.takeNotices()).toEqual([]);
  });

  it('is what a new list says: what is not in it is gone, what is the same is not news', () => {
    const before = inventory();
    store.prune('Pod', 'shop', new Set(['shop/a-0', 'shop/a-1', 'shop/b-0']));
    expect(store.dirt.takeNotices()).toEqual([{ region: 'shop', application: 'b', cluster: 'b' }]);
    expect(group('b')?.instances).toHaveLength(1);
    expect(group('a')).toBe(before.serverGroups[0]);
  });

  it('forgets the forerunner of an object that came again under its name', () => {
    put('StatefulSet', 'a', { uid: 'another' }, { spec: { replicas: 7 } });
    expect(inventory().serverGroups.filter((one) => one.name === 'a')).toMatchObject([
      { capacity: { desired: 7 }, instances: [] },
    ]);
  });
});

it('shows workloads of several kinds and one name side by side, and calls what is left by its own name', () => {
  put('DaemonSet', 'agent', {}, { status: { desiredNumberScheduled: 1 } });
  put('StatefulSet', 'agent', {}, { spec: { replicas: 1 } });
  put('Pod', 'agent-node', owned('DaemonSet', 'agent'), { status: { phase: 'Running', startTime: AT } });
  put('Pod', 'agent-0', owned('StatefulSet', 'agent'), { status: { phase: 'Running', startTime: AT } });
  const shown = () =>
    inventory().serverGroups.map(({ name, managedBy, instances }) => [
      name,
      managedBy?.kind,
      instances.map(({ id }) => id),
    ]);
  expect(shown()).toEqual([
    ['agent', 'StatefulSet', ['agent-0']],
    ['agent.daemonset', 'DaemonSet', ['agent-node']],
  ]);
  store.remove('StatefulSet', 'shop', 'agent');
  expect(shown()).toEqual([['agent', 'DaemonSet', ['agent-node']]]);
});
