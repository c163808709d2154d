import { z } from 'zod';
import type { Me } from '@/server/domain/views/admin';
import type { ServiceContext } from '@/server/services/context';

export const getMeInput = z.object({});

/** Who is signed in. */
export async function getMe(ctx: ServiceContext, input: z.output<typeof getMeInput>): Promise<Me> {
  throw new Error(`stub getMe ${String(ctx)} ${String(input)}`);
}
