import { eq } from 'drizzle-orm';
import { expect, it, onTestFinished, vi } from 'vitest';
import { accounts, firewalls, loadBalancers, serverGroups } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { Inventory, ServerGroup } from '@/server/domain/inventory';
import { NO_ANSWER } from '@/server/domain/unseen';
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

const NOTHING: Inventory = { serverGroups: [], loadBalancers: [], firewalls: [] };
const EVERYTHING: InventoryNotice = { region: null, application: null, cluster: null };

/** A platform whose watch holds everything, and that counts how often it is read whole. */
function makePlatform() {
  let tell: ((notice: InventoryNotice | null) => void) | null = null;
  let held: Inventory | null = null;
  let seenAt: Date | null = null;
  const inventory = (...groups: ServerGroup[]): Inventory => ({ ...NOTHING, serverGroups: groups });
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
      tell?.(EVERYTHING);
    },
    holdAll: (all: Inventory) => {
      held = all;
      tell?.(EVERYTHING);
    },
    /** It is swept over, and was so then. */
    sweptAt: (at: Date) => {
      seenAt = at;
    },
    silence: () => {
      held = null;
      tell?.(EVERYTHING);
    },
    lose: () => {
      held = null;
      tell?.(null);
    },
    // The parts that a watcher asks for.
    provider: { describe, watch, observed: () => held, seenAt: () => seenAt } as unknown as Provider,
  };
}

/** Watches the account until the test ends. */
async function watched(name: string, platform: ReturnType<typeof makePlatform>) {
  await db.insert(accounts).values({ name, provider: 'kubernetes' });
  const leaving = new AbortController();
  const watching = watchAccount({
    db,
    account: name,
    provider: async () => platform.provider,
    logger: createLogger('worker', 'fatal'),
    signal: leaving.signal,
  });
  onTestFinished(async () => {
    leaving.abort();
    await watching;
  });
  return async () => (await db.select().from(accounts).where(eq(accounts.name, name)))[0];
}

it('writes what the watch holds without reading the platform, and keeps it while no watch stands', async () => {
  const platform = makePlatform();
  const account = await watched('prod', platform);
  const rows = async () =>
    (await db.select({ data: serverGroups.data }).from(serverGroups)).map(({ data }) => [
      data.name,
      data.traffic,
    ]);

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

it('writes everything of a platform that gives names twice, told apart', async () => {
  const platform = makePlatform();
  const account = await watched('double', platform);
  const here = { account: 'double', region: 'shop', application: 'web' };
  const wall = (source: string) => ({
    ...here,
    name: 'web',
    rules: [{ protocol: 'tcp' as const, fromPort: 80, toPort: 80, source }],
  });
  const balancer = (url: string) => ({ ...here, name: 'web', url, targets: [] });
  const theirs = { ...group('web-v001', 0), managedBy: { kind: 'Stack', name: 'theirs' } };
  const all = {
    serverGroups: [theirs, group('web-v001', 1)].map((one) => ({ ...one, account: 'double' })),
    loadBalancers: [balancer('http://a'), balancer('http://b')],
    firewalls: [wall('10.0.0.0/8'), wall('0.0.0.0/0')],
  };
  await vi.waitFor(async () => {
    platform.holdAll(all);
    expect((await account())?.seenAt).not.toBeNull();
  }, 10_000);

  expect((await account())?.error).toBeNull();
  const groups = await db
    .select({ name: serverGroups.name, data: serverGroups.data })
    .from(serverGroups)
    .where(eq(serverGroups.account, 'double'));
  expect(groups.map(({ name, data }) => [name, data.managedBy?.name]).toSorted()).toEqual([
    ['web-v001 (2)', 'theirs'],
    ['web-v001', undefined],
  ]);
  const names = [
    ...(await db.select({ name: loadBalancers.name }).from(loadBalancers)),
    ...(await db.select({ name: firewalls.name }).from(firewalls)),
  ].map(({ name }) => name);
  expect(names.toSorted()).toEqual(['web', 'web', 'web (2)', 'web (2)']);
});

it('says in a sentence that what a platform holds cannot be written down', async () => {
  const platform = makePlatform();
  const account = await watched('odd', platform);
  await vi.waitFor(async () => {
    // No text column takes a NUL.
    platform.hold({ ...group('a', 1), account: 'odd', cluster: 'we\u0000b' });
    expect((await account())?.error).toMatch(/^The platform answered, but .+ could not be written down here/);
  }, 10_000);
});

it('keeps when a platform was seen, which is not when that was written down, and says at once when it is silent', async () => {
  const platform = makePlatform();
  const account = await watched('swept', platform);
  const seenAt = new Date(Date.now() - 40_000);
  platform.sweptAt(seenAt);
  await vi.waitFor(async () => {
    platform.hold({ ...group('s', 1), account: 'swept' });
    expect((await account())?.watchedAt).not.toBeNull();
  }, 10_000);
  const written = await account();
  // Taken on two clocks, and in two statements.
  expect(Math.abs((written?.seenAt?.getTime() ?? 0) - seenAt.getTime())).toBeLessThan(15_000);
  expect(written?.watchedAt?.getTime()).toBeGreaterThan(seenAt.getTime() + 20_000);
  expect(written?.error).toBeNull();

  await vi.waitFor(async () => {
    platform.silence();
    expect((await account())?.error).toBe(NO_ANSWER);
  }, 10_000);
  expect((await account())?.seenAt).toEqual(written?.seenAt);
});
