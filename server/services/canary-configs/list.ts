import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { canaryConfigs } from '@/db/schema';
import type { CanaryConfigSummary } from '@/server/domain/views/canary';
import { findApplication } from '@/server/services/applications/find';
import { configSummaries } from '@/server/services/canary-configs/view';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const listCanaryConfigsInput = z.object({ application: z.string() });

/** The canary configurations of an application. */
export async function listCanaryConfigs(
  ctx: ServiceContext,
  { application }: z.output<typeof listCanaryConfigsInput>,
): Promise<CanaryConfigSummary[]> {
  requirePermission(ctx, 'read');
  const { name } = await findApplication(ctx.db, application);
  const rows = await ctx.db
    .select()
    .from(canaryConfigs)
    .where(eq(canaryConfigs.application, name))
    .orderBy(canaryConfigs.name);
  return configSummaries(ctx.db, name, rows);
}
