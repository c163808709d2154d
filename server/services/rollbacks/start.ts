import { z } from 'zod';
import type { ServiceContext } from '@/server/services/context';

export const startRollbackInput = z.object({ application: z.string(), cluster: z.string(), reason: z.string().min(1).max(1000) });

/** Rolls a cluster back, pins the good version and vetoes the bad artifact. */
export async function startRollback(ctx: ServiceContext, input: z.output<typeof startRollbackInput>): Promise<{ executionId: string }> {
  throw new Error(`stub startRollback ${String(ctx)} ${String(input)}`);
}
