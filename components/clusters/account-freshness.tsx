'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { newestOf } from '@/components/clusters/federation.view';
import { type Unseen, useUnseenReason } from '@/components/clusters/unseen-reason';
import { Shape } from '@/components/status/shape';
import { useTRPC } from '@/components/trpc/trpc';
import { RelativeTime } from '@/components/ui/time';
import { Tooltip } from '@/components/ui/tooltip';
import type { AccountFreshness as Freshness } from '@/server/domain/views/application';

/** Accounts are seen all the time, also while nothing changes that a page would be told of. */
const LOOK_MS = 10_000;

/** When each account was last seen; a loud line for one that cannot be seen. */
export function AccountFreshness({ accounts }: { accounts: readonly Freshness[] }) {
  const t = useTranslations('clusters');
  const latest = newestOf(accounts, useAccounts());
  const well = latest.filter(({ error }) => error === null);
  return (
    <div className="flex flex-col gap-2">
      <BrokenAccounts accounts={latest} />
      {well.length > 0 ? (
        <p className="flex flex-wrap gap-x-4 text-muted text-xs">
          {well.map(({ account, seenAt }) => (
            <span key={account}>
              {seenAt ? (
                <>
                  {t('accountSeen', { account })} <RelativeTime at={seenAt} />
                </>
              ) : (
                t('accountNever', { account })
              )}
            </span>
          ))}
        </p>
      ) : null}
    </div>
  );
}

/** A loud line for each account that cannot be seen, with what was last seen of it still on the page. */
export function BrokenAccounts({ accounts }: { accounts: readonly Omit<Freshness, 'provider'>[] }) {
  const t = useTranslations('clusters');
  const reasonOf = useUnseenReason();
  return accounts.map((one) =>
    one.error === null ? null : (
      <Alarm key={one.account} seenAt={one.seenAt}>
        {t('accountBroken', { account: one.account, reason: reasonOf(one) })}
      </Alarm>
    ),
  );
}

/** Before somebody acts on a platform: that it cannot be reached now. Nothing while it can. */
export function UnreachableAccount({ account }: { account: string | undefined }) {
  const t = useTranslations('clusters');
  const reasonOf = useUnseenReason();
  const found = useAccounts()?.find((each) => each.account === account);
  if (!found || found.error === null) return null;
  return (
    <Alarm seenAt={found.seenAt}>
      {t('accountUnreachable', { account: found.account, reason: reasonOf(found) })}
    </Alarm>
  );
}

function Alarm({ seenAt, children }: { seenAt: string | null; children: ReactNode }) {
  return (
    <p
      role="alert"
      className="flex items-start gap-2 rounded-md bg-danger-soft px-3 py-2 text-danger-ink text-sm"
    >
      <Shape name="question" tone="danger" className="mt-1" />
      {/* It may name a time, which is another one where the page was made. */}
      <span suppressHydrationWarning>
        {children} {seenAt ? <RelativeTime at={seenAt} /> : null}
      </span>
    </p>
  );
}

/** Every account as it was seen last, looked up again and again; undefined until first known. */
export function useAccounts(): readonly Freshness[] | undefined {
  const trpc = useTRPC();
  return useQuery(trpc.accounts.list.queryOptions({}, { refetchInterval: LOOK_MS })).data;
}

/** An account that cannot be seen now, beside what was last seen of it. */
export function UnseenMark({ account, why }: { account: string; why: Unseen }) {
  const t = useTranslations('clusters');
  const reasonOf = useUnseenReason();
  return (
    <Tooltip content={t('accountBroken', { account, reason: reasonOf(why) })}>
      {/* Reached by the keyboard too, for the reason. */}
      <span tabIndex={0} className="inline-flex items-center gap-1.5 rounded-sm text-danger-ink text-xs">
        <Shape name="question" tone="danger" />
        {t('accountUnseen', { account })}
      </span>
    </Tooltip>
  );
}
