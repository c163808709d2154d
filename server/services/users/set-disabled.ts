import { z } from 'zod';
import type { ServiceContext } from '@/server/services/context';

export const setDisabledInput = z.object({ userId: z.uuid(), disabled: z.boolean() });

/** Locks a user out or lets them in again. */
export async function setDisabled(ctx: ServiceContext, input: z.output<typeof setDisabledInput>): Promise<{ ok: true }> {
  throw new Error(`stub setDisabled ${String(ctx)} ${String(input)}`);
}
