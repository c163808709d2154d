import { count, eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { serverGroups } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { ServerGroup } from '@/server/domain/inventory';
import { keyed } from '@/server/engine/inventory/diff';
import { writeInventory } from '@/server/engine/inventory/write';

const { db } = await testDatabase();

/** More than one statement's 65,535 values hold. */
const MANY = 12_000;
const NOTHING = { serverGroups: [], loadBalancers: [], firewalls: [] };

function group(index: number): ServerGroup {
  const name = `web-v${index}`;
  return {
    account: 'huge',
    region: 'shop',
    application: 'web',
    cluster: 'web',
    name,
    sequence: index,
    artifact: { name: 'web', version: '1', digest: '' },
    capacity: { min: 1, desired: 1, max: 1 },
    instances: [],
    enabled: true,
    traffic: 0,
    loadBalancers: [],
    createdAt: '2026-01-01T00:00:00.000Z',
    configKeys: [],
  };
}

it('takes in an account of any size at once, and forgets it at once', async () => {
  const held = async () =>
    (await db.select({ rows: count() }).from(serverGroups).where(eq(serverGroups.account, 'huge')))[0]?.rows;
  const all = { ...NOTHING, serverGroups: Array.from({ length: MANY }, (_, index) => group(index)) };
  await writeInventory(db, 'huge', keyed(NOTHING), all);
  expect(await held()).toBe(MANY);
  await writeInventory(db, 'huge', keyed(all), NOTHING);
  expect(await held()).toBe(0);
});
