import { UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createAwsProvider } from '@/server/providers/aws/adapter';
import { clientsOf } from '@/server/providers/aws/client/clients';
import { ACCOUNT, type AwsBench, makeAwsBench, REGION } from '@/server/providers/aws/testing/fixture';
import { operation } from '@/server/providers/contract-support';
import type { InventoryNotice, Provider } from '@/server/providers/provider';

/** An account that is swept over: what is seen between the sweeps, and while one takes its time. */

let bench: AwsBench;
beforeAll(async () => {
  bench = await makeAwsBench();
});
afterAll(() => bench?.stop());

const place = (cluster: string) => ({ account: ACCOUNT, region: REGION, application: 'watch', cluster });

async function withGroup(cluster: string, number = 'v000', loadBalancers: readonly string[] = []) {
  await bench.provider.createServerGroup(operation(), {
    ...place(cluster),
    name: `${cluster}-${number}`,
    artifact: bench.artifacts[0],
    capacity: { min: 0, desired: 1, max: 5 },
    config: {},
    loadBalancers,
    enabled: true,
  });
}

/** By hand, so that nobody here knows of it. */
function resize(cluster: string, DesiredCapacity: number) {
  const { autoScaling } = clientsOf(bench.config, REGION);
  return autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: `${cluster}-v000`, DesiredCapacity }),
  );
}

function watched(sweepSeconds: number): { provider: Provider; notices: InventoryNotice[] } {
  const provider = createAwsProvider(ACCOUNT, { ...bench.config, sweepSeconds });
  const notices: InventoryNotice[] = [];
  const leaving = new AbortController();
  const watching = (async () => {
    for await (const notice of provider.watch(leaving.signal)) notices.push(notice);
  })();
  onTestFinished(async () => {
    leaving.abort();
    await watching;
  });
  return { provider, notices };
}

function desired(provider: Provider, cluster: string): number | undefined {
  return provider.observed?.()?.serverGroups.find((group) => group.cluster === cluster)?.capacity.desired;
}

describe('between two sweeps', () => {
  it('a cluster that somebody asks for is looked at', async () => {
    await withGroup('watch-ask');
    const { provider } = watched(3_600);
    const { signal } = new AbortController();
    await expect(provider.refresh?.(place('watch-ask'), signal)).rejects.toMatchObject({
      code: 'unavailable',
    });
    await expect.poll(() => desired(provider, 'watch-ask')).toBe(1);
    await resize('watch-ask', 3);
    expect(desired(provider, 'watch-ask')).toBe(1);
    await provider.refresh?.(place('watch-ask'), signal);
    expect(desired(provider, 'watch-ask')).toBe(3);
  });
});

describe('after we have changed shares', () => {
  it('they are seen long before the next sweep', async () => {
    const name = 'watch-shares';
    await bench.provider.upsertLoadBalancer(operation(), { ...place(name), name });
    await withGroup(name, 'v000', [name]);
    await withGroup(name, 'v001', [name]);
    const { provider } = watched(3_600);
    const shares = () => {
      const found = provider.observed?.()?.loadBalancers.find((one) => one.name === name);
      return Object.fromEntries(found?.targets.map((target) => [target.serverGroup, target.weight]) ?? []);
    };
    await expect.poll(() => Object.keys(shares()).length).toBe(2);
    const weights = { [`${name}-v000`]: 1, [`${name}-v001`]: 3 };
    await provider.setWeights(operation(), { region: REGION, name }, weights);
    await expect
      .poll(shares, { timeout: 20_000 })
      .toEqual({ [`${name}-v000`]: 0.25, [`${name}-v001`]: 0.75 });
  });
});

describe('while a sweep takes its time', () => {
  it('what we change is followed, and the sweep does not take it back', async () => {
    await withGroup('watch-slow');
    const { provider, notices } = watched(1);
    await expect.poll(() => desired(provider, 'watch-slow')).toBe(1);
    // Of what a sweep asks only this is asked for everything at the same time as the groups.
    bench.proxy.hold('DescribeSecurityGroups', true);
    onTestFinished(() => bench.proxy.hold('DescribeSecurityGroups', false));
    const swept = () => bench.proxy.calls.filter(({ action }) => action === 'DescribeLoadBalancers').length;
    const before = swept();
    await expect.poll(swept).toBeGreaterThan(before);
    const told = notices.length;
    await provider.resizeServerGroup(
      operation(),
      { region: REGION, name: 'watch-slow-v000' },
      { min: 0, desired: 4, max: 5 },
    );
    await expect.poll(() => desired(provider, 'watch-slow')).toBe(4);
    await expect.poll(() => notices.length).toBeGreaterThan(told);
    bench.proxy.hold('DescribeSecurityGroups', false);
    const sweeps = swept();
    await expect.poll(swept).toBeGreaterThan(sweeps);
    expect(desired(provider, 'watch-slow')).toBe(4);
  });
});
