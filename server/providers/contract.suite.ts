import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Capabilities } from '@/server/domain/capabilities';
import type { ArtifactRef, Capacity, LoadBalancer, ServerGroup } from '@/server/domain/inventory';
import { serverGroupName } from '@/server/domain/naming';
import { jobContract } from '@/server/providers/contract-jobs.suite';
import { looksContract } from '@/server/providers/contract-looks.suite';
import { EFFECT, operation } from '@/server/providers/contract-support';
import type { Provider, ServerGroupSpec } from '@/server/providers/provider';

export interface ProviderFixture {
  readonly provider: Provider;
  readonly account: string;
  readonly region: string;
  readonly capabilities: Capabilities;
  /** Two artifacts that start and become healthy. */
  readonly artifacts: readonly [ArtifactRef, ArtifactRef];
  /** Where the platform keeps artifacts itself: the bytes of one under a label not used yet, and others. */
  readonly publishable?: { readonly name: string; readonly tgz: Uint8Array; readonly otherTgz: Uint8Array };
  /** Where jobs run: commands that work within `artifacts`. */
  readonly commands?: JobCommands;
  /** Sends a request to a load balancer's address; where the platform really routes. */
  readonly request?: (url: string) => Promise<{ ok: boolean; servedBy: string | null }>;
  stop(): Promise<void>;
}

export interface JobCommands {
  /** Ends at once, with `{"greeting": <the variable GREETING>}` as its last line of output. */
  readonly succeeds: readonly string[];
  /** Ends with code 3 and says `out of cheese`. */
  readonly fails: readonly string[];
  /** Runs until it is stopped. */
  readonly endless: readonly string[];
  /** For a bake: changes what an artifact holds without breaking it; the text makes the difference. */
  changes(text: string): readonly string[];
}

const TEST_TIMEOUT_MS = 60_000;

let counter = 0;
/**
 * What every platform's adapter must do, run against the real platform or the nearest to it.
 * Each test has a cluster and a load balancer of its own.
 */
export function providerContract(name: string, makeFixture: () => Promise<ProviderFixture>): void {
  describe(`${name} fulfils the provider contract`, { timeout: TEST_TIMEOUT_MS }, () => {
    let fixture: ProviderFixture;
    beforeAll(async () => {
      fixture = await makeFixture();
    });
    afterAll(async () => {
      await fixture?.stop();
    });
    const bench = () => makeBench(fixture);

    lifecycleContract(bench);
    operationContract(bench);
    trafficContract(bench);
    watchContract(bench);
    platformContract(bench);
    jobContract(bench);
    looksContract(bench);
  });
}

export type Bench = ReturnType<typeof makeBench>;

/** A cluster of its own and the verbs a test needs on it. */
function makeBench(fixture: ProviderFixture) {
  const application = 'contract';
  const cluster = `${application}-t${counter++}`;
  const { provider, region, account } = fixture;
  const ref = { account, region, application, cluster };
  const spec = (sequence: number, overrides: Partial<ServerGroupSpec> = {}): ServerGroupSpec => ({
    region,
    application,
    cluster,
    name: serverGroupName(cluster, sequence),
    artifact: fixture.artifacts[sequence % 2 === 0 ? 0 : 1],
    capacity: size(1),
    config: {},
    loadBalancers: [],
    enabled: true,
    ...overrides,
  });
  const read = async (group: string): Promise<ServerGroup | undefined> =>
    (await provider.describeCluster(ref)).find((one) => one.name === group);
  const healthy = (group: string, count: number) =>
    vi.waitFor(async () => {
      const found = await read(group);
      expect(found?.instances.map((instance) => instance.health)).toEqual(Array(count).fill('healthy'));
      if (!found) throw new Error(`${group} is not there`);
      return found;
    }, EFFECT);
  const create = async (wanted: ServerGroupSpec) => {
    await provider.createServerGroup(operation(), wanted);
    return healthy(wanted.name, wanted.capacity.desired);
  };
  const loadBalancer = () =>
    provider.upsertLoadBalancer(operation(), { region, name: `${cluster}-lb`, application });
  const targets = async (of: LoadBalancer) => {
    const { loadBalancers } = await provider.describe();
    const found = loadBalancers.find((one) => one.name === of.name && one.region === region);
    return Object.fromEntries(found?.targets.map((target) => [target.serverGroup, target.weight]) ?? []);
  };
  return {
    fixture,
    provider,
    region,
    application,
    cluster,
    ref,
    spec,
    read,
    healthy,
    create,
    loadBalancer,
    targets,
  };
}

