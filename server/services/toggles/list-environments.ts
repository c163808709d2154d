import { asc, sql } from 'drizzle-orm';
import { z } from 'zod';
import { toggleEnvironments } from '@/db/schema';
import type { ToggleEnvironmentRow } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const listToggleEnvironmentsInput = z.object({});

/** Where toggles are switched apart from each other. */
export async function listToggleEnvironments(
  ctx: ServiceContext,
  _input: z.output<typeof listToggleEnvironmentsInput>,
): Promise<ToggleEnvironmentRow[]> {
  requirePermission(ctx, 'read');
  return ctx.db
    .select({
      name: toggleEnvironments.name,
      order: toggleEnvironments.order,
      requiresReview: toggleEnvironments.requiresReview,
      freezes: toggleEnvironments.freezes,
      notifications: toggleEnvironments.notifications,
      toggles: sql<number>`(SELECT count(*)::int FROM toggle_states s JOIN toggles t ON t.key = s.toggle
        WHERE s.environment = toggle_environments.name AND t.archived_at IS NULL)`,
      clientKeys: sql<number>`(SELECT count(*)::int FROM toggle_client_keys k
        WHERE k.environment = toggle_environments.name AND k.revoked_at IS NULL)`,
    })
    .from(toggleEnvironments)
    .orderBy(asc(toggleEnvironments.order), asc(toggleEnvironments.name));
}
