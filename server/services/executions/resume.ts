import { z } from 'zod';
import { resumeExecution as resume } from '@/server/engine/requests/pause';
import type { ServiceContext } from '@/server/services/context';
import { controlExecution } from '@/server/services/executions/control';

export const resumeExecutionInput = z.object({ id: z.uuid() });

/** Lets a held execution go on. */
export async function resumeExecution(
  ctx: ServiceContext,
  { id }: z.output<typeof resumeExecutionInput>,
): Promise<{ ok: true }> {
  return controlExecution(ctx, id, {
    action: 'execution.resume',
    apply: (tx) => resume(tx, id),
    refusal: (status) => `Only a paused execution can be resumed; this one is ${status}.`,
  });
}
