import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { unitsOf } from '@/server/domain/units';
import { type Declared, declared, type ProviderFixture } from '@/server/providers/contract-fixture';
import { jobContract } from '@/server/providers/contract-jobs.suite';
import { looksContract } from '@/server/providers/contract-looks.suite';
import { type Bench, EFFECT, makeBench, operation, size } from '@/server/providers/contract-support';
import { trafficContract } from '@/server/providers/contract-traffic.suite';

const TEST_TIMEOUT_MS = 60_000;

/**
 * What every platform's adapter must do, run against the real platform or the nearest to it.
 * Each test has a cluster and a load balancer of its own.
 */
export function providerContract(
  name: string,
  declares: Declared,
  makeFixture: () => Promise<ProviderFixture>,
): void {
  describe(`${name} fulfils the provider contract`, { timeout: TEST_TIMEOUT_MS }, () => {
    let fixture: ProviderFixture;
    beforeAll(async () => {
      fixture = await makeFixture();
    });
    afterAll(async () => {
      await fixture?.stop();
    });
    const bench = () => makeBench(fixture);

    lifecycleContract(bench, declares);
    operationContract(bench, declares);
    trafficContract(bench, declares);
    watchContract(bench);
    platformContract(bench, declares);
    jobContract(bench, declares);
    looksContract(bench, declares);
    declarationContract(bench, declares);
  });
}

function lifecycleContract(bench: () => Bench, { capabilities }: Declared): void {
  if (capabilities.instances) instanceContract(bench);
  else serverlessContract(bench);
  it('creates a server group that becomes healthy, and describes it as it was asked for', async () => {
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
      enabled: true,
      configKeys: ['CONTRACT_VALUE'],
    });
    expect(JSON.stringify(group)).not.toContain('secret');
    expect(unitsOf(group).every(({ reason }) => reason === null)).toBe(true);
  });

  it('describes a cluster oldest first, and an unknown one as empty', async () => {
    const { create, spec, provider, ref } = bench();
    await create(spec(7));
    await create(spec(3));
    const names = (await provider.describeCluster(ref)).map((group) => group.sequence);
    expect(names).toEqual([7, 3]);
    expect(await provider.describeCluster({ ...ref, cluster: 'contract-nobody' })).toEqual([]);
  });

  it('destroys a server group, and a missing one too', async () => {
    const { create, spec, provider, read } = bench();
    const group = await create(spec(0));
    await provider.destroyServerGroup(operation(), group);
    await vi.waitFor(async () => expect(await read(group.name)).toBeUndefined(), EFFECT);
    await provider.destroyServerGroup(operation(), group);
  });
}

