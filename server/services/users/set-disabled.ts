import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { users } from '@/db/schema';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { auditedUser, lockUser, requireAnotherAdmin } from '@/server/services/users/rows';

export const setDisabledInput = z.object({ userId: z.uuid(), disabled: z.boolean() });

/** Locks a user out, ending their sessions, or lets them in again. Never locks the last admin out. */
export async function setDisabled(
  ctx: ServiceContext,
  input: z.output<typeof setDisabledInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'user.admin');
  const { disabled } = input;
  return ctx.db.transaction(async (tx) => {
    const user = await lockUser(tx, input.userId);
    if (disabled && user.roles.includes('admin')) await requireAnotherAdmin(tx, user);
    await tx.update(users).set({ disabled, sessionsValidFrom: sql`now()` }).where(eq(users.id, user.id));
    await recordAudit(tx, actor, {
      action: disabled ? 'user.disable' : 'user.enable',
      subject: user.username,
      before: auditedUser(user),
      after: auditedUser({ ...user, disabled }),
    });
    await recordEvents(tx, [{ kind: 'user', subject: user.username }]);
    return { ok: true };
  });
}
