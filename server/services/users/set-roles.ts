import { z } from 'zod';
import { roleSchema } from '@/server/domain/roles';
import type { ServiceContext } from '@/server/services/context';

export const setRolesInput = z.object({ userId: z.uuid(), roles: z.array(roleSchema) });

/** Changes what a user may do; never takes the last admin away. */
export async function setRoles(ctx: ServiceContext, input: z.output<typeof setRolesInput>): Promise<{ ok: true }> {
  throw new Error(`stub setRoles ${String(ctx)} ${String(input)}`);
}
