import { z } from 'zod';
import type { ServiceContext } from '@/server/services/context';

export const pauseExecutionInput = z.object({ id: z.uuid() });

/** Holds an execution: nothing of it moves until resumed. */
export async function pauseExecution(ctx: ServiceContext, input: z.output<typeof pauseExecutionInput>): Promise<{ ok: true }> {
  throw new Error(`stub pauseExecution ${String(ctx)} ${String(input)}`);
}
