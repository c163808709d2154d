import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '@/db/client';
import { users } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { isStorable } from '@/server/domain/storable';
import { recordAudit } from '@/server/services/audit/record';
import { personActor } from '@/server/services/auth/actor';
import type { SessionClaims } from '@/server/services/auth/authenticate-session';
import { verifyPassword } from '@/server/services/auth/password';
import { countSignInTry, forgetSignInTries } from '@/server/services/auth/sign-in-limit';

export const credentialsSchema = z.object({
  username: z.string().trim().toLowerCase().min(1).max(200).refine(isStorable),
  password: z.string().min(1).max(200),
});

/**
 * Signs a local user in by password.
 * @throws AppError `unauthenticated` for a wrong name or password (the same sentence for both),
 * `rate_limited` after too many tries.
 */
export async function signIn(
  db: Database,
  credentials: z.output<typeof credentialsSchema>,
  address: string,
): Promise<SessionClaims> {
  const { username, password } = credentials;
  await countSignInTry(db, username, address);
  const [user] = await db.select().from(users).where(eq(users.username, username));
  const known = await verifyPassword(password, user?.passwordHash ?? null);
  if (!user || !known || user.disabled) {
    throw new AppError('unauthenticated', 'The name or the password is wrong.');
  }
  await forgetSignInTries(db, username, address);
  return db.transaction(async (tx) => {
    await recordAudit(tx, personActor(user, 'web'), { action: 'user.signIn', subject: user.username });
    // The database's clock, because sessions are ended by it and the web's may differ.
    const [row] = await tx
      .update(users)
      .set({ lastSeenAt: sql`now()` })
      .where(eq(users.id, user.id))
      .returning({
        now: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::float8`,
      });
    return { userId: user.id, signedInAt: row?.now ?? 0 };
  });
}
