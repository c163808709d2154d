import { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import { type RestartRefusal, restartFrom } from '@/server/engine/requests/restart';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { requireDeliverable } from '@/server/services/deployments/guards';
import { findExecution, findStage } from '@/server/services/executions/rows';

export const restartStageInput = z.object({
  executionId: z.uuid(),
  refId: z.string(),
  reason: z.string().max(1000).optional(),
});

/** Does a stage and everything behind it again, in the same execution; the earlier try stays as history. */
export async function restartStage(
  ctx: ServiceContext,
  { executionId, refId, reason }: z.output<typeof restartStageInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'execution.control');
  return ctx.db.transaction(async (tx) => {
    const execution = await findExecution(tx, executionId);
    const stage = await findStage(tx, executionId, refId);
    await requireDeliverable(tx, execution);
    const refusal = await restartFrom(tx, executionId, refId);
    if (refusal) throw new AppError('conflict', sentence(refId, refusal), { ...refusal });
    await recordAudit(tx, actor, {
      action: 'execution.restartStage',
      application: execution.application,
      subject: executionId,
      reason: reason ?? null,
      before: { status: execution.status, stage: refId, stageStatus: stage.status, try: stage.try },
    });
    return { ok: true };
  });
}

function sentence(refId: string, refusal: RestartRefusal): string {
  switch (refusal.why) {
    case 'notTopLevel':
      return `"${refId}" is a step of another stage. Restart from the stage it belongs to.`;
    case 'canceling':
      return 'The execution is being canceled. Restart it when that is done.';
    case 'paused':
      return 'The execution is paused. Resume it first.';
    case 'running':
      return `"${refusal.refId}" would be done again but is running now. Wait for it, or cancel the execution.`;
    case 'upstream':
      return `"${refId}" comes after "${refusal.refId}", which has not let it through. Restart from "${refusal.refId}".`;
    default:
      return refusal satisfies never;
  }
}
