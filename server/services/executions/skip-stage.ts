import { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import { requestSkip } from '@/server/engine/requests/skip';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { findExecution, findStage } from '@/server/services/executions/rows';
import { whyNotSkippable } from '@/server/services/executions/skippable';

export const skipStageInput = z.object({
  executionId: z.uuid(),
  refId: z.string(),
  reason: z.string().max(1000).optional(),
});

/**
 * Ends the wait of a stage that may be cut short, or makes one that has not started be skipped when its
 * turn comes. What changes a cluster is never left in the middle.
 */
export async function skipStage(
  ctx: ServiceContext,
  { executionId, refId, reason }: z.output<typeof skipStageInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'stage.skip');
  return ctx.db.transaction(async (tx) => {
    const execution = await findExecution(tx, executionId);
    const stage = await findStage(tx, executionId, refId);
    const objection = whyNotSkippable(stage);
    if (objection) throw new AppError('conflict', objection, { status: stage.status });
    if (!(await requestSkip(tx, stage.id, actor.name)))
      throw new AppError('conflict', `"${refId}" is being skipped already, or has ended meanwhile.`);
    await recordAudit(tx, actor, {
      action: 'stage.skip',
      application: execution.application,
      subject: executionId,
      reason: reason ?? null,
      before: { stage: refId, status: stage.status },
    });
    return { ok: true };
  });
}
