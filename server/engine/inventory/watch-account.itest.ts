import { eq } from 'drizzle-orm';
import { expect, it, onTestFinished, vi } from 'vitest';
import { accounts, serverGroups } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { Inventory, ServerGroup } from '@/server/domain/inventory';
import { watchAccount } from '@/server/engine/inventory/watch-account';
import { createLogger } from '@/server/log';
import type { InventoryNotice, Provider } from '@/server/providers/provider';
import { ProviderError } from '@/server/providers/provider';

const database = await testDatabase();
const { db } = database;

function group(name: string, traffic: number): ServerGroup {
  return {
    account: 'prod',
    region: 'shop',
    application: 'web',
    cluster: 'web',
    name,
    sequence: 1,
    artifact: { name: 'web', version: '1', digest: '' },
    capacity: { min: 1, desired: 1, max: 1 },
    instances: [],
    enabled: true,
    traffic,
    loadBalancers: [],
    createdAt: '2026-01-01T00:00:00.000Z',
    configKeys: [],
  };
}

/** A platform whose watch holds everything, and that counts how often it is read whole. */
function makePlatform() {
  let tell: ((notice: InventoryNotice | null) => void) | null = null;
  let held: Inventory | null = null;
  const inventory = (...groups: ServerGroup[]): Inventory => ({
    serverGroups: groups,
    loadBalancers: [],
    firewalls: [],
  });
  const describe = vi.fn<() => Promise<Inventory>>(async () => inventory(group('read', 0)));
  async function* watch(signal: AbortSignal): AsyncGenerator<InventoryNotice> {
    signal.addEventListener('abort', () => tell?.(null));
    while (!signal.aborted) {
      const notice = await new Promise<InventoryNotice | null>((resolve) => {
        tell = resolve;
      });
      if (!notice) throw new ProviderError('unavailable', 'the platform is gone');
      yield notice;
    }
  }
  return {
    describe,
    hold: (...groups: ServerGroup[]) => {
      held = inventory(...groups);
      tell?.({ region: null, application: null, cluster: null });
    },
    lose: () => {
      held = null;
      tell?.(null);
    },
    // The parts that a watcher asks for.
    provider: { describe, watch, observed: () => held } as unknown as Provider,
  };
}

it('writes what the watch holds without reading the platform, and keeps it while no watch stands', async () => {
  await db.insert(accounts).values({ name: 'prod', provider: 'kubernetes' });
  const platform = makePlatform();
  const leaving = new AbortController();
  const watching = watchAccount({
    db,
    account: 'prod',
    provider: async () => platform.provider,
    logger: createLogger('worker', 'fatal'),
    signal: leaving.signal,
  });
  onTestFinished(async () => {
    leaving.abort();
    await watching;
  });
  const rows = async () =>
    (await db.select({ data: serverGroups.data }).from(serverGroups)).map(({ data }) => [
      data.name,
      data.traffic,
    ]);
  const account = async () => (await db.select().from(accounts).where(eq(accounts.name, 'prod')))[0];

  await vi.waitFor(async () => {
    platform.hold(group('a', 0), group('b', 1));
    expect((await rows()).toSorted()).toEqual([
      ['a', 0],
      ['b', 1],
    ]);
  }, 10_000);
  platform.hold(group('b', 0.5));
  await vi.waitFor(async () => expect(await rows()).toEqual([['b', 0.5]]), 10_000);
  expect((await account())?.error).toBeNull();

  platform.lose();
  await vi.waitFor(async () => expect((await account())?.error).toContain('the platform is gone'), 10_000);
  // What was last seen stays, until something is seen again.
  expect(await rows()).toEqual([['b', 0.5]]);
  await vi.waitFor(async () => {
    platform.hold(group('c', 1));
    expect(await rows()).toEqual([['c', 1]]);
  }, 10_000);
  expect(platform.describe).not.toHaveBeenCalled();
});
