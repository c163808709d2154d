import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { users } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { roleSchema } from '@/server/domain/roles';
import { recordAudit } from '@/server/services/audit/record';
import { generatePassword, hashPassword } from '@/server/services/auth/password';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { auditedUser } from '@/server/services/users/rows';

export const createUserInput = z.object({
  username: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{1,62}$/, 'use 2 to 63 lower-case letters, digits, dots, hyphens'),
  displayName: z.string().trim().min(1).max(200),
  roles: z.array(roleSchema).min(1),
  password: z.string().min(10).max(200).optional(),
});

/** Adds a local user; answers the generated password once when none was given. */
export async function createUser(
  ctx: ServiceContext,
  input: z.output<typeof createUserInput>,
): Promise<{ id: string; password: string | null }> {
  const actor = requirePermission(ctx, 'user.admin');
  const generated = input.password === undefined ? generatePassword() : null;
  const passwordHash = await hashPassword(input.password ?? generated ?? '');
  return ctx.db.transaction(async (tx) => {
    const { username, displayName, roles } = input;
    const [user] = await tx
      .insert(users)
      .values({ username, displayName, roles, passwordHash })
      .onConflictDoNothing({ target: users.username })
      .returning();
    if (!user) throw new AppError('conflict', `The name "${username}" is taken. Choose another.`);
    await recordAudit(tx, actor, { action: 'user.create', subject: username, after: auditedUser(user) });
    await recordEvents(tx, [{ kind: 'user', subject: username }]);
    return { id: user.id, password: generated };
  });
}
