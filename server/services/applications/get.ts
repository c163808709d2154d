import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { accounts, environments } from '@/db/schema';
import type { ApplicationView, EnvironmentView } from '@/server/domain/views/application';
import { isServerlessKind } from '@/server/services/accounts/platforms';
import { findSeenApplication } from '@/server/services/applications/find';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const getApplicationInput = z.object({ application: z.string() });

/** One application with its environments, or one that was only seen on a platform. Names of configuration values, never the values. */
export async function getApplication(
  ctx: ServiceContext,
  input: z.output<typeof getApplicationInput>,
): Promise<ApplicationView> {
  requirePermission(ctx, 'read');
  const found = await findSeenApplication(ctx.db, input.application);
  if (!found)
    return { name: input.application, description: '', owner: '', environments: [], seenOnly: true };
  const { name, description, owner } = found;
  const rows = await ctx.db
    .select({ environment: environments, provider: accounts.provider })
    .from(environments)
    .innerJoin(accounts, eq(accounts.name, environments.account))
    .where(eq(environments.application, name))
    .orderBy(asc(environments.order), asc(environments.name));
  return {
    name,
    description,
    owner,
    environments: rows.map((row) => viewOf(row.environment, row.provider)),
    seenOnly: false,
  };
}

function viewOf(row: typeof environments.$inferSelect, provider: string): EnvironmentView {
  const { name, account, regions, cluster, artifact, pipeline, guarded, capacity } = row;
  const configKeys = Object.keys(row.config).toSorted();
  const serverless = isServerlessKind(provider);
  const place = { name, account, provider, regions, cluster, serverless };
  return { ...place, artifact, pipeline, guarded, capacity, configKeys };
}
