import { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import type { CanaryConfigView } from '@/server/domain/views/canary';
import { findCanaryConfig } from '@/server/services/canary-configs/find';
import { configSummaries } from '@/server/services/canary-configs/view';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const getCanaryConfigInput = z.object({ application: z.string(), name: z.string() });

/** One canary configuration. */
export async function getCanaryConfig(
  ctx: ServiceContext,
  { application, name }: z.output<typeof getCanaryConfigInput>,
): Promise<CanaryConfigView> {
  requirePermission(ctx, 'read');
  const row = await findCanaryConfig(ctx.db, application, name);
  const [summary] = await configSummaries(ctx.db, application, [row]);
  if (!summary) throw new AppError('internal', 'The canary configuration could not be read. Try again.');
  return { ...summary, config: row.config };
}
