import { z } from 'zod';
import type { ServiceContext } from '@/server/services/context';

export const resumeExecutionInput = z.object({ id: z.uuid() });

/** Lets a held execution go on. */
export async function resumeExecution(ctx: ServiceContext, input: z.output<typeof resumeExecutionInput>): Promise<{ ok: true }> {
  throw new Error(`stub resumeExecution ${String(ctx)} ${String(input)}`);
}
