import { and, eq, ne } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { environments, pipelines } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { StageDefinition } from '@/server/domain/pipeline';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { findPipeline } from '@/server/services/pipelines/find';
import { materializeTriggers } from '@/server/services/triggers/materialize';

export const removePipelineInput = z.object({ application: z.string(), name: z.string() });

/**
 * Takes a pipeline away, with its triggers and revisions. Executions of it stay to be read, and those that
 * run go on: they have their own copy.
 */
export async function removePipeline(
  ctx: ServiceContext,
  { application, name }: z.output<typeof removePipelineInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'pipeline.write');
  return ctx.db.transaction(async (tx) => {
    const { definition } = await findPipeline(tx, application, name);
    const users = await usersOf(tx, application, name);
    if (users.length > 0)
      throw new AppError(
        'conflict',
        `The pipeline "${name}" is used by ${users.join(', ')}. Change that first.`,
        { users },
      );
    await materializeTriggers(tx, application, { ...definition, triggers: [] });
    await tx.delete(pipelines).where(and(eq(pipelines.application, application), eq(pipelines.name, name)));
    await recordAudit(tx, actor, {
      action: 'pipeline.remove',
      application,
      subject: name,
      before: definition,
    });
    await recordEvents(tx, [{ kind: 'pipeline', application, subject: name }]);
    return { ok: true };
  });
}

/** What of the application would not find it any more. */
async function usersOf(tx: Transaction, application: string, name: string): Promise<string[]> {
  const places = await tx
    .select({ name: environments.name })
    .from(environments)
    .where(and(eq(environments.application, application), eq(environments.pipeline, name)));
  const others = await tx
    .select({ name: pipelines.name, definition: pipelines.definition })
    .from(pipelines)
    .where(and(eq(pipelines.application, application), ne(pipelines.name, name)));
  return [
    ...places.map((place) => `the environment "${place.name}"`),
    ...others
      .filter(({ definition }) => definition.stages.some((stage) => names(stage, name)))
      .map((other) => `the pipeline "${other.name}"`),
  ];
}

const startsSchema = z.object({ pipeline: z.string() });
const validatesSchema = z.object({ options: z.object({ validate: z.string() }) });

function names({ config }: StageDefinition, name: string): boolean {
  return (
    startsSchema.safeParse(config).data?.pipeline === name ||
    validatesSchema.safeParse(config).data?.options.validate === name
  );
}
