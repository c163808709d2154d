import { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import { overrideWindow } from '@/server/engine/requests/skip';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { findExecution, findStage } from '@/server/services/executions/rows';

export const overrideStageWindowInput = z.object({
  executionId: z.uuid(),
  refId: z.string(),
  reason: z.string().trim().min(1, 'Say why it cannot wait for its window.').max(1000),
});

/** Lets a stage start although its time window is closed. */
export async function overrideStageWindow(
  ctx: ServiceContext,
  { executionId, refId, reason }: z.output<typeof overrideStageWindowInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'window.override');
  return ctx.db.transaction(async (tx) => {
    const execution = await findExecution(tx, executionId);
    const stage = await findStage(tx, executionId, refId);
    if (!stage.window) throw new AppError('conflict', `"${refId}" has no time window to wait for.`);
    if (stage.status !== 'pending' || !(await overrideWindow(tx, stage.id, actor.name)))
      throw new AppError('conflict', `"${refId}" does not wait for its window: it is ${stage.status}.`);
    await recordAudit(tx, actor, {
      action: 'stage.overrideWindow',
      application: execution.application,
      subject: executionId,
      reason,
      before: { stage: refId, window: stage.window },
    });
    return { ok: true };
  });
}
