import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordEvents } from '@/db/events';
import { accounts, applications, environments, serverGroups } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { ServerGroup } from '@/server/domain/inventory';
import { ToggleWorld } from '@/server/services/toggle-serving/testing/world';

const { db } = await testDatabase();
const world = new ToggleWorld(db);
const serving = world.serving();
const value = (key: string) => serving.environment('prod')?.evaluate(key, {}).value;

beforeAll(async () => {
  await world.environment('prod');
  await serving.ready();
});
afterAll(() => serving.stop());

it('follows a schedule by itself, without a change in the database', async () => {
  const at = new Date(Date.now() + 1_500).toISOString();
  const schedule = [{ at, timeZone: 'UTC', set: { on: true } }];
  await world.set('later', 'prod', { on: false, offVariant: 'off', schedule });
  await expect.poll(() => value('later')).toBe(false);
  expect(serving.environment('prod')?.nextChangeAt?.toISOString()).toBe(at);
  await expect.poll(() => value('later')).toBe(true);
  expect(serving.environment('prod')?.nextChangeAt).toBeNull();
});

it('serves a feature only where its version runs, and hears of it from what the platform shows', async () => {
  await db.insert(accounts).values({ name: 'local', provider: 'local' });
  await db.insert(applications).values({ name: 'shop' });
  await db.insert(environments).values({
    application: 'shop',
    name: 'prod',
    account: 'local',
    regions: ['eu'],
    cluster: 'shop-prod',
    capacity: { min: 1, desired: 1, max: 1 },
    artifact: 'shop',
    pipeline: 'deploy',
  });
  const runs = async (version: string) => {
    const place = { account: 'local', region: 'eu', application: 'shop', cluster: 'shop-prod' };
    const data: ServerGroup = {
      ...place,
      name: 'shop-prod-v000',
      sequence: 0,
      artifact: { name: 'shop', version, digest: `sha256:${version}` },
      capacity: { min: 1, desired: 1, max: 1 },
      instances: [],
      enabled: true,
      traffic: 1,
      loadBalancers: [],
      createdAt: new Date().toISOString(),
      configKeys: [],
    };
    await db
      .insert(serverGroups)
      .values({ ...place, name: data.name, data })
      .onConflictDoUpdate({
        target: [serverGroups.account, serverGroups.region, serverGroups.name],
        set: { data },
      });
    await db.transaction((tx) => recordEvents(tx, [{ kind: 'inventory', application: 'shop' }]));
  };
  await runs('1.0.0');
  const versionRequirement = { application: 'shop', minimum: '1.1.0' };
  await world.set('needs-code', 'prod', { offVariant: 'off', versionRequirement });
  await expect.poll(() => value('needs-code')).toBe(false);
  await runs('1.1.0');
  await expect.poll(() => value('needs-code')).toBe(true);
});

it('goes on after its connection was lost', async () => {
  await db.execute(sql`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'`);
  await world.set('after', 'prod');
  await expect.poll(() => value('after')).toBe(true);
});

it('adds its counts to those of other processes, and keeps them while the database is away', async () => {
  const other = world.serving();
  const set = serving.environment('prod');
  const one = set?.evaluate('after', {});
  if (!one) throw new Error('the environment is served');
  for (const process of [serving, other, serving]) process.counts.add('prod', [one]);
  await db.execute(sql`ALTER TABLE toggle_counts RENAME TO away`);
  await serving.flush();
  await db.execute(sql`ALTER TABLE away RENAME TO toggle_counts`);
  serving.counts.add('prod', [one]);
  await Promise.all([serving.flush(), other.flush()]);
  const { rows } = await db.execute(
    sql`SELECT variant, count::int FROM toggle_counts WHERE toggle = 'after'`,
  );
  expect(rows).toEqual([{ variant: 'on', count: 4 }]);
});

it('no longer serves what is archived, and an environment that is gone', async () => {
  await db.execute(sql`UPDATE toggles SET archived_at = now() WHERE key = 'after'`);
  await world.tell('after');
  await expect.poll(() => serving.environment('prod')?.evaluate('after', {}).reason).toBe('ERROR');
});