/** Groups that consist of instances. */
function instanceContract(bench: () => Bench): void {
  it('gives a group as many instances as it was asked for', async () => {
    const { create, spec } = bench();
    const wanted = spec(0, { capacity: size(2) });
    expect(await create(wanted)).toMatchObject({ capacity: wanted.capacity, instances: [{}, {}] });
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
}

/** Groups that the platform runs when requests come. */
function serverlessContract(bench: () => Bench): void {
  it('shows no instances but a state, and refuses to resize or terminate any in words', async () => {
    const { create, spec, provider } = bench();
    const group = await create(spec(0, { capacity: size(3) }));
    expect(group).toMatchObject({
      capacity: { min: 1, desired: 1, max: 1 },
      instances: [],
      serverless: { state: 'active' },
    });
    const resized = provider.resizeServerGroup(operation(), group, size(2));
    await expect(resized).rejects.toMatchObject({ code: 'invalid' });
    const terminated = provider.terminateInstance(operation(), group, 'any');
    await expect(terminated).rejects.toMatchObject({ code: 'invalid' });
  });
}

function sizeOperationContract(bench: () => Bench): void {
  it('changes a size once, however often the operation is repeated', async () => {
    const { spec, create, provider, healthy } = bench();
    const wanted = spec(0);
    await create(wanted);
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
}

function trafficOperationContract(bench: () => Bench): void {
  it('changes traffic once, however often the operation is repeated, and not for an older lease', async () => {
    const { create, spec, provider, loadBalancer, targets } = bench();
    const balancer = await loadBalancer();
    const behind = { loadBalancers: [balancer.name] };
    const old = await create(spec(0, behind));
    const fresh = await create(spec(1, behind));
    const shared = { [old.name]: 0.9, [fresh.name]: 0.1 };
    const op = operation(5);
    await provider.setWeights(op, balancer, shared);
    await provider.setWeights({ ...op, fence: 6 }, balancer, shared);
    const late = provider.setWeights(op, balancer, { [old.name]: 1, [fresh.name]: 1 });
    await expect(late).rejects.toMatchObject({ code: 'fenced', retryable: false });
    const leaves = operation();
    await provider.disableServerGroup(leaves, fresh);
    await provider.enableServerGroup(operation(), fresh);
    await provider.disableServerGroup(leaves, fresh);
    await provider.setWeights({ ...op, fence: 7 }, balancer, shared);
    expect(await targets(balancer)).toEqual({ [old.name]: 0.5, [fresh.name]: 0.5 });
  });
}

function operationContract(bench: () => Bench, { capabilities }: Declared): void {
  if (capabilities.instances) sizeOperationContract(bench);
  else trafficOperationContract(bench);
  it('answers a repeated operation with its first result and changes nothing', async () => {
    const { spec, provider, healthy, ref } = bench();
    const op = operation();
    const wanted = spec(0);
    const first = await provider.createServerGroup(op, wanted);
    expect(await provider.createServerGroup({ ...op, fence: op.fence + 1 }, wanted)).toEqual(first);
    await healthy(wanted.name, 1);
    expect(await provider.describeCluster(ref)).toHaveLength(1);
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

/** Else a part that nobody declared would go untested without anybody noticing. */
function declarationContract(bench: () => Bench, { capabilities, shows }: Declared): void {
  it('has what it was declared to have, and nothing else', () => {
    const { provider, fixture } = bench();
    expect({
      jobs: provider.jobs !== undefined,
      bake: provider.bakery !== undefined,
      artifacts: provider.artifacts !== undefined,
      check: provider.check !== undefined,
      logs: provider.readLog !== undefined,
      previews: provider.previewServerGroup !== undefined,
      commands: fixture.commands !== undefined,
      requests: fixture.request !== undefined,
    }).toEqual({
      jobs: capabilities.jobs,
      bake: capabilities.bake,
      artifacts: shows.includes('artifacts'),
      check: shows.includes('check'),
      logs: shows.includes('logs'),
      previews: shows.includes('previews'),
      commands: shows.includes('commands'),
      requests: shows.includes('requests'),
    });
  });
}

function platformContract(bench: () => Bench, { capabilities, shows }: Declared): void {
  if (shows.includes('artifacts')) itKeepsArtifacts(bench);
  if (capabilities.firewalls) itKeepsFirewalls(bench);
  else itRefusesFirewalls(bench);
}

function itKeepsArtifacts(bench: () => Bench): void {
  it('keeps artifacts immutable', async () => {
    const { provider, fixture } = bench();
    const artifacts = declared(provider.artifacts, 'artifacts');
    const { name, tgz, otherTgz } = declared(fixture.publishable, 'publishable');
    const first = await artifacts.publish(name, '1.0.0', tgz);
    expect(first.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await artifacts.publish(name, '1.0.0', tgz)).toEqual(first);
    await expect(artifacts.publish(name, '1.0.0', otherTgz)).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await artifacts.list()).toContainEqual(first);
  });
}

function itRefusesFirewalls(bench: () => Bench): void {
  it('refuses a firewall in words', async () => {
    const { provider, region, cluster, ref } = bench();
    const spec = { account: ref.account, region, name: `${cluster}-fw`, application: cluster, rules: [] };
    await expect(provider.upsertFirewall(operation(), spec)).rejects.toMatchObject({ code: 'invalid' });
  });
}

function itKeepsFirewalls(bench: () => Bench): void {
  it('keeps the rules of a firewall', async () => {
    const { provider, region, cluster, ref } = bench();
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
