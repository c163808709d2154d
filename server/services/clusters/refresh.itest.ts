import { eq } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import { accounts, serverGroups } from '@/db/schema';
import { CHANNEL } from '@/server/domain/events';
import type { Inventory, ServerGroup } from '@/server/domain/inventory';
import { Lookers } from '@/server/engine/inventory/looks';
import { watchAccount } from '@/server/engine/inventory/watch-account';
import { watchAll } from '@/server/engine/inventory/watch-all';
import { createLogger } from '@/server/log';
import { type InventoryNotice, type Provider, ProviderError } from '@/server/providers/provider';
import { refreshCluster } from '@/server/services/clusters/refresh';
import { testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const { db, database } = world;
const place = { account: 'cloud', region: 'eu-west-1', application: 'shop', cluster: 'shop-prod' };

function group(desired: number): ServerGroup {
  return {
    ...place,
    name: 'shop-prod-v000',
    sequence: 0,
    artifact: { name: 'shop', version: '1', digest: '' },
    capacity: { min: 0, desired, max: 9 },
    instances: [],
    enabled: true,
    traffic: 0,
    loadBalancers: [],
    createdAt: '2026-01-01T00:00:00.000Z',
    configKeys: [],
  };
}

/** A platform that sweeps so seldom that only a look shows what has changed. */
function sweptPlatform() {
  let real = 1;
  let held: Inventory = { serverGroups: [group(1)], loadBalancers: [], firewalls: [] };
  let refusal: ProviderError | null = null;
  async function* watch(signal: AbortSignal): AsyncGenerator<InventoryNotice> {
    yield { region: null, application: null, cluster: null };
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }
  return {
    change: (desired: number) => {
      real = desired;
    },
    refuse: (error: ProviderError) => {
      refusal = error;
    },
    // The parts that a watcher asks for.
    provider: {
      watch,
      observed: () => held,
      refresh: async () => {
        if (refusal) throw refusal;
        held = { ...held, serverGroups: [group(real)] };
      },
    } as unknown as Provider,
  };
}

async function shown(): Promise<number | undefined> {
  const [row] = await db.select().from(serverGroups).where(eq(serverGroups.account, 'cloud'));
  return row?.data.capacity.desired;
}

it('a person has a worker look at a cluster, and sees what is there when it says that it has', async () => {
  await db.insert(accounts).values([
    { name: 'cloud', provider: 'aws' },
    { name: 'cluster', provider: 'kubernetes' },
  ]);
  const platform = sweptPlatform();
  const leaving = new AbortController();
  const silent = createLogger('worker', 'fatal');
  const provider = async () => platform.provider;
  const watching = watchAll({ database, provider, logger: silent, signal: leaving.signal });
  onTestFinished(async () => {
    leaving.abort();
    await watching;
  });
  await expect.poll(shown).toBe(1);
  platform.change(4);
  const ctx = await world.as('engineer');
  expect(await refreshCluster(ctx, place)).toMatchObject(place);
  expect(await shown()).toBe(4);
  platform.refuse(new ProviderError('rate_limited', 'AWS did not answer: Rate exceeded.'));
  await expect(refreshCluster(ctx, place)).rejects.toMatchObject({
    code: 'unavailable',
    message: 'cloud: AWS did not answer: Rate exceeded.',
  });
  await expect(refreshCluster(ctx, { ...place, account: 'cluster' })).rejects.toMatchObject({
    code: 'unprocessable',
    message: expect.stringContaining('tells of changes by itself'),
  });
  await expect(refreshCluster(ctx, { ...place, account: 'nobody' })).rejects.toMatchObject({
    code: 'not_found',
  });
});

it('a platform that hangs is told from a worker that is not there', async () => {
  const lookers = new Lookers(50);
  lookers.add('hung', () => new Promise(() => undefined));
  const worker = await database.pool.connect();
  worker.on('notification', ({ payload = '' }) => void lookers.hear(db, payload));
  await worker.query(`LISTEN ${CHANNEL.look}`);
  onTestFinished(() => worker.release(true));
  await db.insert(accounts).values({ name: 'hung', provider: 'aws' });
  const ctx = await world.as('engineer');
  await expect(refreshCluster(ctx, { ...place, account: 'hung' })).rejects.toMatchObject({
    code: 'unavailable',
    message: 'hung: The platform has not answered within 0.05 s. It is looked at with the next sweep.',
  });
});

it('a platform that was lost says why when a person wants a look between two tries', async () => {
  await db.insert(accounts).values({ name: 'lost', provider: 'aws' });
  const lookers = new Lookers();
  const leaving = new AbortController();
  const watching = watchAccount({
    db,
    account: 'lost',
    provider: () => Promise.reject(new ProviderError('unavailable', 'connect ECONNREFUSED')),
    logger: createLogger('worker', 'fatal'),
    signal: leaving.signal,
    lookers,
  });
  const worker = await database.pool.connect();
  worker.on('notification', ({ payload = '' }) => void lookers.hear(db, payload));
  await worker.query(`LISTEN ${CHANNEL.look}`);
  onTestFinished(async () => {
    worker.release(true);
    leaving.abort();
    await watching;
  });
  const ctx = await world.as('engineer');
  await expect
    .poll(async () => (await db.select().from(accounts).where(eq(accounts.name, 'lost')))[0]?.error)
    .toContain('ECONNREFUSED');
  await expect(refreshCluster(ctx, { ...place, account: 'lost' })).rejects.toMatchObject({
    code: 'unavailable',
    message: 'lost: connect ECONNREFUSED',
  });
});
