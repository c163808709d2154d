import { z } from 'zod';
import type { ServiceContext } from '@/server/services/context';

export const revokeTokenInput = z.object({ id: z.uuid() });

/** Ends a token. */
export async function revokeToken(ctx: ServiceContext, input: z.output<typeof revokeTokenInput>): Promise<{ ok: true }> {
  throw new Error(`stub revokeToken ${String(ctx)} ${String(input)}`);
}
