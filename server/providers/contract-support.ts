import { expect, vi } from 'vitest';
import type { Capacity, LoadBalancer, ServerGroup } from '@/server/domain/inventory';
import { serverGroupName } from '@/server/domain/naming';
import { unitsOf } from '@/server/domain/units';
import type { ProviderFixture } from '@/server/providers/contract-fixture';
import type { Operation, ServerGroupSpec } from '@/server/providers/provider';

/** Longest time a platform may take to bring an accepted change about. */
export const EFFECT = { timeout: 30_000, interval: 50 };

let operations = 0;
/** An operation that nobody has performed yet. */
export function operation(fence = 1): Operation {
  return { id: `contract-${process.pid}-${Date.now()}-${operations++}`, fence };
}

export type Bench = ReturnType<typeof makeBench>;

let clusters = 0;
/** A cluster of its own and the verbs a test needs on it. */
export function makeBench(fixture: ProviderFixture) {
  const application = 'contract';
  const cluster = `${application}-t${clusters++}`;
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
      if (!found) throw new Error(`${group} is not there`);
      // A serverless group is one, whatever was asked for.
      const wanted = found.serverless ? 1 : count;
      expect(unitsOf(found).map((unit) => unit.health)).toEqual(Array(wanted).fill('healthy'));
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

/** Room for a group to be resized within. */
export function size(desired: number): Capacity {
  return { min: 0, desired, max: Math.max(desired, 4) };
}
