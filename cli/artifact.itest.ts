import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Door, openDoor } from '@/cli/testing/door';
import { findArtifact } from '@/server/services/artifacts/find';
import { ALL, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
let door: Door;

beforeAll(async () => {
  door = await openDoor(await world.token(ALL, 'admin'));
}, 30_000);
afterAll(() => door.close());

it('makes an image known by its digest, and refuses another one under the same version', async () => {
  const register = (digit: string) =>
    door.run(
      'artifact',
      'register',
      'name=shop',
      'version=2.0.0',
      `digest=sha256:${digit.repeat(64)}`,
      'commit=abc',
    );
  expect(await register('a')).toMatchObject({
    code: 0,
    out: expect.stringContaining('shop 2.0.0 sha256:aaa'),
  });
  expect(await findArtifact(world.db, 'shop', '2.0.0')).toMatchObject({ metadata: { commit: 'abc' } });
  expect(await register('b')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/exists with other content.*another form of this version.*name of its own/),
  });
});
