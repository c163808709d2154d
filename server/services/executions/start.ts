import { z } from 'zod';
import type { ServiceContext } from '@/server/services/context';

export const startExecutionInput = z.object({ application: z.string(), pipeline: z.string(), parameters: z.record(z.string(), z.string()).default({}), artifacts: z.array(z.object({ name: z.string(), version: z.string() })).default([]), idempotencyKey: z.string().max(200).optional() });

/** Starts a pipeline. */
export async function startExecution(ctx: ServiceContext, input: z.output<typeof startExecutionInput>): Promise<{ executionId: string }> {
  throw new Error(`stub startExecution ${String(ctx)} ${String(input)}`);
}
