import { z } from 'zod';
import { permissionSchema } from '@/server/domain/roles';
import type { ServiceContext } from '@/server/services/context';

export const createTokenInput = z.object({ name: z.string().min(1).max(100), scopes: z.array(permissionSchema).min(1), expiresInDays: z.number().int().min(1).max(3650).nullish() });

/** Makes a token, shown once. */
export async function createToken(ctx: ServiceContext, input: z.output<typeof createTokenInput>): Promise<{ id: string; token: string }> {
  throw new Error(`stub createToken ${String(ctx)} ${String(input)}`);
}
