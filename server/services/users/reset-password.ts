import { z } from 'zod';
import type { ServiceContext } from '@/server/services/context';

export const resetPasswordInput = z.object({ userId: z.uuid() });

/** Gives a user a new generated password, answered once; ends their sessions. */
export async function resetPassword(ctx: ServiceContext, input: z.output<typeof resetPasswordInput>): Promise<{ password: string }> {
  throw new Error(`stub resetPassword ${String(ctx)} ${String(input)}`);
}
