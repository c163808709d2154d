import { asc } from 'drizzle-orm';
import { z } from 'zod';
import { notificationEndpoints } from '@/db/schema';
import type { EndpointView } from '@/server/domain/views/automation';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { endpointColumns, endpointView } from '@/server/services/notifications/endpoints';

export const listEndpointsInput = z.object({});

/** Who is told of executions, without their secrets. */
export async function listEndpoints(
  ctx: ServiceContext,
  _input: z.output<typeof listEndpointsInput>,
): Promise<readonly EndpointView[]> {
  requirePermission(ctx, 'read');
  const rows = await ctx.db
    .select(endpointColumns)
    .from(notificationEndpoints)
    .orderBy(asc(notificationEndpoints.name));
  return rows.map(endpointView);
}
