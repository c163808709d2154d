import { expect, it, vi } from 'vitest';
import type { LoadBalancer } from '@/server/domain/inventory';
import { type Declared, declared } from '@/server/providers/contract-fixture';
import { type Bench, EFFECT, operation, size } from '@/server/providers/contract-support';

/** What load balancers must do, and what becomes of requests where they can be sent. */
export function trafficContract(bench: () => Bench, { capabilities, shows }: Declared): void {
  // What routes to serverless groups has an address only where somebody gives it one.
  if (capabilities.instances) itHasAnAddress(bench);

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

  if (!capabilities.weightedTraffic) itRefusesWeights(bench);
  else if (shows.includes('weights')) weightContract(bench);
  else itComesNearWeights(bench);
  if (shows.includes('requests')) requestContract(bench);
  if (shows.includes('requests') && shows.includes('weights')) itAnswersByWeight(bench);
}

function itHasAnAddress(bench: () => Bench): void {
  it('gives a load balancer an address, the same when it is asked for again', async () => {
    const { loadBalancer } = bench();
    const first = await loadBalancer();
    expect(first.url).toEqual(expect.stringMatching(/^http/));
    expect((await loadBalancer()).url).toBe(first.url);
  });
}

/** Two groups of one load balancer, both enabled. */
async function pair({ create, spec, loadBalancer }: Bench, desired = 1) {
  const balancer = await loadBalancer();
  const behind = { loadBalancers: [balancer.name], capacity: size(desired) };
  return { balancer, old: await create(spec(0, behind)), fresh: await create(spec(1, behind)) };
}

function itRefusesWeights(bench: () => Bench): void {
  it('refuses weights in words, and leaves the requests where they are', async () => {
    const own = bench();
    const { balancer, old, fresh } = await pair(own);
    const weighed = own.provider.setWeights(operation(), balancer, { [old.name]: 90, [fresh.name]: 10 });
    await expect(weighed).rejects.toMatchObject({ code: 'invalid' });
    expect(await own.targets(balancer)).toEqual({ [old.name]: 0.5, [fresh.name]: 0.5 });
  });
}

function weightContract(bench: () => Bench): void {
  it('routes by weight, and forgets the weight of a group that is disabled', async () => {
    const own = bench();
    const { provider, targets, region } = own;
    const { balancer, old, fresh } = await pair(own);
    await provider.setWeights(operation(), balancer, { [old.name]: 90, [fresh.name]: 10 });
    expect(await targets(balancer)).toEqual({ [old.name]: 0.9, [fresh.name]: 0.1 });
    await provider.setWeights(operation(), balancer, { [old.name]: 0, [fresh.name]: 1 });
    await provider.disableServerGroup(operation(), old);
    await provider.enableServerGroup(operation(), old);
    expect(await targets(balancer)).toEqual({ [old.name]: 0.5, [fresh.name]: 0.5 });
    const stranger = provider.setWeights(operation(), { region, name: balancer.name }, { 'other-v000': 1 });
    await expect(stranger).rejects.toMatchObject({ code: 'invalid' });
  });

  it('counts a weight given before a group is enabled from its first request', async () => {
    const { create, spec, provider, loadBalancer, targets } = bench();
    const balancer = await loadBalancer();
    const behind = { loadBalancers: [balancer.name] };
    const old = await create(spec(0, behind));
    const fresh = await create(spec(1, { ...behind, enabled: false }));
    await provider.setWeights(operation(), balancer, { [old.name]: 90, [fresh.name]: 10 });
    expect(await targets(balancer)).toEqual({ [old.name]: 1, [fresh.name]: 0 });
    await provider.enableServerGroup(operation(), fresh);
    expect(await targets(balancer)).toEqual({ [old.name]: 0.9, [fresh.name]: 0.1 });
  });
}

function itComesNearWeights(bench: () => Bench): void {
  it('comes as near to weights as whole instances can, and says that they share the requests', async () => {
    const own = bench();
    const { balancer, old, fresh } = await pair(own, 2);
    expect(balancer.sharedBy).toBe('instances');
    await own.provider.setWeights(operation(), balancer, { [old.name]: 90, [fresh.name]: 10 });
    const shares = await own.targets(balancer);
    expect(shares[fresh.name]).toBeGreaterThan(0);
    expect(shares[fresh.name]).toBeLessThan(shares[old.name] ?? 0);
    await own.provider.setWeights(operation(), balancer, { [old.name]: 0, [fresh.name]: 1 });
    expect(await own.targets(balancer)).toEqual({ [old.name]: 0, [fresh.name]: 1 });
  });
}

function itAnswersByWeight(bench: () => Bench): void {
  it('answers requests by weight', async () => {
    const own = bench();
    const { balancer, old, fresh } = await pair(own);
    await own.provider.setWeights(operation(), balancer, { [old.name]: 90, [fresh.name]: 10 });
    const request = declared(own.fixture.request, 'request');
    let answered = 0;
    for (let i = 0; i < 100; i++)
      if ((await request(addressOf(balancer))).servedBy === fresh.name) answered++;
    expect(Math.abs(answered - 10)).toBeLessThanOrEqual(5);
  });
}

function requestContract(bench: () => Bench): void {
  it('loses no request while a new group takes over from the old', async () => {
    const { create, spec, provider, loadBalancer, read, fixture } = bench();
    const request = declared(fixture.request, 'request');
    const balancer = await loadBalancer();
    const url = addressOf(balancer);
    const behind = { loadBalancers: [balancer.name], capacity: size(2) };
    const old = await create(spec(0, behind));
    const traffic = startTraffic(() => request(url));
    const fresh = await create(spec(1, { ...behind, enabled: false }));
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

function addressOf({ url, name }: LoadBalancer): string {
  if (url === null) throw new Error(`load balancer ${name} has no address`);
  return url;
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
