import { expect, it, onTestFinished, vi } from 'vitest';
import type { Inventory, LoadBalancer, ServerGroup } from '@/server/domain/inventory';
import { AccountWatch, type ClusterView } from '@/server/providers/aws/watch';
import { serverGroup } from '@/server/strategies/testing/cluster';

const CLUSTER = 'shop-prod';
const place = { region: 'eu', application: 'shop', cluster: CLUSTER };

function group(sequence: number, traffic: number): ServerGroup {
  return { ...serverGroup(sequence, '1.0.0', true, 1), account: 'cloud', traffic };
}

function balancer(name: string, weights: Readonly<Record<string, number>>): LoadBalancer {
  const targets = Object.entries(weights).map(([serverGroup, weight]) => ({ serverGroup, weight }));
  return {
    account: 'cloud',
    region: 'eu',
    name,
    application: 'shop',
    url: null,
    targets,
    sharedBy: 'weights',
    kind: 'listener',
  };
}

/** An account that is being watched, of which the first sweep is over. */
async function watched(sweeps: () => Promise<Inventory>, look: () => ClusterView, sweepSeconds = 3_600) {
  const watch = new AccountWatch({
    account: 'cloud',
    sweepSeconds,
    describe: sweeps,
    look: async () => look(),
  });
  const leaving = new AbortController();
  const watching = (async () => {
    for await (const _ of watch.watch(leaving.signal));
  })();
  onTestFinished(async () => {
    leaving.abort();
    await watching;
  });
  await expect.poll(() => watch.observed()).not.toBeNull();
  return watch;
}

const shares = (watch: AccountWatch) =>
  Object.fromEntries(
    (watch.observed()?.loadBalancers ?? []).map(({ name, targets }) => [
      name,
      Object.fromEntries(targets.map(({ serverGroup, weight }) => [serverGroup, weight])),
    ]),
  );

const before = {
  serverGroups: [group(0, 1), group(1, 0)],
  loadBalancers: [
    balancer('other', { [`${CLUSTER}-v000`]: 0.5, 'shop-test-v000': 0.5 }),
    balancer(CLUSTER, { [`${CLUSTER}-v000`]: 1, [`${CLUSTER}-v001`]: 0, 'shop-test-v003': 0 }),
  ],
  firewalls: [],
};
const after = {
  serverGroups: [group(1, 1)],
  loadBalancers: [balancer(CLUSTER, { [`${CLUSTER}-v001`]: 1 })],
};

it('a look at a cluster takes the shares of its load balancer with it, and leaves those of others', async () => {
  const watch = await watched(
    async () => before,
    () => after,
  );
  await watch.look(place, new AbortController().signal);
  expect(shares(watch)).toEqual({
    other: { 'shop-test-v000': 0.5 },
    [CLUSTER]: { 'shop-test-v003': 0, [`${CLUSTER}-v001`]: 1 },
  });
});

it('a sweep that began before a look does not take its shares back', async () => {
  let finish: ((seen: Inventory) => void) | undefined;
  const sweep = vi
    .fn<() => Promise<Inventory>>()
    .mockResolvedValueOnce(before)
    .mockImplementationOnce(() => new Promise((resolve) => (finish = resolve)))
    .mockImplementation(() => new Promise(() => undefined));
  const watch = await watched(sweep, () => after, 0);
  await expect.poll(() => finish).toBeDefined();
  await watch.look(place, new AbortController().signal);
  finish?.(before);
  await expect.poll(() => sweep.mock.calls.length).toBe(3);
  expect(shares(watch)[CLUSTER]).toMatchObject({ [`${CLUSTER}-v001`]: 1 });
  expect(shares(watch)[CLUSTER]).not.toHaveProperty(`${CLUSTER}-v000`);
});
