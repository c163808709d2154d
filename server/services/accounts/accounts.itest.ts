import { join } from 'node:path';
import { desc } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { audit, serverGroups } from '@/db/schema';
import { disposeCloud, startCloudProcess } from '@/server/local-cloud/testing/cloud-process';
import { applyAccount } from '@/server/services/accounts/apply';
import { checkAccount } from '@/server/services/accounts/check';
import { getAccount } from '@/server/services/accounts/get';
import { listAccounts } from '@/server/services/accounts/list';
import { removeAccount } from '@/server/services/accounts/remove';
import { listAccountTypes } from '@/server/services/accounts/types';
import { seeServerGroup, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const admin = await world.as('admin');
let cloud: Awaited<ReturnType<typeof startCloudProcess>>;

beforeAll(async () => {
  cloud = await startCloudProcess();
}, 30_000);
afterAll(() => disposeCloud(cloud));

const endpoint = () => ({ endpointFile: join(cloud.dir, 'endpoint.json') });

it('tells what is on a platform before and after its account is kept', async () => {
  const config = endpoint();
  const before = await checkAccount(admin, { provider: 'local', config });
  await applyAccount(admin, { name: 'garage', provider: 'local', config });
  const after = await checkAccount(admin, { name: 'garage', config: {} });

  expect(before).toMatchObject({ ok: true, problems: [] });
  expect(before.facts.join(' ')).toContain(cloud.url);
  expect(after).toEqual(before);
  expect(JSON.stringify(after)).not.toContain(cloud.token);
});

it('says in a sentence why a platform cannot be reached', async () => {
  const nowhere = { url: 'http://127.0.0.1:1', tokenEnv: 'HOME' };
  const check = await checkAccount(admin, { provider: 'local', config: nowhere });
  expect(check).toMatchObject({ ok: false, facts: [] });
  expect(check.problems[0]).toContain('cannot be reached');
});

it('refuses settings that do not fit, at their place', async () => {
  const wrong = { provider: 'local', config: { url: 'nowhere', token: 'hunter2' } };
  await expect(checkAccount(admin, wrong)).rejects.toMatchObject({ code: 'bad_request' });
  await expect(applyAccount(admin, { name: 'x', ...wrong })).rejects.toMatchObject({
    code: 'bad_request',
    message: expect.stringContaining('config'),
  });
  await expect(checkAccount(admin, { config: {} })).rejects.toMatchObject({ code: 'bad_request' });
});

it('gives a form for every platform, and settings only to those who may change them', async () => {
  const types = await listAccountTypes(admin, {});
  expect(types.find(({ kind }) => kind === 'local')?.configSchema).toMatchObject({
    type: 'object',
    properties: { url: { type: 'string' } },
  });
  expect(await getAccount(admin, { name: 'garage' })).toEqual({
    name: 'garage',
    provider: 'local',
    config: endpoint(),
  });
});

it('keeps an account that is used and says by what', async () => {
  await expect(removeAccount(admin, { name: 'local' })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('the environment "prod" of catalog'),
  });
  expect((await listAccounts(admin, {})).map(({ account }) => account)).toContain('local');
});

it('forgets an account that nothing uses, with all that was seen of it', async () => {
  const group = await seeServerGroup(world, 'eu', 'prod', 1, '1.0.0');
  const data = { ...group, account: 'garage' };
  const { region, name, application, cluster } = group;
  await world.db.insert(serverGroups).values({ account: 'garage', region, name, application, cluster, data });

  await removeAccount(admin, { name: 'garage' });

  expect((await listAccounts(admin, {})).map(({ account }) => account)).not.toContain('garage');
  const left = await world.db.select({ account: serverGroups.account }).from(serverGroups);
  expect(left).toEqual([{ account: 'local' }]);
  const [last] = await world.db.select().from(audit).orderBy(desc(audit.id)).limit(1);
  expect(last).toMatchObject({ action: 'account.remove', subject: 'garage' });
  await expect(removeAccount(admin, { name: 'garage' })).rejects.toMatchObject({ code: 'not_found' });
});
