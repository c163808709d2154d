import { z } from 'zod';
import type { SystemHealth } from '@/server/domain/views/admin';
import type { ServiceContext } from '@/server/services/context';

export const getHealthInput = z.object({});

/** Whether the parts are well. Needs no sign-in. */
export async function getHealth(ctx: ServiceContext, input: z.output<typeof getHealthInput>): Promise<SystemHealth> {
  throw new Error(`stub getHealth ${String(ctx)} ${String(input)}`);
}
