import { eq } from 'drizzle-orm';
import { users } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { requirePermission, type ServiceContext } from '@/server/services/context';

/** The id of a user by the name they sign in with. @throws AppError `not_found`. */
export async function findUserId(ctx: ServiceContext, username: string): Promise<string> {
  requirePermission(ctx, 'user.admin');
  const [user] = await ctx.db
    .select({ id: users.id })
    .from(users)
    .where(eq(users.username, username.toLowerCase()));
  if (user) return user.id;
  throw new AppError('not_found', `There is no user "${username}".`);
}
