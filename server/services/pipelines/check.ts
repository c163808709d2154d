import { z } from 'zod';
import { pipelineDefinitionSchema } from '@/server/domain/pipeline';
import { findApplication } from '@/server/services/applications/find';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { readKnown } from '@/server/services/pipelines/known';
import { type Issue, pipelineIssues } from '@/server/services/pipelines/validate';

export const checkPipelineInput = z.object({
  application: z.string(),
  /** Whatever is there while someone writes; what does not even have the shape is told as well. */
  definition: z.unknown(),
});

/** What would keep a pipeline from being saved, without saving it. */
export async function checkPipeline(
  ctx: ServiceContext,
  { application, definition }: z.output<typeof checkPipelineInput>,
): Promise<{ issues: Issue[] }> {
  requirePermission(ctx, 'read');
  const { name } = await findApplication(ctx.db, application);
  const read = pipelineDefinitionSchema.safeParse(definition);
  if (!read.success) {
    return {
      issues: read.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message })),
    };
  }
  return { issues: pipelineIssues(read.data, await readKnown(ctx.db, name, read.data.name)) };
}
