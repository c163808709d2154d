import { z } from 'zod';
import type { UserView } from '@/server/domain/views/admin';
import type { ServiceContext } from '@/server/services/context';

export const listUsersInput = z.object({});

/** Everyone who may sign in. */
export async function listUsers(ctx: ServiceContext, input: z.output<typeof listUsersInput>): Promise<UserView[]> {
  throw new Error(`stub listUsers ${String(ctx)} ${String(input)}`);
}
