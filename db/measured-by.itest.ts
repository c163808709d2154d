import { expect, it } from 'vitest';
import { withMeasuredBy } from '@/db/measured-by';
import { accounts, serverGroups } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { ServerGroup } from '@/server/domain/inventory';

const { db } = await testDatabase();

async function seen(account: string, name: string, measuredBy?: Record<string, string>): Promise<void> {
  const place = { account, region: 'eu', application: 'shop', cluster: 'shop' };
  const data: ServerGroup = {
    ...place,
    name,
    sequence: 0,
    artifact: { name: 'shop', version: '1', digest: '' },
    capacity: { min: 0, desired: 0, max: 0 },
    instances: [],
    enabled: true,
    traffic: 0,
    loadBalancers: [],
    createdAt: '2026-01-01T00:00:00.000Z',
    configKeys: [],
    ...(measuredBy ? { measuredBy } : {}),
  };
  await db.insert(serverGroups).values({ ...place, name, data });
}

it('each side gets the names of its own server group, and what a person gave stands', async () => {
  await db.insert(accounts).values(['one', 'two'].map((name) => ({ name, provider: 'aws' })));
  await seen('one', 'shop-v000', { targetGroup: 'targetgroup/a/1' });
  await seen('one', 'shop-v001', { targetGroup: 'targetgroup/b/2', loadBalancer: 'app/x/1' });
  const side = (scope: string, more: object = {}) => ({ scope, location: 'eu', ...more });
  const given = {
    baseline: side('shop-v000'),
    canary: side('shop-v001', { extra: { loadBalancer: 'mine' } }),
  };
  expect(await withMeasuredBy(db, { ...given, extra: { zone: 'a' } })).toEqual({
    baseline: side('shop-v000', { extra: { targetGroup: 'targetgroup/a/1' } }),
    canary: side('shop-v001', { extra: { targetGroup: 'targetgroup/b/2', loadBalancer: 'mine' } }),
    extra: { zone: 'a' },
  });
});

it('a side stays as it is when it is no server group, has no such names, or could be two', async () => {
  await seen('one', 'plain-v000');
  for (const account of ['one', 'two']) await seen(account, 'twice-v000', { targetGroup: account });
  const scopes = {
    baseline: { scope: 'twice-v000', location: 'eu' },
    canary: { scope: 'plain-v000', location: 'eu' },
    extra: {},
  };
  expect(await withMeasuredBy(db, scopes)).toEqual(scopes);
  const elsewhere = { ...scopes, baseline: { scope: 'shop-v000', location: 'us' } };
  expect(await withMeasuredBy(db, elsewhere)).toEqual(elsewhere);
});
