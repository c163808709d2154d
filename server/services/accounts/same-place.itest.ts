import { ne } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { accounts, serverGroups } from '@/db/schema';
import { kubernetesProvider } from '@/server/providers/kubernetes/manifest';
import { type Provider, ProviderError } from '@/server/providers/provider';
import { applyAccount } from '@/server/services/accounts/apply';
import { checkAccount } from '@/server/services/accounts/check';
import { listOverlaps } from '@/server/services/accounts/overlaps';
import { seeServerGroup, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const { db } = world;
const admin = await world.as('admin');

/** Clusters by the context that leads to them; those that are not named cannot be reached. */
function clusters(byContext: Readonly<Record<string, string>>) {
  vi.spyOn(kubernetesProvider, 'load').mockImplementation(async (_account, { context = '' }) => {
    const identity = async () => {
      const found = byContext[context];
      if (found === undefined) throw new ProviderError('unavailable', 'no answer');
      return found;
    };
    // Only these two are asked.
    return { identity, check: async () => ({ ok: true, facts: [], problems: [] }) } as unknown as Provider;
  });
}
const of = (context: string, ...namespaces: string[]) => ({
  provider: 'kubernetes',
  config: { context, namespaces },
});

beforeEach(async () => {
  clusters({ a: 'uid-1', b: 'uid-1', other: 'uid-2' });
  await applyAccount(admin, { name: 'first', ...of('a', 'shop', 'tools') });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await db.delete(accounts).where(ne(accounts.name, 'local'));
});

it('refuses an account for a namespace of a cluster that another one shows', async () => {
  const second = { name: 'second', ...of('b', 'shop') };
  await expect(applyAccount(admin, second)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('"first" shows shop of the same place already'),
  });
  expect(await checkAccount(admin, second)).toMatchObject({
    ok: false,
    problems: [expect.stringContaining('counted twice')],
  });
  expect(await applyAccount(admin, { name: 'second', ...of('b', 'web') })).toMatchObject({ warnings: [] });
  // The account itself may be changed.
  expect(await applyAccount(admin, { name: 'first', ...of('a', 'shop') })).toMatchObject({ created: false });
});

it('takes another cluster, and warns where it cannot be told whether it is another', async () => {
  expect(await applyAccount(admin, { name: 'other', ...of('other', 'shop') })).toMatchObject({
    created: true,
    warnings: [],
  });
  const lost = await applyAccount(admin, { name: 'lost', ...of('nowhere', 'tools') });
  expect(lost.warnings).toEqual([expect.stringContaining('could not be told')]);
});

it('finds accounts through which the same groups are seen', async () => {
  await db.insert(accounts).values({ name: 'twin', provider: 'local', config: {} });
  const group = await seeServerGroup(world, 'eu', 'prod', 1, '1.0.0');
  expect(await listOverlaps(admin, {})).toEqual([]);
  const { region, name, application, cluster } = group;
  const seen = { account: 'twin', region, name, application, cluster };
  await db.insert(serverGroups).values({ ...seen, data: { ...group, account: 'twin' } });
  expect(await listOverlaps(admin, {})).toEqual([{ accounts: ['local', 'twin'], region: 'eu' }]);
});
