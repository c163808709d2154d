import { asc } from 'drizzle-orm';
import { z } from 'zod';
import { users } from '@/db/schema';
import type { UserView } from '@/server/domain/views/admin';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { iso } from '@/server/services/shared/sql';

export const listUsersInput = z.object({});

/** Everyone who may sign in. */
export async function listUsers(
  ctx: ServiceContext,
  _input: z.output<typeof listUsersInput>,
): Promise<UserView[]> {
  requirePermission(ctx, 'user.admin');
  const rows = await ctx.db.select().from(users).orderBy(asc(users.username));
  return rows.map(({ id, username, displayName, email, roles, disabled, oidcSubject, lastSeenAt }) => ({
    id,
    username,
    displayName,
    email,
    roles,
    disabled,
    origin: oidcSubject === null ? 'local' : 'oidc',
    lastSeenAt: iso(lastSeenAt),
  }));
}
