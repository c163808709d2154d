import { z } from 'zod';
import type { ServiceContext } from '@/server/services/context';

export const vetoArtifactInput = z.object({
  name: z.string(),
  version: z.string(),
  reason: z.string().min(1).max(1000),
});

/** Forbids deploying an artifact anywhere. */
export async function vetoArtifact(
  ctx: ServiceContext,
  input: z.output<typeof vetoArtifactInput>,
): Promise<{ ok: true }> {
  throw new Error(`stub vetoArtifact ${String(ctx)} ${String(input)}`);
}