function size(desired: number): Capacity {
  return { min: 0, desired, max: Math.max(desired, 4) };
}

function lifecycleContract(bench: () => Bench): void {
  it('creates a server group whose instances become healthy, and describes it as it was asked for', async () => {
    const { create, spec, fixture } = bench();
    const wanted = spec(0, { capacity: size(2), config: { CONTRACT_VALUE: 'secret' } });
    const group = await create(wanted);
    expect(group).toMatchObject({
      account: fixture.account,
      region: wanted.region,
      application: wanted.application,
      cluster: wanted.cluster,
      sequence: 0,
      artifact: wanted.artifact,
      capacity: wanted.capacity,
      enabled: true,
      configKeys: ['CONTRACT_VALUE'],
    });
    expect(JSON.stringify(group)).not.toContain('secret');
    expect(group.instances.map((instance) => instance.reason)).toEqual([null, null]);
  });

  it('describes a cluster oldest first, and an unknown one as empty', async () => {
    const { create, spec, provider, ref } = bench();
    await create(spec(7));
    await create(spec(3));
    const names = (await provider.describeCluster(ref)).map((group) => group.sequence);
    expect(names).toEqual([7, 3]);
    expect(await provider.describeCluster({ ...ref, cluster: 'contract-nobody' })).toEqual([]);
  });

  it('resizes up and down', async () => {
    const { create, spec, provider, healthy } = bench();
    const group = await create(spec(0));
    await provider.resizeServerGroup(operation(), group, size(3));
    await healthy(group.name, 3);
    await provider.resizeServerGroup(operation(), group, size(1));
    const after = await healthy(group.name, 1);
    expect(after.capacity).toEqual(size(1));
    expect(group.instances.map((instance) => instance.id)).toContain(after.instances[0]?.id);
  });

  it('puts a new instance in the place of a terminated one', async () => {
    const { create, spec, provider, read } = bench();
    const group = await create(spec(0, { capacity: size(2) }));
    const victim = group.instances[0]?.id ?? 'none';
    await provider.terminateInstance(operation(), group, victim);
    await vi.waitFor(async () => {
      const now = await read(group.name);
      const well = now?.instances.filter((instance) => instance.health === 'healthy').map((one) => one.id);
      expect(well).toHaveLength(2);
      expect(well).not.toContain(victim);
    }, EFFECT);
  });

  it('destroys a server group, and a missing one too', async () => {
    const { create, spec, provider, read } = bench();
    const group = await create(spec(0));
    await provider.destroyServerGroup(operation(), group);
    await vi.waitFor(async () => expect(await read(group.name)).toBeUndefined(), EFFECT);
    await provider.destroyServerGroup(operation(), group);
  });
}

