import { z } from 'zod';
import type { AccountSettings } from '@/server/domain/views/admin';
import { findAccount } from '@/server/services/accounts/find';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const getAccountInput = z.object({ name: z.string() });

/** An account with its settings, for those who may change them. They say where credentials are and hold none. */
export async function getAccount(
  ctx: ServiceContext,
  input: z.output<typeof getAccountInput>,
): Promise<AccountSettings> {
  requirePermission(ctx, 'user.admin');
  const { name, provider, config } = await findAccount(ctx.db, input.name);
  return { name, provider, config };
}
