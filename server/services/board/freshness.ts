import { NO_ANSWER, type UnseenCause } from '@/server/domain/unseen';
import type { AccountRow } from '@/server/services/board/queries';

/** Whoever follows an account says so every five seconds at the latest; this is several times missed. */
const STALE_AFTER_SECONDS = 30;

type Seen = Pick<AccountRow, 'error' | 'secondsAgo' | 'seenAt'>;

/** Why what is known of an account may be out of date. */
export interface Staleness {
  /** In English. */
  readonly reason: string;
  /** Null where the reason is the platform's own. */
  readonly cause: UnseenCause | null;
}

/** Null when what is known of the account is fresh. */
export function stalenessOf(account: Seen | undefined): Staleness | null {
  const cause = causeOf(account);
  if (cause !== null) return { reason: sentence(cause, account?.seenAt ?? null), cause };
  return account?.error ? { reason: account.error, cause: null } : null;
}

/** The reason alone. */
export function staleReason(account: Seen | undefined): string | null {
  return stalenessOf(account)?.reason ?? null;
}

function causeOf(account: Seen | undefined): UnseenCause | null {
  if (!account) return 'gone';
  if (account.error === NO_ANSWER) return 'unanswered';
  if (account.error) return null;
  if (account.secondsAgo === null) return 'never';
  return account.secondsAgo > STALE_AFTER_SECONDS ? 'unwatched' : null;
}

function sentence(cause: UnseenCause, seenAt: string | null): string {
  switch (cause) {
    case 'gone':
      return 'The account is not known any more.';
    case 'never':
      return 'The account has not been seen yet.';
    case 'unwatched':
      return 'No worker has looked at the account lately.';
    case 'unanswered':
      return seenAt === null
        ? 'The platform has not answered yet.'
        : `The platform has not answered since ${seenAt.slice(0, 16).replace('T', ' ')} UTC.`;
    default:
      return cause satisfies never;
  }
}
