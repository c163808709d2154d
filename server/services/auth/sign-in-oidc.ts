import { createHash } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database, Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { users } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { type Role, roleSchema } from '@/server/domain/roles';
import { recordAudit } from '@/server/services/audit/record';
import { personActor } from '@/server/services/auth/actor';
import type { SessionClaims } from '@/server/services/auth/authenticate-session';

const profileSchema = z.looseObject({
  iss: z.string().optional(),
  sub: z.string().min(1),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
  email: z.string().optional(),
});

export interface OidcSettings {
  readonly issuer: string;
  readonly roleClaim: string;
}

/**
 * Signs in a person whom the identity provider vouches for, adding them on their first visit. Roles
 * follow the role claim when the token carries one; without it an admin gives them here, and a
 * newcomer has none.
 * @throws AppError `forbidden` when the user is disabled here.
 */
export async function signInOidc(
  db: Database,
  profile: unknown,
  settings: OidcSettings,
): Promise<SessionClaims> {
  const person = profileSchema.parse(profile);
  const subject = `${person.iss ?? settings.issuer}|${person.sub}`;
  const roles = claimedRoles(person[settings.roleClaim]);
  return db.transaction(async (tx) => {
    const [existing] = await tx.select().from(users).where(eq(users.oidcSubject, subject)).for('update');
    if (existing?.disabled) throw new AppError('forbidden', 'This user is disabled here. Ask an admin.');
    const user = existing ?? (await addPerson(tx, person, subject));
    const [row] = await tx
      .update(users)
      .set({ roles: roles ?? user.roles, email: person.email ?? user.email, lastSeenAt: sql`now()` })
      .where(eq(users.id, user.id))
      .returning({ now: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::float8` });
    if (roles && !sameRoles(roles, user.roles)) {
      await recordEvents(tx, [{ kind: 'user', subject: user.username }]);
    }
    await recordAudit(tx, personActor(user, 'web'), {
      action: existing ? 'user.signIn' : 'user.create',
      subject: user.username,
      before: existing ? { roles: existing.roles } : null,
      after: { roles: roles ?? user.roles },
    });
    return { userId: user.id, signedInAt: row?.now ?? 0 };
  });
}

/** Null when the token says nothing about roles, as opposed to saying that there are none. */
function claimedRoles(claim: unknown): Role[] | null {
  if (claim === undefined) return null;
  const names = Array.isArray(claim) ? claim : [claim];
  return [...new Set(names.flatMap((name) => roleSchema.safeParse(name).data ?? []))];
}

function sameRoles(one: readonly Role[], other: readonly Role[]): boolean {
  return one.length === other.length && one.every((role) => other.includes(role));
}

async function addPerson(tx: Transaction, person: z.output<typeof profileSchema>, subject: string) {
  const wanted = (person.preferred_username ?? person.email ?? person.sub).toLowerCase();
  const [taken] = await tx.select({ id: users.id }).from(users).where(eq(users.username, wanted));
  // Never join an account by name: the identity provider's names are not ours.
  const username = taken
    ? `${wanted}-${createHash('sha256').update(subject).digest('hex').slice(0, 6)}`
    : wanted;
  const [user] = await tx
    .insert(users)
    .values({
      username,
      displayName: person.name ?? username,
      email: person.email ?? null,
      oidcSubject: subject,
      // A second earlier, so that the session that begins now is not older than this.
      sessionsValidFrom: sql`now() - interval '1 second'`,
    })
    .returning();
  if (!user) throw new AppError('internal', 'The person could not be added. Try again.');
  await recordEvents(tx, [{ kind: 'user', subject: username }]);
  return user;
}
