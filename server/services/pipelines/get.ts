import { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import type { PipelineView } from '@/server/domain/views/admin';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { findPipeline } from '@/server/services/pipelines/find';
import { pipelineViews } from '@/server/services/pipelines/view';

export const getPipelineInput = z.object({ application: z.string(), name: z.string() });

/** One pipeline with its latest executions. */
export async function getPipeline(
  ctx: ServiceContext,
  input: z.output<typeof getPipelineInput>,
): Promise<PipelineView> {
  requirePermission(ctx, 'read');
  const [view] = await pipelineViews(ctx.db, [await findPipeline(ctx.db, input.application, input.name)]);
  if (!view) throw new AppError('internal', 'The pipeline could not be read. Try again.');
  return view;
}
