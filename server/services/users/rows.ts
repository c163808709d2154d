import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { users } from '@/db/schema';
import { AppError } from '@/server/domain/errors';

type User = typeof users.$inferSelect;

/** A user, held until the transaction ends. @throws AppError `not_found`. */
export async function lockUser(tx: Transaction, id: string): Promise<User> {
  const [user] = await tx.select().from(users).where(eq(users.id, id)).for('update');
  if (user) return user;
  throw new AppError('not_found', 'There is no such user. Reload the list.');
}

/**
 * Keeps the door from closing behind the last one who could open it. All admins are locked, so that
 * two admins who demote each other at the same moment cannot both succeed.
 * @throws AppError `conflict` when `user` is the only admin who can sign in.
 */
export async function requireAnotherAdmin(tx: Transaction, user: User): Promise<void> {
  const admins = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.disabled, false), sql`'admin' = any(${users.roles})`))
    .orderBy(users.id)
    .for('update');
  if (admins.every((admin) => admin.id === user.id)) {
    throw new AppError(
      'conflict',
      `${user.displayName} is the last admin. Make someone else an admin first.`,
    );
  }
}

/** What the audit trail may hold of a user. */
export function auditedUser({ username, displayName, roles, disabled }: User) {
  return { username, displayName, roles, disabled };
}
