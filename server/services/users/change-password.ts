import { z } from 'zod';
import type { ServiceContext } from '@/server/services/context';

export const changePasswordInput = z.object({ current: z.string(), next: z.string().min(10).max(200) });

/** Changes one's own password. */
export async function changePassword(ctx: ServiceContext, input: z.output<typeof changePasswordInput>): Promise<{ ok: true }> {
  throw new Error(`stub changePassword ${String(ctx)} ${String(input)}`);
}
