import { count } from 'drizzle-orm';
import { z } from 'zod';
import { canaryConfigs, metricsSources } from '@/db/schema';
import type { MetricsSourceView } from '@/server/domain/views/canary';
import { type MetricsSourceKind, metricsSources as types } from '@/server/metrics/registry';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { iso } from '@/server/services/shared/sql';

export const listMetricsSourcesInput = z.object({});

/** Every metrics source, without its secrets. */
export async function listMetricsSources(
  ctx: ServiceContext,
  _input: z.output<typeof listMetricsSourcesInput>,
): Promise<MetricsSourceView[]> {
  requirePermission(ctx, 'read');
  const rows = await ctx.db.select().from(metricsSources).orderBy(metricsSources.name);
  const uses = await ctx.db
    .select({ source: canaryConfigs.source, count: count() })
    .from(canaryConfigs)
    .groupBy(canaryConfigs.source);
  const usedBy = new Map(uses.map((use) => [use.source, use.count]));
  return rows.map(({ name, kind, config, secrets, updatedAt, updatedBy }) => ({
    name,
    kind,
    label: isKnown(kind) ? types[kind].label : kind,
    config,
    secrets: Object.keys(secrets).toSorted(),
    usedBy: usedBy.get(name) ?? 0,
    updatedAt: iso(updatedAt),
    updatedBy,
  }));
}

function isKnown(kind: string): kind is MetricsSourceKind {
  return Object.hasOwn(types, kind);
}