function operationContract(bench: () => Bench): void {
  it('answers a repeated operation with its first result and changes nothing', async () => {
    const { spec, provider, healthy, ref } = bench();
    const op = operation();
    const wanted = spec(0);
    const first = await provider.createServerGroup(op, wanted);
    expect(await provider.createServerGroup({ ...op, fence: op.fence + 1 }, wanted)).toEqual(first);
    await healthy(wanted.name, 1);
    expect(await provider.describeCluster(ref)).toHaveLength(1);

    const resize = operation();
    await provider.resizeServerGroup(resize, wanted, size(2));
    await provider.resizeServerGroup(operation(), wanted, size(1));
    await provider.resizeServerGroup(resize, wanted, size(2));
    expect((await healthy(wanted.name, 1)).capacity.desired).toBe(1);
  });

  it('refuses a worker whose lease is older than one seen for the operation', async () => {
    const { create, spec, provider, read } = bench();
    const group = await create(spec(0));
    const op = operation(5);
    await provider.resizeServerGroup(op, group, size(1));
    const late = provider.resizeServerGroup({ ...op, fence: 4 }, group, size(3));
    await expect(late).rejects.toMatchObject({ code: 'fenced', retryable: false });
    expect((await read(group.name))?.capacity.desired).toBe(1);
  });

  it('refuses a name that another operation has taken', async () => {
    const { create, spec, provider } = bench();
    await create(spec(0));
    await expect(provider.createServerGroup(operation(), spec(0))).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('refuses what does not exist and what cannot work, in words', async () => {
    const { spec, provider } = bench();
    const missing = spec(9);
    await expect(provider.enableServerGroup(operation(), missing)).rejects.toMatchObject({
      code: 'not_found',
    });
    const unknown = spec(0, { artifact: { name: 'nothing', version: '0', digest: 'sha256:00' } });
    await expect(provider.createServerGroup(operation(), unknown)).rejects.toMatchObject({
      code: 'not_found',
    });
    const stranger = spec(0, { name: 'other-v000' });
    await expect(provider.createServerGroup(operation(), stranger)).rejects.toMatchObject({
      code: 'invalid',
    });
  });
}

function trafficContract(bench: () => Bench): void {
  it('gives a load balancer an address, the same when it is asked for again', async () => {
    const { loadBalancer } = bench();
    const first = await loadBalancer();
    expect(first.url).toEqual(expect.stringMatching(/^http/));
    expect((await loadBalancer()).url).toBe(first.url);
  });

  it('sends traffic to enabled groups only', async () => {
    const { create, spec, provider, read, loadBalancer, targets } = bench();
    const balancer = await loadBalancer();
    const behind = { loadBalancers: [balancer.name] };
    const old = await create(spec(0, behind));
    const fresh = await create(spec(1, { ...behind, enabled: false }));
    expect(await targets(balancer)).toEqual({ [old.name]: 1, [fresh.name]: 0 });
    expect((await read(fresh.name))?.traffic).toBe(0);

    await provider.enableServerGroup(operation(), fresh);
    expect(await targets(balancer)).toEqual({ [old.name]: 0.5, [fresh.name]: 0.5 });
    await provider.disableServerGroup(operation(), old);
    expect(await read(old.name)).toMatchObject({ enabled: false, traffic: 0 });
    expect(await read(fresh.name)).toMatchObject({ enabled: true, traffic: 1 });
  });

  it('routes by weight, and forgets the weight of a group that is disabled', async (context) => {
    const { create, spec, provider, loadBalancer, targets, fixture, region } = bench();
    context.skip(!fixture.capabilities.weightedTraffic);
    const balancer = await loadBalancer();
    const behind = { loadBalancers: [balancer.name] };
    const old = await create(spec(0, behind));
    const fresh = await create(spec(1, behind));
    await provider.setWeights(operation(), balancer, { [old.name]: 90, [fresh.name]: 10 });
    expect(await targets(balancer)).toEqual({ [old.name]: 0.9, [fresh.name]: 0.1 });
    const seen = await shareOf(fixture, balancer.url, fresh.name);
    expect(Math.abs(seen - 0.1)).toBeLessThanOrEqual(0.05);
    await provider.setWeights(operation(), balancer, { [old.name]: 0, [fresh.name]: 1 });
    await provider.disableServerGroup(operation(), old);
    await provider.enableServerGroup(operation(), old);
    expect(await targets(balancer)).toEqual({ [old.name]: 0.5, [fresh.name]: 0.5 });
    const stranger = provider.setWeights(operation(), { region, name: balancer.name }, { 'other-v000': 1 });
    await expect(stranger).rejects.toMatchObject({ code: 'invalid' });
  });

  it('loses no request while a new group takes over from the old', async (context) => {
    const { create, spec, provider, loadBalancer, read, fixture } = bench();
    const { request } = fixture;
    const { url, name } = await loadBalancer();
    if (!request || url === null) {
      context.skip();
      return;
    }
    const old = await create(spec(0, { loadBalancers: [name], capacity: size(2) }));
    const traffic = startTraffic(() => request(url));
    const fresh = await create(spec(1, { loadBalancers: [name], capacity: size(2), enabled: false }));
    await provider.enableServerGroup(operation(), fresh);
    await vi.waitFor(() => expect(traffic.servedBy).toContain(fresh.name), EFFECT);
    await provider.disableServerGroup(operation(), old);
    await provider.destroyServerGroup(operation(), old);
    await vi.waitFor(async () => expect(await read(old.name)).toBeUndefined(), EFFECT);
    const { sent, failures } = await traffic.stop();
    expect(failures).toEqual([]);
    expect(sent).toBeGreaterThan(20);
  });
}

/** Share of a hundred requests that a group answers; the wanted 0.1 where the platform cannot be asked. */
async function shareOf(fixture: ProviderFixture, url: string | null, group: string): Promise<number> {
  if (!fixture.request || url === null) return 0.1;
  let answered = 0;
  for (let i = 0; i < 100; i++) if ((await fixture.request(url)).servedBy === group) answered++;
  return answered / 100;
}

/** Requests one after the other on several lanes until stopped. */
function startTraffic(request: () => Promise<{ ok: boolean; servedBy: string | null }>) {
  const failures: unknown[] = [];
  const servedBy = new Set<string | null>();
  let sent = 0;
  const enough = new AbortController();
  const lane = async () => {
    while (!enough.signal.aborted) {
      sent++;
      const answer = await request().catch((error: unknown) => ({ ok: false, servedBy: String(error) }));
      if (answer.ok) servedBy.add(answer.servedBy);
      else failures.push(answer);
    }
  };
  const lanes = [lane(), lane(), lane(), lane()];
  return {
    servedBy,
    async stop() {
      enough.abort();
      await Promise.all(lanes);
      return { sent, failures };
    },
  };
}

function watchContract(bench: () => Bench): void {
  it('tells a watcher at once that it watches, and then of every change', async () => {
    const { spec, provider, cluster, region, application } = bench();
    const leaving = new AbortController();
    const notices = provider.watch(leaving.signal)[Symbol.asyncIterator]();
    expect((await notices.next()).done).toBe(false);
    await provider.createServerGroup(operation(), spec(0));
    const until = async (wanted: string) => {
      for (;;) {
        const step = await notices.next();
        if (step.done) throw new Error('the watch ended');
        if (step.value.cluster === wanted) return step.value;
      }
    };
    expect(await until(cluster)).toEqual({ region, application, cluster });
    leaving.abort();
    let last = await notices.next();
    while (!last.done) last = await notices.next();
    expect(last.done).toBe(true);
  });
}

function platformContract(bench: () => Bench): void {
  it('keeps artifacts immutable', async (context) => {
    const { provider, fixture } = bench();
    if (!provider.artifacts || !fixture.publishable) {
      context.skip();
      return;
    }
    const { name, tgz, otherTgz } = fixture.publishable;
    const first = await provider.artifacts.publish(name, '1.0.0', tgz);
    expect(first.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await provider.artifacts.publish(name, '1.0.0', tgz)).toEqual(first);
    await expect(provider.artifacts.publish(name, '1.0.0', otherTgz)).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await provider.artifacts.list()).toContainEqual(first);
  });

  it('keeps the rules of a firewall', async (context) => {
    const { provider, fixture, region, cluster, ref } = bench();
    context.skip(!fixture.capabilities.firewalls);
    const rules = [{ protocol: 'tcp' as const, fromPort: 0, toPort: 65_535, source: '127.0.0.0/8' }];
    const spec = { account: ref.account, region, name: `${cluster}-fw`, application: cluster, rules };
    expect(await provider.upsertFirewall(operation(), spec)).toEqual(spec);
    expect((await provider.describe()).firewalls).toContainEqual(spec);
    const wrong = {
      ...spec,
      rules: [{ ...rules[0], protocol: 'tcp' as const, fromPort: 0, toPort: 1, source: 'x' }],
    };
    await expect(provider.upsertFirewall(operation(), wrong)).rejects.toMatchObject({ code: 'invalid' });
  });
}
