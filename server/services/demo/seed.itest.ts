import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { accounts, apiTokens, audit, users } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import { readEnvironment } from '@/server/env';
import { createLogger } from '@/server/log';
import { authenticateToken } from '@/server/services/auth/authenticate-token';
import { signIn } from '@/server/services/auth/sign-in';
import { seed } from '@/server/services/demo/seed';

const { db } = await testDatabase();
const folder = await mkdtemp(path.join(tmpdir(), 'signalbox-seed-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const file = path.join(folder, 'deep', 'cli.json');

const run = (more: Record<string, string> = {}) =>
  seed(
    db,
    readEnvironment({
      SIGNALBOX_DEMO: '0',
      SIGNALBOX_CLI_FILE: file,
      SIGNALBOX_CLOUD_URL: 'http://127.0.0.1:9',
      SIGNALBOX_URL: 'http://localhost:3000',
      ...more,
    }),
    createLogger('test', 'silent'),
  );
const kept = async () => JSON.parse(await readFile(file, 'utf8'));

it('makes an admin, the local account and the token of the command line, once', async () => {
  const { adminPassword } = await run();
  expect(await signIn(db, { username: 'admin', password: adminPassword ?? '' }, 'here')).toBeDefined();
  expect(await db.select().from(accounts)).toMatchObject([{ name: 'local', provider: 'local' }]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const { url, token } = await kept();
  expect(url).toBe('http://localhost:3000');
  expect(await authenticateToken(db, token, 'cli')).toMatchObject({ roles: ['admin'], via: 'cli' });
  expect((await db.select({ actor: audit.actor, via: audit.via }).from(audit))[0]).toEqual({
    actor: 'Signalbox',
    via: 'engine',
  });

  expect(await run()).toEqual({});
  expect((await kept()).token).toBe(token);
  expect(await db.select().from(users)).toHaveLength(1);
  expect(await db.select().from(apiTokens)).toHaveLength(1);
});

it('keeps the token when only the address has changed, and makes another when it no longer works', async () => {
  const { token } = await kept();
  await run({ SIGNALBOX_URL: 'http://localhost:4000' });
  expect(await kept()).toEqual({ url: 'http://localhost:4000', token });
  await db.update(apiTokens).set({ revokedAt: new Date() });
  await run();
  expect((await kept()).token).not.toBe(token);
  await writeFile(file, 'not json');
  await run();
  expect(await authenticateToken(db, (await kept()).token, 'cli')).not.toBeNull();
});
