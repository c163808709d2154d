import { z } from 'zod';
import { requestCancel } from '@/server/engine/enqueue';
import type { ServiceContext } from '@/server/services/context';
import { controlExecution } from '@/server/services/executions/control';

export const cancelExecutionInput = z.object({ id: z.uuid(), reason: z.string().max(1000).optional() });

/** Withdraws an execution; always possible until it is complete. */
export async function cancelExecution(
  ctx: ServiceContext,
  { id, reason }: z.output<typeof cancelExecutionInput>,
): Promise<{ ok: true }> {
  return controlExecution(ctx, id, {
    action: 'execution.cancel',
    reason,
    apply: (tx, actor) => requestCancel(tx, id, actor.name, reason ?? null),
    refusal: (status) => `There is nothing to cancel: the execution is ${status}.`,
  });
}
