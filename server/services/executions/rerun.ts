import { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import { type ParameterValues, parameterValueSchema } from '@/server/domain/pipeline';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { findExecution } from '@/server/services/executions/rows';
import { beginExecution } from '@/server/services/executions/start';

export const rerunExecutionInput = z.object({
  id: z.uuid(),
  /** Replaces the values of before; those it does not name stay. */
  parameters: z.record(z.string(), parameterValueSchema).default({}),
  /** The artifact of before when absent. */
  artifacts: z.array(z.object({ name: z.string(), version: z.string() })).optional(),
  idempotencyKey: z.string().min(1).max(200).optional(),
});

/** Starts the pipeline of an execution again, as it is now, with the same or changed values. */
export async function rerunExecution(
  ctx: ServiceContext,
  input: z.output<typeof rerunExecutionInput>,
): Promise<{ executionId: string }> {
  const actor = requirePermission(ctx, 'execution.start');
  return ctx.db.transaction(async (tx) => {
    const before = await findExecution(tx, input.id);
    if (before.trigger.kind === 'rollback')
      throw new AppError('conflict', 'This was a rollback. Roll the cluster back again instead.');
    const earlier =
      before.artifact && before.version ? [{ name: before.artifact, version: before.version }] : [];
    return beginExecution(tx, actor, {
      application: before.application,
      pipeline: before.pipeline,
      parameters: { ...before.parameters, ...input.parameters } satisfies ParameterValues,
      artifacts: input.artifacts ?? earlier,
      environment: before.environment,
      idempotencyKey: input.idempotencyKey,
      rerunOf: before.id,
    });
  });
}
