import { z } from 'zod';
import { pauseExecution as pause } from '@/server/engine/requests/pause';
import type { ServiceContext } from '@/server/services/context';
import { controlExecution } from '@/server/services/executions/control';

export const pauseExecutionInput = z.object({ id: z.uuid() });

/** Holds an execution: nothing of it moves until resumed. */
export async function pauseExecution(
  ctx: ServiceContext,
  { id }: z.output<typeof pauseExecutionInput>,
): Promise<{ ok: true }> {
  return controlExecution(ctx, id, {
    action: 'execution.pause',
    apply: (tx, actor) => pause(tx, id, actor.name),
    refusal: (status) => `Only a running execution can be paused; this one is ${status}.`,
  });
}
