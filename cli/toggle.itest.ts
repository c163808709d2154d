import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Door, openDoor } from '@/cli/testing/door';
import { notificationEndpoints, toggleCounts, toggleGoals } from '@/db/schema';
import { emptyToggles } from '@/server/services/testing/toggles';
import { ALL, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
let door: Door;

beforeAll(async () => {
  await emptyToggles(world, await world.as('admin'));
  door = await openDoor(await world.token(ALL, 'admin'));
}, 60_000);
afterAll(() => door.close());

const toggle = (...words: string[]) => door.run('toggle', ...words);
const idIn = (text: string) => /\((?:change|request) ([\w-]+)\)/.exec(text)?.[1] ?? '';

it('makes a toggle, switches it, tries it, takes the change back and tells it all', async () => {
  const made = await toggle(
    'create',
    'key=badge',
    'name=Price badge',
    'application=catalog',
    'tags=shop,new',
  );
  expect([made.code, made.out]).toEqual([0, 'badge is there, switched off everywhere\n']);
  const on = await toggle('on', 'badge', 'prod', '--reason', 'launch');
  expect(on.out).toMatch(/^badge is on in prod \(change \d+\)\n$/);
  expect((await toggle('on', 'badge', 'prod')).out).toBe('badge is on in prod already\n');
  expect((await toggle('list', 'tag=shop')).out).toMatch(/badge +release +prod +on +0 +Everyone gets “on”\./);
  expect((await toggle('try', 'badge', 'prod', 'targetingKey=7', 'age=7')).out).toContain(
    'true: There are no rules',
  );
  expect((await toggle('get', 'badge')).out).toContain('prod: on. Everyone gets “on”.');
  expect((await toggle('history', 'badge')).out).toMatch(/prod +Switched on +launch/);
  expect((await toggle('undo', idIn(on.out))).code).toBe(0);
  const file = await door.file('rules.json', {
    definition: {
      on: true,
      offVariant: 'off',
      defaultVariant: 'off',
      targeting: { if: [{ var: 'staff' }, 'on'] },
    },
  });
  expect((await toggle('define', 'badge', 'prod', file)).code).toBe(0);
  expect((await toggle('try', 'badge', 'prod', 'staff=true')).out).toMatch(/^true: /);
  expect((await toggle('kill', 'badge', '--reason', 'it burns')).out).toContain('badge is off in prod');
  expect((await toggle('kill', 'badge', '--reason', 'again')).out).toBe(
    'badge was off already; nothing that was planned or begun before switches it on\n',
  );
  expect((await toggle('archive', 'badge')).out).toContain('badge is archived');
  expect((await toggle('restore', 'badge')).out).toContain('badge is restored');
});

it('shows what was tracked by variant', async () => {
  await toggle('create', 'key=colour', 'name=Colour', 'kind=experiment');
  const place = { toggle: 'colour', environment: 'prod', variant: 'on', hour: new Date() };
  await world.db.insert(toggleCounts).values({ ...place, count: 40, lastAt: new Date() });
  await world.db.insert(toggleGoals).values({ ...place, goal: 'bought', count: 3, sum: 25 });
  const { out } = await toggle('show', 'colour');
  expect(out).toContain('Tracked in the last four weeks:');
  expect(out).toMatch(/prod +on +40 +bought +3 +25\n/);
  expect(out).toMatch(/prod +off +0 +- +0 +-/);
  await toggle('archive', 'colour');
});

it('says what is wrong', async () => {
  expect(await toggle('on', 'ghost', 'prod')).toMatchObject({
    code: 1,
    err: expect.stringContaining('There is no toggle “ghost”'),
  });
  expect((await toggle('kill', 'badge')).code).toBe(2);
  expect((await toggle('list', 'colour=red')).err).toContain('"colour" is not known here');
  expect((await toggle('create', 'key=x', 'name=x', 'variants=on')).err).toContain('variants=… is not JSON');
});

it('brings a flagd file in and out', async () => {
  const flags = { x: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' } };
  const file = await door.file('flags.json', { flags });
  const named = ['environment=staging', 'application=catalog'];
  expect((await toggle('import', file, ...named, '--dry-run')).out).toBe(
    'x: created\nNothing was written.\n',
  );
  expect((await toggle('import', file, ...named)).out).toBe('x: created\n');
  const mixed = await door.file('mixed.json', { flags: { bad: { variants: {} }, y: flags.x } });
  const refused = await toggle('import', mixed, ...named);
  expect([refused.code, refused.out]).toEqual([1, '']);
  expect(refused.err).toMatch(/Nothing was imported: 1 of 2 flags.*\nbad: flags\.bad\.state: /);
  expect((await toggle('import', mixed, ...named, '--partial')).out).toMatch(
    /^bad: refused\. .*\ny: created\n$/,
  );
  await toggle('archive', 'y');
  expect(JSON.parse((await toggle('export', 'staging', '--served')).out)).toMatchObject({ flags });
});

it('freezes an environment and says who is told, in words and in refusals', async () => {
  const environment = (...words: string[]) => toggle('environment', ...words);
  const times = ['from=2020-01-01T00:00:00Z', 'until=2100-01-01T00:00:00Z'];
  expect((await environment('freeze', 'staging', ...times, 'reason=holidays')).out).toBe(
    'staging is frozen from 2020-01-01T00:00:00Z until 2100-01-01T00:00:00Z\n',
  );
  expect((await environment('list')).out).toMatch(
    /staging +1 +- +2020-01-01T00:00:00Z\/2100-01-01T00:00:00Z/,
  );
  expect((await toggle('on', 'badge', 'staging')).err).toContain('staging is frozen until 2100');
  expect((await environment('freeze', 'moon', ...times, 'reason=x')).err).toContain(
    'there are staging, prod',
  );
  expect((await environment('freeze', 'staging', 'from=soon', times[1] ?? '', 'reason=x')).code).not.toBe(0);
  expect((await environment('thaw', 'staging')).out).toBe('staging has no freeze any more\n');
  expect((await environment('tell', 'prod', 'chat', 'toggle.killed')).err).toContain('endpoint “chat”');
  await world.db
    .insert(notificationEndpoints)
    .values({ name: 'chat', url: 'https://example.com', format: 'standard', secrets: [], createdBy: 'Ada' });
  expect((await environment('tell', 'prod', 'chat', 'toggle.killed')).out).toBe(
    'chat is told toggle.killed of prod\n',
  );
  expect((await environment('tell', 'prod', 'chat')).out).toBe('chat is told nothing of prod\n');
});

it('drafts a change where review is demanded, and another person applies it', async () => {
  const applied = await toggle('environment', 'apply', 'name=prod', 'review=true');
  expect(applied.out).toBe('prod is changed\n');
  expect((await toggle('environment', 'list')).out).toMatch(/prod +2 +demanded/);
  const asked = await toggle('on', 'badge', 'prod', '--reason', 'launch');
  expect(asked.out).toContain('Changes in prod demand review');
  expect((await toggle('requests')).out).toMatch(/badge +prod +\S+ \(test\) +launch/);
  expect((await toggle('approve', idIn(asked.out))).err).toContain('Another person must approve');
  await door.close();
  door = await openDoor(await world.token(ALL, 'productOwner'));
  expect((await toggle('approve', idIn(asked.out), '--comment', 'go')).out).toBe('The change is applied\n');
});

it('a product owner makes segments, but no keys', async () => {
  const file = await door.file('staff.json', { name: 'Staff', condition: { '!!': [{ var: 'staff' }] } });
  expect((await toggle('segment', 'apply', 'staff', file)).out).toBe('staff is at revision 1\n');
  expect((await toggle('segment', 'list')).out).toMatch(/staff +Staff +-/);
  expect((await toggle('segment', 'remove', 'staff')).out).toBe('staff is removed\n');
  const key = ['key', 'create', 'name=catalog', 'environment=prod'];
  expect((await toggle(...key)).err).toContain('integration.write');
  await door.close();
  door = await openDoor(await world.token(ALL, 'admin'));
  expect((await toggle(...key)).out).toMatch(/^sbt_server_\S+\n$/);
  const list = (await toggle('key', 'list')).out;
  const id = /([0-9a-f-]{36}) +catalog/.exec(list)?.[1] ?? '';
  expect((await toggle('key', 'revoke', id)).out).toBe('The key is revoked\n');
});
