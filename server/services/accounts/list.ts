import { z } from 'zod';
import type { AccountFreshness } from '@/server/domain/views/application';
import { accountViewOf } from '@/server/services/board/account-view';
import { readAccounts } from '@/server/services/board/queries';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const listAccountsInput = z.object({});

/** Every account with when it was last seen. Its configuration is not shown. */
export async function listAccounts(
  ctx: ServiceContext,
  _input: z.output<typeof listAccountsInput>,
): Promise<AccountFreshness[]> {
  requirePermission(ctx, 'read');
  const rows = await readAccounts(ctx.db);
  return rows.map(accountViewOf);
}
