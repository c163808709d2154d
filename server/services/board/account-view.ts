import type { AccountFreshness } from '@/server/domain/views/application';
import { findManifest } from '@/server/services/accounts/load-provider';
import { stalenessOf } from '@/server/services/board/freshness';
import type { AccountRow } from '@/server/services/board/queries';

/** When an account was last seen, and why it cannot be seen now. */
export function accountViewOf(row: AccountRow): AccountFreshness {
  const { name: account, provider, seenAt } = row;
  const stale = stalenessOf(row);
  const swept = findManifest(provider)?.swept === true;
  return {
    account,
    provider,
    seenAt,
    error: stale?.reason ?? null,
    cause: stale?.cause ?? null,
    ...(swept ? { swept } : {}),
  };
}
