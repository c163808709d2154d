import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { metricsSources } from '@/db/schema';
import type { MetricTemplateView } from '@/server/domain/views/canary';
import { metricTemplates } from '@/server/metrics/templates';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const listMetricTemplatesInput = z.object({
  /** Name of a metrics source, or a kind of them; all when absent. */
  source: z.string().optional(),
  /** The label by which Prometheus knows the server group. */
  scopeLabel: z
    .string()
    .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'is not the name of a label')
    .optional(),
  /** Of every rate, as a duration of Prometheus. */
  window: z
    .string()
    .regex(/^\d+(ms|[smhdwy])$/, 'must be a duration such as 2m')
    .optional(),
});

/** Metrics to begin a configuration with. */
export async function listMetricTemplates(
  ctx: ServiceContext,
  { source, scopeLabel, window }: z.output<typeof listMetricTemplatesInput>,
): Promise<MetricTemplateView[]> {
  requirePermission(ctx, 'read');
  const kind = source === undefined ? undefined : await kindOf(ctx, source);
  const options = { ...(scopeLabel ? { scopeLabel } : {}), ...(window ? { window } : {}) };
  return metricTemplates
    .filter((template) => kind === undefined || template.source === kind)
    .map((template) => ({
      id: template.id,
      label: template.label,
      source: template.source,
      metrics: template.metrics(options),
    }));
}

async function kindOf(ctx: ServiceContext, source: string): Promise<string> {
  const [row] = await ctx.db
    .select({ kind: metricsSources.kind })
    .from(metricsSources)
    .where(eq(metricsSources.name, source));
  return row?.kind ?? source;
}
