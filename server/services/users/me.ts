import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { users } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { Me } from '@/server/domain/views/admin';
import { requireActor, type ServiceContext } from '@/server/services/context';

export const getMeInput = z.object({});

/** Who is signed in. Needs no permission, so that someone without any can be told so. */
export async function getMe(ctx: ServiceContext, _input: z.output<typeof getMeInput>): Promise<Me> {
  const actor = requireActor(ctx);
  const [user] = actor.userId ? await ctx.db.select().from(users).where(eq(users.id, actor.userId)) : [];
  if (!user) throw new AppError('not_found', 'You are not a user of this installation.');
  return {
    id: user.id,
    username: user.username,
    displayName: user.displayName,
    roles: actor.roles,
    permissions: [...actor.permissions],
  };
}
