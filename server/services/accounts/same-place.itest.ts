import { ne } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { accounts, serverGroups } from '@/db/schema';
import { awsProvider } from '@/server/providers/aws/manifest';
import { kubernetesProvider } from '@/server/providers/kubernetes/manifest';
import { lambdaProvider } from '@/server/providers/lambda/manifest';
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

/** Accounts at AWS by the role that leads there; nobody says what is behind those that are not named. */
function awsAccounts(byRole: Readonly<Record<string, string>>) {
  const answering = async (_account: string, { roleArn = '' }: { readonly roleArn?: string | undefined }) => {
    const identity = async () => {
      const found = byRole[roleArn];
      if (found === undefined) throw new ProviderError('unauthorized', 'not allowed');
      return found;
    };
    // As above.
    return { identity, check: async () => ({ ok: true, facts: [], problems: [] }) } as unknown as Provider;
  };
  vi.spyOn(awsProvider, 'load').mockImplementation(answering);
  vi.spyOn(lambdaProvider, 'load').mockImplementation(answering);
}
const role = (name: string) => `arn:aws:iam::111111111111:role/${name}`;
const machines = (name: string, ...regions: string[]) => ({
  provider: 'aws',
  config: {
    roleArn: role(name),
    regions: regions.map((region) => ({ region, subnets: ['subnet-1'] })),
  },
});
const functions = (name: string, ...regions: string[]) => ({
  provider: 'lambda',
  config: { roleArn: role(name), regions, imageUri: '{name}:{version}' },
});

it.each([
  ['groups', machines, functions],
  ['functions', functions, machines],
] as const)('refuses a second account for the %s of a region of AWS', async (_, kind, other) => {
  awsAccounts({ [role('a')]: '111', [role('b')]: '111', [role('c')]: '222' });
  await applyAccount(admin, { name: 'one', ...kind('a', 'eu-west-1', 'us-east-1') });

  const second = { name: 'two', ...kind('b', 'us-east-1', 'eu-north-1') };
  await expect(applyAccount(admin, second)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('"one" shows us-east-1 of the same place already'),
  });
  expect(await checkAccount(admin, second)).toMatchObject({ ok: false });

  const fine = { created: true, warnings: [] };
  expect(await applyAccount(admin, { name: 'two', ...kind('b', 'eu-north-1') })).toMatchObject(fine);
  expect(await applyAccount(admin, { name: 'three', ...kind('c', 'us-east-1') })).toMatchObject(fine);
  expect(await applyAccount(admin, { name: 'beside', ...other('b', 'us-east-1') })).toMatchObject(fine);
  const unknown = await applyAccount(admin, { name: 'unknown', ...kind('x', 'us-east-1') });
  expect(unknown).toMatchObject({ created: true });
  expect(unknown.warnings[0]).toContain('could not be told');
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
