import { z } from 'zod';
import type { ExecutionView } from '@/server/domain/views/execution';
import type { ServiceContext } from '@/server/services/context';

export const getExecutionInput = z.object({ id: z.uuid() });

/** One execution with its graph. */
export async function getExecution(ctx: ServiceContext, input: z.output<typeof getExecutionInput>): Promise<ExecutionView> {
  throw new Error(`stub getExecution ${String(ctx)} ${String(input)}`);
}
