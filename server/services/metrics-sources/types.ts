import { z } from 'zod';
import type { MetricsSourceTypeView } from '@/server/domain/views/canary';
import { metricsSources } from '@/server/metrics/registry';
import type { MetricsSourceType } from '@/server/metrics/source';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { jsonSchemaOf } from '@/server/services/pipelines/widget-values';

export const listMetricsSourceTypesInput = z.object({});

/** The kinds of metrics sources that there are, with the forms of their settings and their queries. */
export async function listMetricsSourceTypes(
  ctx: ServiceContext,
  _input: z.output<typeof listMetricsSourceTypesInput>,
): Promise<MetricsSourceTypeView[]> {
  requirePermission(ctx, 'read');
  const types: readonly MetricsSourceType[] = Object.values(metricsSources);
  return types.map(({ kind, label, configSchema, querySchema }) => ({
    kind,
    label,
    configSchema: jsonSchemaOf(configSchema),
    querySchema: jsonSchemaOf(querySchema),
  }));
}
