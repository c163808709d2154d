'use client';

import { useTranslations } from 'use-intl';
import { Shape } from '@/components/status/shape';
import { RelativeTime } from '@/components/ui/time';
import type { AccountFreshness as Freshness } from '@/server/domain/views/application';

/** When each account was last seen; a loud line for one that cannot be seen. */
export function AccountFreshness({ accounts }: { accounts: readonly Freshness[] }) {
  const t = useTranslations('clusters');
  const broken = accounts.filter(({ error }) => error !== null);
  const well = accounts.filter(({ error }) => error === null);
  return (
    <div className="flex flex-col gap-2">
      {broken.map(({ account, error, seenAt }) => (
        <p
          key={account}
          role="alert"
          className="flex items-start gap-2 rounded-md bg-danger-soft px-3 py-2 text-danger-ink text-sm"
        >
          <Shape name="question" tone="danger" className="mt-1" />
          <span>
            {t('accountBroken', { account, reason: error ?? '' })}{' '}
            {seenAt ? <RelativeTime at={seenAt} /> : null}
          </span>
        </p>
      ))}
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
