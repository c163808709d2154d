import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { users } from '@/db/schema';
import { roleSchema } from '@/server/domain/roles';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { auditedUser, lockUser, requireAnotherAdmin } from '@/server/services/users/rows';

export const setRolesInput = z.object({ userId: z.uuid(), roles: z.array(roleSchema) });

/** Changes what a user may do; never takes the last admin away. */
export async function setRoles(
  ctx: ServiceContext,
  input: z.output<typeof setRolesInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'user.admin');
  const roles = [...new Set(input.roles)];
  return ctx.db.transaction(async (tx) => {
    const user = await lockUser(tx, input.userId);
    if (user.roles.includes('admin') && !roles.includes('admin')) await requireAnotherAdmin(tx, user);
    await tx.update(users).set({ roles }).where(eq(users.id, user.id));
    await recordAudit(tx, actor, {
      action: 'user.setRoles',
      subject: user.username,
      before: auditedUser(user),
      after: auditedUser({ ...user, roles }),
    });
    await recordEvents(tx, [{ kind: 'user', subject: user.username }]);
    return { ok: true };
  });
}
