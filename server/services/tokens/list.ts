import { z } from 'zod';
import type { TokenView } from '@/server/domain/views/admin';
import type { ServiceContext } from '@/server/services/context';

export const listTokensInput = z.object({});

/** One's own tokens; all of them for an admin. */
export async function listTokens(ctx: ServiceContext, input: z.output<typeof listTokensInput>): Promise<TokenView[]> {
  throw new Error(`stub listTokens ${String(ctx)} ${String(input)}`);
}
