import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { canaryConfigs } from '@/db/schema';
import { findCanaryConfig, isNamed } from '@/server/services/canary-configs/find';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const exportCanaryConfigInput = z.object({ application: z.string(), name: z.string() });

/** A canary configuration as Kayenta's JSON, with everything that was in it when it came. */
export async function exportCanaryConfig(
  ctx: ServiceContext,
  { application, name }: z.output<typeof exportCanaryConfigInput>,
): Promise<Record<string, unknown>> {
  requirePermission(ctx, 'read');
  await findCanaryConfig(ctx.db, application, name);
  const [row] = await ctx.db
    // Past the column's own reading, which fills in what was left out.
    .select({ document: sql<Record<string, unknown>>`${canaryConfigs.config}` })
    .from(canaryConfigs)
    .where(isNamed(application, name));
  return row?.document ?? {};
}
