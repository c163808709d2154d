import { and, eq, lte, sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { users } from '@/db/schema';
import { personActor } from '@/server/services/auth/actor';
import type { Actor } from '@/server/services/context';

export interface SessionClaims {
  readonly userId: string;
  /** When the person signed in, by the database's clock, in milliseconds. */
  readonly signedInAt: number;
}

/**
 * Who a session belongs to, asked anew on every request: null as soon as the user is disabled or
 * their sessions were ended after this one began.
 */
export async function authenticateSession(db: Database, claims: SessionClaims): Promise<Actor | null> {
  const [user] = await db
    .select({
      id: users.id,
      displayName: users.displayName,
      roles: users.roles,
      unseen: sql<boolean>`${users.lastSeenAt} is null or ${users.lastSeenAt} < now() - interval '1 minute'`,
    })
    .from(users)
    .where(
      and(
        eq(users.id, claims.userId),
        eq(users.disabled, false),
        lte(users.sessionsValidFrom, new Date(claims.signedInAt)),
      ),
    );
  if (!user) return null;
  if (user.unseen) await db.update(users).set({ lastSeenAt: sql`now()` }).where(eq(users.id, user.id));
  return personActor(user, 'web');
}
