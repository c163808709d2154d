import { and, eq, sql } from 'drizzle-orm';
import { encode } from 'next-auth/jwt';
import { describe, expect, it } from 'vitest';
import { audit, signInFailures, users } from '@/db/schema';
import { readSession } from '@/server/api/auth/session';
import { sessionContext } from '@/server/api/http/context';
import { requireSameOrigin } from '@/server/api/http/origin';
import { authenticateSession } from '@/server/services/auth/authenticate-session';
import { signIn } from '@/server/services/auth/sign-in';
import { signInOidc } from '@/server/services/auth/sign-in-oidc';
import { runtime } from '@/server/services/runtime';
import { testWorld } from '@/server/services/testing/world';
import { createToken } from '@/server/services/tokens/create';
import { revokeToken } from '@/server/services/tokens/revoke';
import { changePassword } from '@/server/services/users/change-password';
import { createUser } from '@/server/services/users/create';
import { resetPassword } from '@/server/services/users/reset-password';
import { setDisabled } from '@/server/services/users/set-disabled';
import { setRoles } from '@/server/services/users/set-roles';

const world = await testWorld();
const { db } = world;
const admin = await world.as('admin');
const PASSWORD = 'correct horse battery';

async function person(username: string, password = PASSWORD): Promise<{ id: string; username: string }> {
  const { id } = await createUser(admin, { username, displayName: username, roles: ['engineer'], password });
  return { id, username };
}

const enter = (username: string, password = PASSWORD, address = '10.0.0.1') =>
  signIn(db, { username, password }, address);

describe('signing in by password', () => {
  it('knows the right one, and says the same of a wrong name and a wrong password', async () => {
    const { id } = await person('anna');
    expect(await enter('anna')).toMatchObject({ userId: id });
    const wrong = await enter('anna', 'nope').catch((error: unknown) => error);
    const unknown = await enter('nobody', 'nope').catch((error: unknown) => error);
    expect(wrong).toMatchObject({ code: 'unauthenticated' });
    expect(String(unknown)).toBe(String(wrong));
  });

  it('keeps a hash, never the password', async () => {
    await person('bert');
    const [row] = await db.select().from(users).where(eq(users.username, 'bert'));
    expect(row?.passwordHash).toMatch(/^scrypt\$32768\$8\$3\$/);
    expect(JSON.stringify(row)).not.toContain(PASSWORD);
    expect(
      JSON.stringify(await db.select({ before: audit.before, after: audit.after }).from(audit)),
    ).not.toContain(PASSWORD);
  });

  it('stops after five wrong tries from one address, also when they come at once, and lets others in', async () => {
    await person('carl');
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => enter('carl', 'guess')));
    const codes = tries.map((one) => (one.status === 'rejected' ? one.reason.code : 'in'));
    expect(codes.filter((code) => code === 'unauthenticated').length).toBeLessThanOrEqual(5);
    await expect(enter('carl')).rejects.toMatchObject({ code: 'rate_limited' });
    expect(await enter('carl', PASSWORD, '10.0.0.2')).toBeDefined();
    await db.update(signInFailures).set({ at: sql`now() - interval '16 minutes'` });
    expect(await enter('carl')).toBeDefined();
  });

  it('forgets the wrong tries before a right one', async () => {
    await person('dora');
    const tries = Array.from({ length: 4 }, () => ({ username: 'dora', address: '10.0.0.1' }));
    for (let round = 0; round < 2; round++) {
      await db.insert(signInFailures).values(tries);
      expect(await enter('dora')).toBeDefined();
    }
  });

  it('holds back guesses that come with ever new addresses', async () => {
    await person('emil');
    await db
      .insert(signInFailures)
      .values(Array.from({ length: 50 }, (_, n) => ({ username: 'emil', address: `1.1.1.${n}` })));
    await expect(enter('emil', 'guess', '9.9.9.9')).rejects.toMatchObject({ code: 'rate_limited' });
  });
});

