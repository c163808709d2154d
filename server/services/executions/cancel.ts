import { z } from 'zod';
import type { ServiceContext } from '@/server/services/context';

export const cancelExecutionInput = z.object({ id: z.uuid(), reason: z.string().max(1000).optional() });

/** Withdraws an execution; always possible until it is complete. */
export async function cancelExecution(ctx: ServiceContext, input: z.output<typeof cancelExecutionInput>): Promise<{ ok: true }> {
  throw new Error(`stub cancelExecution ${String(ctx)} ${String(input)}`);
}
