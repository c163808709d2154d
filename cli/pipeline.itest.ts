import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Door, openDoor } from '@/cli/testing/door';
import { testWorld } from '@/server/services/testing/world';

const world = await testWorld();
let door: Door;

beforeAll(async () => {
  door = await openDoor(await world.token(['read', 'pipeline.write'], 'engineer'));
}, 60_000);
afterAll(() => door.close());

it('brings a pipeline out and in again without a change', async () => {
  const exported = await door.run('pipeline', 'export', 'application=catalog', 'name=deploy-prod');
  expect(exported.code).toBe(0);
  const again = await door.run(
    'pipeline',
    'import',
    await door.file('own.json', exported.out),
    'application=catalog',
  );
  expect([again.code, again.out]).toEqual([0, 'deploy-prod is at revision 1\n']);
});

it('tries a pipeline of Spinnaker, says what would become of it, and brings it in', async () => {
  const cluster = { account: 'aws', application: 'catalog', stack: 'live', strategy: 'highlander' };
  const path = await door.file('theirs.json', {
    name: 'Ship it',
    stages: [
      { refId: '1', type: 'bake', name: 'Bake', requisiteStageRefIds: [] },
      { refId: '2', type: 'deploy', name: 'Deploy', requisiteStageRefIds: ['1'], clusters: [cluster] },
    ],
  });
  const tried = await door.run('pipeline', 'import', path, 'application=catalog', '--dry-run');
  expect(tried.code).toBe(0);
  expect(tried.out).toContain('stage 1 "Bake" (bake): no equivalent');
  expect(tried.out).toContain('Name it with map aws/catalog-live=<environment>');
  expect(tried.out).toContain('Nothing was written.');
  const done = await door.run(
    'pipeline',
    'import',
    path,
    'application=catalog',
    '--map',
    'aws/catalog-live=prod',
  );
  expect(done.out).toContain('stage 2 "Deploy" (deploy): converted\n');
  expect(done.out).toContain('ship-it is at revision 1');
  const exported = await door.run('pipeline', 'export', 'application=catalog', 'name=ship-it');
  expect(exported.out).toContain('"strategy": "highlander"');
});

it('is bad usage to try one of our own, or to give no application', async () => {
  const path = await door.file('plain.json', { name: 'plain', stages: [] });
  expect((await door.run('pipeline', 'import', path, 'application=catalog', '--dry-run')).code).toBe(2);
  expect((await door.run('pipeline', 'import', path, 'name=x')).code).toBe(2);
  expect((await door.run('pipeline', 'import', path, 'application=catalog')).err).toContain('stages');
});
