import { z } from 'zod';
import type { PipelineDefinition } from '@/server/domain/pipeline';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { findPipeline } from '@/server/services/pipelines/find';

export const exportPipelineInput = z.object({ application: z.string(), name: z.string() });

/** A pipeline as code: what importing it again leaves as it is. */
export async function exportPipeline(
  ctx: ServiceContext,
  { application, name }: z.output<typeof exportPipelineInput>,
): Promise<PipelineDefinition> {
  requirePermission(ctx, 'read');
  return (await findPipeline(ctx.db, application, name)).definition;
}
