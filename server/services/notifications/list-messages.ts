import { desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { notifications } from '@/db/schema';
import type { NotificationView } from '@/server/domain/views/automation';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { iso } from '@/server/services/shared/sql';

export const listMessagesInput = z.object({
  endpoint: z.string().optional(),
  limit: z.number().int().min(1).max(200).default(50),
});

/** Messages to endpoints, newest first: taken, owed and given up. */
export async function listMessages(
  ctx: ServiceContext,
  { endpoint, limit }: z.output<typeof listMessagesInput>,
): Promise<readonly NotificationView[]> {
  requirePermission(ctx, 'read');
  const rows = await ctx.db
    .select()
    .from(notifications)
    .where(endpoint === undefined ? undefined : eq(notifications.endpoint, endpoint))
    .orderBy(desc(notifications.createdAt), desc(notifications.id))
    .limit(limit);
  return rows.map((row) => ({
    id: row.id,
    endpoint: row.endpoint,
    type: row.type,
    application: row.application,
    executionId: row.executionId,
    status: row.status,
    attempts: row.attempts,
    nextAt: row.status === 'owed' ? iso(row.nextAt) : null,
    lastStatus: row.lastStatus,
    lastError: row.lastError,
    createdAt: iso(row.createdAt),
    deliveredAt: iso(row.deliveredAt),
  }));
}
