import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { pipelines } from '@/db/schema';
import type { PipelineView } from '@/server/domain/views/admin';
import { findApplication } from '@/server/services/applications/find';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { pipelineViews } from '@/server/services/pipelines/view';

export const listPipelinesInput = z.object({ application: z.string() });

/** The pipelines of an application with their latest executions. */
export async function listPipelines(
  ctx: ServiceContext,
  input: z.output<typeof listPipelinesInput>,
): Promise<PipelineView[]> {
  requirePermission(ctx, 'read');
  const { name } = await findApplication(ctx.db, input.application);
  const rows = await ctx.db
    .select()
    .from(pipelines)
    .where(eq(pipelines.application, name))
    .orderBy(pipelines.name);
  return pipelineViews(ctx.db, rows);
}
