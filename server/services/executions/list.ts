import { z } from 'zod';
import type { ExecutionPage } from '@/server/domain/views/execution';
import type { ServiceContext } from '@/server/services/context';

export const listExecutionsInput = z.object({ application: z.string().optional(), pipeline: z.string().optional(), environment: z.string().optional(), open: z.boolean().optional(), cursor: z.string().nullish(), limit: z.number().int().min(1).max(200).default(50) });

/** Executions, newest first, in pages by keyset. */
export async function listExecutions(ctx: ServiceContext, input: z.output<typeof listExecutionsInput>): Promise<ExecutionPage> {
  throw new Error(`stub listExecutions ${String(ctx)} ${String(input)}`);
}
