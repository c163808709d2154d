import { z } from 'zod';
import type { ServiceContext } from '@/server/services/context';

export const liftPinInput = z.object({
  application: z.string(),
  cluster: z.string(),
  reason: z.string().min(1).max(1000),
});

/** Frees a pinned cluster. */
export async function liftPin(
  ctx: ServiceContext,
  input: z.output<typeof liftPinInput>,
): Promise<{ ok: true }> {
  throw new Error(`stub liftPin ${String(ctx)} ${String(input)}`);
}