describe('a session', () => {
  const { env } = runtime();
  const cookieFor = async (claims: { userId: string; signedInAt: number }) => {
    const token = { sub: claims.userId, signedInAt: claims.signedInAt };
    return `other=1; signalbox.session=${await encode({ token, secret: env.SIGNALBOX_SECRET ?? '' })}`;
  };

  it('is known by its cookie, and a forged or foreign one is nobody', async () => {
    await person('fritz');
    const cookie = await cookieFor(await enter('fritz'));
    const { actor } = await sessionContext(new Headers({ cookie }));
    expect(actor).toMatchObject({ name: 'fritz', roles: ['engineer'], via: 'web' });
    expect((await sessionContext(new Headers())).actor).toBeNull();
    const forged = await encode({
      token: { sub: actor?.userId ?? '', signedInAt: Date.now() },
      secret: 'y'.repeat(32),
    });
    for (const value of [forged, 'nonsense', '']) {
      expect(await readSession(`signalbox.session=${value}`, env)).toBeNull();
    }
  });

  it('ends when the user is disabled, when the password is reset and when it is changed', async () => {
    const { id } = await person('gerd');
    const first = await enter('gerd');
    expect(await authenticateSession(db, first)).not.toBeNull();
    await setDisabled(admin, { userId: id, disabled: true });
    expect(await authenticateSession(db, first)).toBeNull();
    await expect(enter('gerd')).rejects.toMatchObject({ code: 'unauthenticated' });
    await setDisabled(admin, { userId: id, disabled: false });
    expect(await authenticateSession(db, first)).toBeNull();

    const second = await enter('gerd');
    const { password } = await resetPassword(admin, { userId: id });
    expect(await authenticateSession(db, second)).toBeNull();

    const third = await enter('gerd', password);
    const actor = await authenticateSession(db, third);
    const mine = { ...admin, actor };
    await expect(changePassword(mine, { current: 'wrong', next: PASSWORD })).rejects.toMatchObject({
      code: 'unprocessable',
    });
    expect(await authenticateSession(db, third)).not.toBeNull();
    await changePassword(mine, { current: password, next: PASSWORD });
    expect(await authenticateSession(db, third)).toBeNull();
    expect(await enter('gerd')).toBeDefined();
  });

  it('cannot be used by another site', () => {
    const post = (origin?: string) =>
      new Request('http://127.0.0.1:3000/api/trpc/x', {
        method: 'POST',
        headers: { host: '127.0.0.1:3000', ...(origin ? { origin } : {}) },
      });
    for (const good of ['http://localhost:3000', 'http://127.0.0.1:3000', undefined]) {
      expect(() => requireSameOrigin(post(good), 'http://localhost:3000')).not.toThrow();
    }
    for (const bad of ['http://evil.example', 'http://localhost:3001', 'null']) {
      expect(() => requireSameOrigin(post(bad), 'http://localhost:3000')).toThrow(/not accepted/);
    }
  });
});

describe('signing in by OpenID Connect', () => {
  const settings = { issuer: 'https://id.example', roleClaim: 'roles' };
  const profile = { iss: 'https://id.example', sub: '42', preferred_username: 'Hanna', name: 'Hanna H' };
  const rolesOf = async (userId: string) =>
    (
      await db
        .select({ roles: users.roles, username: users.username })
        .from(users)
        .where(eq(users.id, userId))
    )[0];

  it('adds a newcomer without rights, and follows the role claim when there is one', async () => {
    const { userId, signedInAt } = await signInOidc(db, profile, settings);
    expect(await rolesOf(userId)).toEqual({ roles: [], username: 'hanna' });
    expect(await authenticateSession(db, { userId, signedInAt })).toMatchObject({ roles: [] });
    const again = await signInOidc(db, { ...profile, roles: ['releaseManager', 'janitor'] }, settings);
    expect(again.userId).toBe(userId);
    expect((await rolesOf(userId))?.roles).toEqual(['releaseManager']);
  });

  it('never takes over a local user of the same name, and stays out when disabled', async () => {
    const { id } = await person('ida');
    const { userId } = await signInOidc(db, { ...profile, sub: '43', preferred_username: 'ida' }, settings);
    expect(userId).not.toBe(id);
    await setDisabled(admin, { userId, disabled: true });
    await expect(signInOidc(db, { ...profile, sub: '43' }, settings)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(resetPassword(admin, { userId })).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('the last admin', () => {
  it('cannot be demoted or locked out, not even by two who demote each other at once', async () => {
    const fresh = await testWorldOfTwoAdmins();
    const [one, two] = fresh;
    const results = await Promise.allSettled([
      setRoles(admin, { userId: one, roles: ['engineer'] }),
      setRoles(admin, { userId: two, roles: ['engineer'] }),
    ]);
    expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const [left] = await db
      .select()
      .from(users)
      .where(and(eq(users.disabled, false), sql`'admin' = any(${users.roles})`));
    await expect(setDisabled(admin, { userId: left?.id ?? '', disabled: true })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  async function testWorldOfTwoAdmins(): Promise<[string, string]> {
    await db.update(users).set({ disabled: true });
    const one = await createUser(admin, { username: 'root1', displayName: 'Root 1', roles: ['admin'] });
    const two = await createUser(admin, { username: 'root2', displayName: 'Root 2', roles: ['admin'] });
    return [one.id, two.id];
  }
});

describe('tokens', () => {
  it('cannot be given what their maker may not do, and are only ended by their owner or an admin', async () => {
    const engineer = await world.as('engineer');
    await expect(createToken(engineer, { name: 'x', scopes: ['judgment.decide'] })).rejects.toMatchObject({
      code: 'forbidden',
    });
    const narrow = {
      ...engineer,
      actor: engineer.actor && { ...engineer.actor, permissions: new Set(['token.own' as const]) },
    };
    await expect(createToken(narrow, { name: 'x', scopes: ['read'] })).rejects.toMatchObject({
      code: 'forbidden',
    });
    const { id } = await createToken(engineer, { name: 'x', scopes: ['read'] });
    await expect(revokeToken(await world.as('engineer'), { id })).rejects.toMatchObject({
      code: 'not_found',
    });
    await revokeToken(await world.as('admin'), { id });
    await expect(revokeToken(engineer, { id })).rejects.toMatchObject({ code: 'not_found' });
  });
});
