import { eq } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { accounts, serverGroups } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import { systemClock } from '@/server/domain/clock';
import type { ServerGroup } from '@/server/domain/inventory';
import { providerAccess } from '@/server/engine/access/provider-access';
import { watchAll } from '@/server/engine/inventory/watch-all';
import { createLogger } from '@/server/log';
import type { InventoryNotice, Provider, ProviderManifest } from '@/server/providers/provider';

const database = await testDatabase();
const { db } = database;

const configSchema = z.object({ regions: z.array(z.string()) });
type Config = z.output<typeof configSchema>;

function group(account: string, region: string): ServerGroup {
  return {
    account,
    region,
    application: 'web',
    cluster: 'web',
    name: 'web-v000',
    sequence: 0,
    artifact: { name: 'web', version: '1', digest: '' },
    capacity: { min: 1, desired: 1, max: 1 },
    instances: [],
    enabled: true,
    traffic: 1,
    loadBalancers: [],
    createdAt: '2026-01-01T00:00:00.000Z',
    configKeys: [],
  };
}

/** A platform that has a group in every region that its settings name, and counts the watches that stand. */
function platform() {
  const loads: string[] = [];
  let standing = 0;
  async function* watch(signal: AbortSignal): AsyncGenerator<InventoryNotice> {
    standing += 1;
    yield { region: null, application: null, cluster: null };
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    standing -= 1;
  }
  async function load(account: string, { regions }: Config): Promise<Provider> {
    loads.push(account);
    const found = regions.map((region) => group(account, region));
    const inventory = { serverGroups: found, loadBalancers: [], firewalls: [] };
    // The parts that a watcher asks for.
    return { watch, describe: async () => inventory } as unknown as Provider;
  }
  // The parts that loading asks for.
  const manifest = { configSchema, load } as unknown as ProviderManifest;
  return { loads, standing: () => standing, manifest };
}

async function regionsShown(account: string): Promise<string[]> {
  const rows = await db.select().from(serverGroups).where(eq(serverGroups.account, account));
  return rows.map(({ data }) => data.region).toSorted();
}

it('an account whose settings change is seen by the new ones, and the others stay as they are', async () => {
  const { loads, standing, manifest } = platform();
  await db.insert(accounts).values([
    { name: 'prod', provider: 'stub', config: { regions: ['north'] } },
    { name: 'calm', provider: 'stub', config: { regions: ['west'] } },
  ]);
  const leaving = new AbortController();
  const watching = watchAll({
    database,
    provider: providerAccess({ db, clock: systemClock, catalogue: { stub: manifest } }),
    logger: createLogger('worker', 'fatal'),
    signal: leaving.signal,
  });
  onTestFinished(async () => {
    leaving.abort();
    await watching;
  });
  const shown = () => regionsShown('prod');
  const wait = { timeout: 10_000 };
  await expect.poll(shown, wait).toEqual(['north']);
  const apply = (config: Config) => db.update(accounts).set({ config }).where(eq(accounts.name, 'prod'));
  await apply({ regions: ['north', 'south'] });
  await expect.poll(shown, wait).toEqual(['north', 'south']);
  await apply({ regions: ['south'] });
  await expect.poll(shown, wait).toEqual(['south']);
  expect(await regionsShown('calm')).toEqual(['west']);
  expect(loads.filter((account) => account === 'calm')).toHaveLength(1);
  await expect.poll(standing).toBe(2);
});
