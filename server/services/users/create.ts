import { z } from 'zod';
import { roleSchema } from '@/server/domain/roles';
import type { ServiceContext } from '@/server/services/context';

export const createUserInput = z.object({ username: z.string().regex(/^[a-z0-9][a-z0-9._-]{1,62}$/), displayName: z.string().min(1).max(200), roles: z.array(roleSchema).min(1), password: z.string().min(10).max(200).optional() });

/** Adds a local user; answers the generated password once when none was given. */
export async function createUser(ctx: ServiceContext, input: z.output<typeof createUserInput>): Promise<{ id: string; password: string | null }> {
  throw new Error(`stub createUser ${String(ctx)} ${String(input)}`);
}
