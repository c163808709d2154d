import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { users } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { recordAudit } from '@/server/services/audit/record';
import { generatePassword, hashPassword } from '@/server/services/auth/password';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { lockUser } from '@/server/services/users/rows';

export const resetPasswordInput = z.object({ userId: z.uuid() });

/** Gives a user a new generated password, answered once; ends their sessions. */
export async function resetPassword(
  ctx: ServiceContext,
  input: z.output<typeof resetPasswordInput>,
): Promise<{ password: string }> {
  const actor = requirePermission(ctx, 'user.admin');
  const password = generatePassword();
  const passwordHash = await hashPassword(password);
  return ctx.db.transaction(async (tx) => {
    const user = await lockUser(tx, input.userId);
    if (user.oidcSubject !== null) {
      throw new AppError('conflict', `${user.displayName} signs in elsewhere. Reset the password there.`);
    }
    await tx.update(users).set({ passwordHash, sessionsValidFrom: sql`now()` }).where(eq(users.id, user.id));
    await recordAudit(tx, actor, { action: 'user.resetPassword', subject: user.username });
    await recordEvents(tx, [{ kind: 'user', subject: user.username }]);
    return { password };
  });
}
