import { describe, expect, it } from 'vitest';
import { createDatabase } from '@/db/client';
import { appRouter } from '@/server/api/root';
import { createCaller } from '@/server/api/trpc';
import { credentialsSchema } from '@/server/services/auth/sign-in';
import { runtime, setRuntime } from '@/server/services/runtime';
import { ALL, testWorld } from '@/server/services/testing/world';

/** What every door refuses in the same way, whatever is asked. */

const world = await testWorld();
const { rest } = world;
const admin = await world.token(ALL, 'admin', 'releaseManager');

const NUL = 'a\u0000b';
const HALF = 'a\ud800b';

describe('text that the database cannot keep', () => {
  const start = '/applications/catalog/pipelines/deploy-staging/executions';
  const cases: readonly (readonly [string, string, string, unknown, string])[] = [
    ['a parameter', 'POST', start, { parameters: { why: NUL } }, 'parameters.why'],
    ['the name of a parameter', 'POST', start, { parameters: { [HALF]: 'x' } }, 'parameters'],
    ['a version', 'POST', start, { artifacts: [{ name: 'catalog', version: HALF }] }, 'artifacts.0.version'],
    ['the name of a token', 'POST', '/tokens', { name: NUL, scopes: ['read'] }, 'name'],
    ['a segment of the path', 'GET', '/applications/a%00b', undefined, 'app'],
    ['a query', 'GET', '/executions?application=a%00b', undefined, 'application'],
    ['the name in a definition', 'PUT', '/applications/catalog', { name: HALF }, 'name'],
    [
      'JSON that is nested without end',
      'POST',
      start,
      `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      'nested',
    ],
  ];
  it.each(cases)('is refused over REST with its place: %s', async (_name, method, path, body, place) => {
    const answer = await rest(method, path, { token: admin, ...(body === undefined ? {} : { body }) });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { code: 'bad_request', message: expect.stringContaining(place) } },
    });
  });

  it('is refused over tRPC with its place', async () => {
    const caller = createCaller(appRouter)(await world.as('admin'));
    for (const name of [NUL, HALF]) {
      await expect(caller.pipelines.get({ application: 'catalog', name })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
        message: expect.stringContaining('name: holds a character'),
      });
    }
  });

  it('is no name to sign in with', () => {
    expect(credentialsSchema.safeParse({ username: NUL, password: 'x' }).success).toBe(false);
  });

  it('leaves every other character alone', async () => {
    const answer = await rest('GET', `/executions?application=${encodeURIComponent('신호 🚦')}`, {
      token: admin,
    });
    expect(answer.status).toBe(200);
  });
});

it('refuses a path that cannot be decoded with a sentence', async () => {
  expect(await rest('GET', '/applications/%zz', { token: admin })).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining('%') } },
  });
});

it('says that it will pass while the database is away, at every door', async () => {
  const before = runtime();
  const nowhere = createDatabase('postgres://someone@127.0.0.1:1/none');
  setRuntime({ ...before, db: nowhere.db });
  try {
    const unavailable = { error: { code: 'unavailable', message: expect.stringContaining('try again') } };
    expect(await rest('GET', '/applications', { token: admin })).toMatchObject({
      status: 503,
      body: unavailable,
    });
    const caller = createCaller(appRouter)({ ...(await world.as('admin')), db: nowhere.db });
    await expect(caller.pipelines.list({ application: 'catalog' })).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
  } finally {
    setRuntime(before);
    await nowhere.close();
  }
});
