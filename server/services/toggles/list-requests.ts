import { and, desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { toggleChangeRequests, toggles } from '@/db/schema';
import type { ChangeRequestSummary } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { requestSummary, selectRequests } from '@/server/services/toggles/request-rows';

export const listChangeRequestsInput = z.object({
  status: z.enum(['open', 'applied', 'rejected', 'withdrawn']).optional(),
  key: z.string().optional(),
  application: z.string().optional(),
  limit: z.number().int().min(1).max(200).default(50),
});

/** Change requests of toggles, newest first. */
export async function listChangeRequests(
  ctx: ServiceContext,
  { status, key, application, limit }: z.output<typeof listChangeRequestsInput>,
): Promise<ChangeRequestSummary[]> {
  const actor = requirePermission(ctx, 'read');
  const rows = await selectRequests(
    ctx.db,
    and(
      status === undefined ? undefined : eq(toggleChangeRequests.status, status),
      key === undefined ? undefined : eq(toggleChangeRequests.toggle, key),
      application === undefined ? undefined : eq(toggles.application, application),
    ),
  )
    .orderBy(desc(toggleChangeRequests.createdAt))
    .limit(limit);
  return rows.map((row) => requestSummary({ ...row, revision: row.revision ?? 0 }, actor));
}
