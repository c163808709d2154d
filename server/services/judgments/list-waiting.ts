import { z } from 'zod';
import type { WaitingGate } from '@/server/domain/views/board';
import type { ServiceContext } from '@/server/services/context';

export const listWaitingInput = z.object({ application: z.string().optional() });

/** Gates that wait for a person, longest first. */
export async function listWaiting(ctx: ServiceContext, input: z.output<typeof listWaitingInput>): Promise<WaitingGate[]> {
  throw new Error(`stub listWaiting ${String(ctx)} ${String(input)}`);
}
