import { afterAll, beforeAll, expect, it } from 'vitest';
import { serverGroupName } from '@/server/domain/naming';
import { createAwsProvider } from '@/server/providers/aws/adapter';
import { ACCOUNT, type AwsBench, makeAwsBench, REGION } from '@/server/providers/aws/testing/fixture';
import { operation } from '@/server/providers/contract-support';
import type { ServerGroupSpec } from '@/server/providers/provider';

const DETACH = 'DetachLoadBalancerTargetGroups';
let bench: AwsBench;
beforeAll(async () => {
  bench = await makeAwsBench();
});
afterAll(() => bench?.stop());

it('two that take the same group out at once both succeed, as a canceled canary and a rollback do', async () => {
  const { provider, proxy, config, artifacts } = bench;
  const cluster = 'twice-prod';
  const place = { region: REGION, application: 'twice' };
  const { name } = await provider.upsertLoadBalancer(operation(), { ...place, name: `${cluster}-lb` });
  const spec = (sequence: number): ServerGroupSpec => ({
    ...place,
    cluster,
    name: serverGroupName(cluster, sequence),
    artifact: artifacts[0],
    capacity: { min: 1, desired: 1, max: 2 },
    config: {},
    loadBalancers: [name],
    enabled: true,
  });
  await provider.createServerGroup(operation(), spec(0));
  await provider.createServerGroup(operation(), spec(1));
  proxy.hold(DETACH, true);
  const both = [provider, createAwsProvider(ACCOUNT, config)].map((one) =>
    one.disableServerGroup(operation(), spec(1)),
  );
  await expect.poll(() => proxy.held(DETACH), { timeout: 15_000 }).toBe(2);
  proxy.hold(DETACH, false);
  await Promise.all(both);
  const asked = proxy.calls.filter(({ action }) => action === DETACH);
  expect(asked.map(({ status }) => status).toSorted()).toEqual([200, 400]);
  const groups = await provider.describeCluster({ account: ACCOUNT, cluster, ...place });
  expect(groups.map(({ enabled }) => enabled)).toEqual([true, false]);
});
