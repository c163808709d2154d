import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { users } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { recordAudit } from '@/server/services/audit/record';
import { hashPassword, verifyPassword } from '@/server/services/auth/password';
import { countSignInTry, forgetSignInTries } from '@/server/services/auth/sign-in-limit';
import { requireActor, type ServiceContext } from '@/server/services/context';
import { lockUser } from '@/server/services/users/rows';

export const changePasswordInput = z.object({
  current: z.string().min(1).max(200),
  next: z.string().min(10, 'use at least 10 characters').max(200),
});

/** Changes one's own password and ends all one's sessions, this one included: sign in anew. */
export async function changePassword(
  ctx: ServiceContext,
  input: z.output<typeof changePasswordInput>,
): Promise<{ ok: true }> {
  const actor = requireActor(ctx);
  // A token that leaked must not be able to take the account over.
  if (actor.via !== 'web' || !actor.userId) {
    throw new AppError('forbidden', 'A password is changed in the browser, signed in as its owner.');
  }
  const userId = actor.userId;
  const passwordHash = await hashPassword(input.next);
  await countSignInTry(ctx.db, userId, 'change-password');
  await ctx.db.transaction(async (tx) => {
    const user = await lockUser(tx, userId);
    if (user.oidcSubject !== null)
      throw new AppError('conflict', 'You sign in elsewhere. Change the password there.');
    if (!(await verifyPassword(input.current, user.passwordHash))) {
      throw new AppError('unprocessable', 'The current password is wrong. Nothing was changed.');
    }
    await tx.update(users).set({ passwordHash, sessionsValidFrom: sql`now()` }).where(eq(users.id, userId));
    await recordAudit(tx, actor, { action: 'user.changePassword', subject: user.username });
  });
  await forgetSignInTries(ctx.db, userId, 'change-password');
  return { ok: true };
}
