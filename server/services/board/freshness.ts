import type { AccountRow } from '@/server/services/board/queries';

/** Accounts are looked at every five seconds at the latest; this is several looks missed. */
const STALE_AFTER_SECONDS = 30;

/** Why what is known of an account may be out of date; null when it is fresh. */
export function staleReason(account: Pick<AccountRow, 'error' | 'secondsAgo'> | undefined): string | null {
  if (!account) return 'The account is not known any more.';
  if (account.error) return account.error;
  if (account.secondsAgo === null) return 'The account has not been seen yet.';
  if (account.secondsAgo > STALE_AFTER_SECONDS) return 'No worker has looked at the account lately.';
  return null;
}
