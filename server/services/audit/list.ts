import { and, desc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { audit } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { AuditPage } from '@/server/domain/views/admin';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { iso } from '@/server/services/shared/sql';

export const listAuditInput = z.object({
  application: z.string().optional(),
  action: z.string().optional(),
  actor: z.string().optional(),
  cursor: z.string().nullish(),
  limit: z.number().int().min(1).max(200).default(50),
});

/** Who changed what, newest first. The cursor is the id of the last entry seen. */
export async function listAudit(
  ctx: ServiceContext,
  input: z.output<typeof listAuditInput>,
): Promise<AuditPage> {
  requirePermission(ctx, 'audit.read');
  if (input.cursor && !/^\d{1,18}$/.test(input.cursor)) {
    throw new AppError(
      'bad_request',
      'The cursor is not one of ours. Take it from "nextCursor" of the page before.',
    );
  }
  const rows = await ctx.db
    .select()
    .from(audit)
    .where(
      and(
        input.application === undefined ? undefined : eq(audit.application, input.application),
        input.action === undefined ? undefined : eq(audit.action, input.action),
        input.actor === undefined ? undefined : eq(audit.actor, input.actor),
        input.cursor ? sql`${audit.id} < ${input.cursor}::bigint` : undefined,
      ),
    )
    .orderBy(desc(audit.id))
    .limit(input.limit + 1);
  const page = rows.slice(0, input.limit);
  return {
    items: page.map(({ id, at, actorUserId: _userId, ...entry }) => ({
      ...entry,
      id: String(id),
      at: iso(at),
    })),
    nextCursor: rows.length > input.limit ? String(page.at(-1)?.id) : null,
  };
}
