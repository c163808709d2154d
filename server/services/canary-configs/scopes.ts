import { and, desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { canaryAnalyses, environments, serverGroups } from '@/db/schema';
import type { ScopeSuggestion } from '@/server/domain/views/canary';
import { findApplication } from '@/server/services/applications/find';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { iso } from '@/server/services/shared/sql';

export const listScopesInput = z.object({ application: z.string() });

/** Analyses that are looked through for server groups that are gone. */
const PAST = 100;
const SHOWN = 200;

/** Server groups that can be compared, newest first; those of past analyses too, whose measurements may be left. */
export async function listScopes(
  ctx: ServiceContext,
  { application }: z.output<typeof listScopesInput>,
): Promise<ScopeSuggestion[]> {
  requirePermission(ctx, 'read');
  const { name } = await findApplication(ctx.db, application);
  const suggestions = new Map<string, ScopeSuggestion>();
  for (const one of [...(await present(ctx, name)), ...(await past(ctx, name))]) {
    const key = `${one.location} ${one.scope}`;
    if (!suggestions.has(key)) suggestions.set(key, one);
  }
  return [...suggestions.values()]
    .toSorted((one, other) => other.createdAt.localeCompare(one.createdAt))
    .slice(0, SHOWN);
}

async function present(ctx: ServiceContext, application: string): Promise<ScopeSuggestion[]> {
  const rows = await ctx.db
    .select({ data: serverGroups.data, environment: environments.name })
    .from(serverGroups)
    .leftJoin(
      environments,
      and(
        eq(environments.application, serverGroups.application),
        eq(environments.account, serverGroups.account),
        eq(environments.cluster, serverGroups.cluster),
      ),
    )
    .where(eq(serverGroups.application, application));
  return rows.map(({ data, environment }) => ({
    scope: data.name,
    location: data.region,
    version: data.artifact.version,
    environment,
    enabled: data.enabled,
    createdAt: data.createdAt,
  }));
}

async function past(ctx: ServiceContext, application: string): Promise<ScopeSuggestion[]> {
  const rows = await ctx.db
    .select({
      scopes: canaryAnalyses.scopes,
      environment: canaryAnalyses.environment,
      startedAt: canaryAnalyses.startedAt,
    })
    .from(canaryAnalyses)
    .where(eq(canaryAnalyses.application, application))
    .orderBy(desc(canaryAnalyses.startedAt))
    .limit(PAST);
  return rows.flatMap(({ scopes, environment, startedAt }) =>
    [scopes.canary, scopes.baseline].map(({ scope, location, version = '' }) => ({
      scope,
      location,
      version,
      environment,
      enabled: false,
      createdAt: iso(startedAt),
    })),
  );
}
