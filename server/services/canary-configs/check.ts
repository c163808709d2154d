import { z } from 'zod';
import { sourceType } from '@/server/analysis/open-source';
import { findApplication } from '@/server/services/applications/find';
import { configIssues } from '@/server/services/canary-configs/issues';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { findMetricsSource } from '@/server/services/metrics-sources/find';
import type { Issue } from '@/server/services/pipelines/validate';

export const checkCanaryConfigInput = z.object({
  application: z.string(),
  source: z.string().min(1),
  /** Whatever is there while someone writes; what does not even have the shape is told as well. */
  config: z.unknown(),
});

/** What would keep a canary configuration from being saved, without saving it. */
export async function checkCanaryConfig(
  ctx: ServiceContext,
  { application, source, config }: z.output<typeof checkCanaryConfigInput>,
): Promise<Issue[]> {
  requirePermission(ctx, 'read');
  await findApplication(ctx.db, application);
  const { kind } = await findMetricsSource(ctx.db, source);
  return configIssues(config, sourceType(kind));
}
