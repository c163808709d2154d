import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Door, openDoor } from '@/cli/testing/door';
import { accounts, executions, pins, serverGroups, vetoes } from '@/db/schema';
import { applyApplication } from '@/server/services/applications/apply';
import { ALL, catalogDefinition, seeServerGroup, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const { db } = world;
let door: Door;

beforeAll(async () => {
  // The other one, legacy-web, only a platform knows.
  await applyApplication(await world.as('admin'), catalogDefinition('legacy'));
  door = await openDoor(await world.token(ALL, 'admin'));
}, 30_000);
afterAll(() => door.close());
afterEach(async () => {
  for (const table of [executions, pins, vetoes, serverGroups]) await db.delete(table);
});

const seeVersions = async (application: string, environment: string) => {
  await seeServerGroup(world, 'eu', environment, 0, '1.0.0', { application });
  await seeServerGroup(world, 'eu', environment, 1, '1.1.0', { application, traffic: 1 });
};
/** One account has a cluster of a name once. */
const moveTo = async (account: string) => {
  await db.insert(accounts).values({ name: account, provider: 'local' });
  for (const { data } of await db.select().from(serverGroups))
    await db
      .update(serverGroups)
      .set({ account, data: { ...data, account } })
      .where(eq(serverGroups.name, data.name));
};
const begun = async (application: string) =>
  (await db.select().from(executions).where(eq(executions.application, application))).map(
    (one) => one.trigger.kind,
  );

it('finds the application of a cluster, also where its name has a dash', async () => {
  await seeVersions('legacy-web', 'prod');
  expect(await door.run('rollback', 'legacy-web-prod')).toMatchObject({ code: 0 });
  expect(await begun('legacy-web')).toEqual(['rollback']);
  expect(await begun('legacy')).toEqual([]);
  expect(await door.run('unpin', 'legacy-web-prod', '--reason', 'found it')).toMatchObject({ code: 0 });
});

it('asks which application is meant when two have a cluster of that name, and believes what it is told', async () => {
  await seeVersions('legacy', 'web-prod');
  await moveTo('elsewhere');
  await seeVersions('legacy-web', 'prod');
  expect(await door.run('rollback', 'legacy-web-prod')).toMatchObject({
    code: 2,
    err: expect.stringContaining('legacy and legacy-web both have a cluster "legacy-web-prod"'),
  });
  expect(await begun('legacy')).toEqual([]);
  expect(await door.run('rollback', 'legacy-web-prod', '--application', 'legacy')).toMatchObject({ code: 0 });
  expect(await begun('legacy')).toEqual(['rollback']);
  expect(await begun('legacy-web')).toEqual([]);
});

it('says which clusters there are when nobody has the one that was named', async () => {
  expect(await door.run('rollback', 'legacy-web-pord')).toMatchObject({
    code: 1,
    err: expect.stringContaining('legacy-prod'),
  });
  expect(await door.run('rollback', 'nothing')).toMatchObject({
    code: 2,
    err: expect.stringContaining('signalbox status'),
  });
});

it('says who keeps a cluster that is called as others like', async () => {
  const { name, ...seen } = await seeServerGroup(world, 'eu', 'prod', 1, '1.1.0', { application: 'legacy' });
  const cluster = 'twin.daemonset';
  const managedBy = { kind: 'DaemonSet', name: 'twin' };
  const data = { ...seen, name, cluster, managedBy };
  await db.update(serverGroups).set({ cluster, data }).where(eq(serverGroups.name, name));
  expect(await door.run('rollback', cluster)).toMatchObject({
    code: 1,
    err: expect.stringContaining('DaemonSet twin keeps these instances'),
  });
});

it('takes a version back in all environments where it serves, and says before what would happen', async () => {
  await seeVersions('catalog', 'staging');
  await seeVersions('catalog', 'prod');
  const take = (...more: string[]) =>
    door.run('rollback', '--application', 'catalog', '--release', '1.1.0', ...more);
  const said = await take('--dry-run');
  expect(said).toMatchObject({ code: 0, out: expect.stringContaining('1.1.0 → 1.0.0 (catalog-prod-v000)') });
  expect(said.out).toContain('staging (catalog-staging on local, Local cloud)');
  expect(await begun('catalog')).toEqual([]);
  expect(await take('--reason', 'slow')).toMatchObject({ code: 0 });
  expect(await begun('catalog')).toEqual(['rollback']);
  expect((await db.select().from(pins)).map(({ cluster }) => cluster).toSorted()).toEqual([
    'catalog-prod',
    'catalog-staging',
  ]);
});

it('wants one thing to roll back, not two and not none', async () => {
  for (const words of [
    [],
    ['--release', '1.1.0'],
    ['catalog-prod', '--execution', 'x'],
    ['catalog-prod', '--dry-run'],
  ])
    expect(await door.run('rollback', ...words)).toMatchObject({
      code: 2,
      err: expect.stringContaining('Name a cluster, or --execution <id>'),
    });
});
