import { and, desc, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { toggleClientKeys } from '@/db/schema';
import type { ClientKeyView } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { iso } from '@/server/services/shared/sql';

export const listClientKeysInput = z.object({
  environment: z.string().optional(),
  /** With those that are revoked. */
  revoked: z.boolean().default(false),
});

/** The keys by which applications ask for toggles, without the keys themselves. */
export async function listClientKeys(
  ctx: ServiceContext,
  { environment, revoked }: z.output<typeof listClientKeysInput>,
): Promise<ClientKeyView[]> {
  requirePermission(ctx, 'read');
  const rows = await ctx.db
    .select()
    .from(toggleClientKeys)
    .where(
      and(
        environment === undefined ? undefined : eq(toggleClientKeys.environment, environment),
        revoked ? undefined : isNull(toggleClientKeys.revokedAt),
      ),
    )
    .orderBy(desc(toggleClientKeys.createdAt));
  return rows.map(({ hash: _hash, ...row }) => ({
    ...row,
    createdAt: iso(row.createdAt),
    lastUsedAt: iso(row.lastUsedAt),
    revokedAt: iso(row.revokedAt),
  }));
}
