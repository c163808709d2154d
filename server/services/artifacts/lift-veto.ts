import { z } from 'zod';
import type { ServiceContext } from '@/server/services/context';

export const liftVetoInput = z.object({
  name: z.string(),
  version: z.string(),
  reason: z.string().min(1).max(1000),
});

/** Allows deploying an artifact again. */
export async function liftVeto(
  ctx: ServiceContext,
  input: z.output<typeof liftVetoInput>,
): Promise<{ ok: true }> {
  throw new Error(`stub liftVeto ${String(ctx)} ${String(input)}`);
}
