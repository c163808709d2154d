import { and, desc, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { apiTokens, users } from '@/db/schema';
import type { TokenView } from '@/server/domain/views/admin';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { iso } from '@/server/services/shared/sql';

export const listTokensInput = z.object({});

/** One's own tokens that are not revoked; everyone's for an admin. */
export async function listTokens(
  ctx: ServiceContext,
  _input: z.output<typeof listTokensInput>,
): Promise<TokenView[]> {
  const actor = requirePermission(ctx, 'token.own');
  const own = actor.permissions.has('user.admin') ? undefined : eq(apiTokens.userId, actor.userId ?? '');
  const rows = await ctx.db
    .select({
      id: apiTokens.id,
      name: apiTokens.name,
      owner: users.displayName,
      scopes: apiTokens.scopes,
      createdAt: apiTokens.createdAt,
      expiresAt: apiTokens.expiresAt,
      lastUsedAt: apiTokens.lastUsedAt,
    })
    .from(apiTokens)
    .innerJoin(users, eq(users.id, apiTokens.userId))
    .where(and(isNull(apiTokens.revokedAt), own))
    .orderBy(desc(apiTokens.createdAt));
  return rows.map((row) => ({
    ...row,
    createdAt: iso(row.createdAt),
    expiresAt: iso(row.expiresAt),
    lastUsedAt: iso(row.lastUsedAt),
  }));
}
