import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Door, openDoor } from '@/cli/testing/door';
import { accounts } from '@/db/schema';
import { disposeCloud, startCloudProcess } from '@/server/local-cloud/testing/cloud-process';
import { ALL, seeServerGroup, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
let cloud: Awaited<ReturnType<typeof startCloudProcess>>;
let door: Door;

beforeAll(async () => {
  cloud = await startCloudProcess();
  door = await openDoor(await world.token(ALL, 'admin'));
}, 30_000);
afterAll(async () => {
  await door.close();
  await disposeCloud(cloud);
});

it('connects an account, tries it, and lets it go when nothing uses it', async () => {
  const endpoint = `endpointFile=${join(cloud.dir, 'endpoint.json')}`;
  const applied = await door.run('account', 'apply', 'name=garage', 'provider=local', endpoint);
  expect(applied).toMatchObject({
    code: 0,
    out: expect.stringContaining('garage is created'),
    err: expect.stringContaining('signalbox account test garage'),
  });

  const tried = await door.run('account', 'test', 'garage');
  expect(tried).toMatchObject({ code: 0, out: expect.stringContaining(cloud.url) });
  expect((await door.run('account', 'list')).out).toContain('garage');

  const kept = await door.run('account', 'remove', 'local');
  expect(kept).toMatchObject({ code: 1, err: expect.stringContaining('the environment "prod" of catalog') });
  expect(await door.run('account', 'remove', 'garage')).toMatchObject({ code: 0 });
});

it('takes namespaces in plain words, one or several', async () => {
  const words = ['account', 'apply', 'name=plain', 'provider=kubernetes', 'kubeconfig=/nowhere/at-all'];
  const names = await Promise.all(
    ['namespaces=shop', 'namespaces=[shop]', 'namespaces=shop,tools'].map(async (given, index) => {
      const answer = await door.run(...words.with(2, `name=plain${index}`), given);
      return answer.code === 0 ? null : answer.err;
    }),
  );
  expect(names).toEqual([null, null, null]);
  const kept = await world.db.select().from(accounts).where(eq(accounts.provider, 'kubernetes'));
  expect(kept.map(({ name, config }) => [name, config.namespaces]).toSorted()).toEqual([
    ['plain0', ['shop']],
    ['plain1', ['shop']],
    ['plain2', ['shop', 'tools']],
  ]);
});

it('says which setting is missing, and where a list is no JSON; templates are no objects', async () => {
  const apply = (...words: string[]) => door.run('account', 'apply', 'name=typo', ...words);
  expect(await apply('provider=aws')).toMatchObject({
    code: 1,
    err: expect.stringContaining('config.regions: is missing.'),
  });
  for (const given of ['regions=[{region:eu-west-1}]', 'regions=["eu-west-1"', 'gateway={name:edge}'])
    expect(await apply('provider=aws', given)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`${given.split('=')[0]}=… is a list or an object that is not valid JSON.`),
    });
  const template = ['namespaces=typo', 'kubeconfig=/nowhere', 'images={name}'];
  expect(await apply('provider=kubernetes', ...template)).toMatchObject({ code: 0 });
});

it('exits 1 when an account cannot be reached, and says why', async () => {
  await door.run(
    'account',
    'apply',
    'name=moon',
    'provider=local',
    'url=http://127.0.0.1:1',
    'tokenEnv=HOME',
  );
  const tried = await door.run('account', 'test', 'moon');
  expect(tried).toMatchObject({ code: 1, out: expect.stringContaining('cannot be reached') });
});

it('says of a log and of a dry run what cannot be had', async () => {
  await seeServerGroup(world, 'eu', 'prod', 1, '1.0.0');
  const log = await door.run('logs', 'catalog-prod-v009');
  expect(log).toMatchObject({ code: 1, err: expect.stringContaining('no server group "catalog-prod-v009"') });

  const dry = ['deploy', 'artifact=catalog', 'environment=prod', 'version=1.1.0', '--dry-run'];
  // No platform answers here.
  expect(await door.run(...dry)).toMatchObject({
    code: 1,
    out: expect.stringContaining('would be refused: The platform refused: the local cloud'),
  });
});
