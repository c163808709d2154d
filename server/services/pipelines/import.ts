import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { pipelines } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { pipelineDefinitionSchema } from '@/server/domain/pipeline';
import { findApplication } from '@/server/services/applications/find';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { readKnown } from '@/server/services/pipelines/known';
import { pipelineIssues } from '@/server/services/pipelines/validate';
import { writePipeline } from '@/server/services/pipelines/write';
import { requireNoIssues } from '@/server/services/shared/issues';
import { unstorable } from '@/server/services/shared/storable';

export const importPipelineInput = z.object({
  application: z.string(),
  definition: pipelineDefinitionSchema,
  /** The revision that was edited, 0 for none: refused when somebody has saved another meanwhile. */
  expectedRevision: z.number().int().min(0).optional(),
});

/** Adds a pipeline to an application, or replaces the one of that name. */
export async function importPipeline(
  ctx: ServiceContext,
  { application, definition, expectedRevision }: z.output<typeof importPipelineInput>,
): Promise<{ name: string; revision: number; changed: boolean }> {
  const actor = requirePermission(ctx, 'pipeline.write');
  requireNoIssues('pipeline', unstorable(definition));
  return ctx.db.transaction(async (tx) => {
    await findApplication(tx, application);
    requireNoIssues(
      'pipeline',
      pipelineIssues(definition, await readKnown(tx, application, definition.name)),
    );
    const [before] = await tx
      .select({ definition: pipelines.definition })
      .from(pipelines)
      .where(and(eq(pipelines.application, application), eq(pipelines.name, definition.name)));
    const written = await writePipeline(tx, actor, application, definition);
    if (written.changed) {
      requireExpected(definition.name, written.revision - 1, expectedRevision);
      await recordAudit(tx, actor, {
        action: before ? 'pipeline.update' : 'pipeline.create',
        application,
        subject: definition.name,
        before: before?.definition ?? null,
        after: definition,
      });
    }
    return { name: definition.name, ...written };
  });
}

/** Looked at after writing, which waits for whoever writes at the same time; throwing takes it back. */
function requireExpected(name: string, before: number, expected: number | undefined): void {
  if (expected === undefined || expected === before) return;
  throw new AppError(
    'conflict',
    expected === 0
      ? `A pipeline "${name}" exists already. Choose another name, or open that one and change it.`
      : `"${name}" was saved by someone else meanwhile: it is at revision ${before}, your changes began at ${expected}. Compare them and save again.`,
    { revision: before },
  );
}
