'use client';

import { useTranslations } from 'use-intl';
import { Shape } from '@/components/status/shape';
import { RelativeTime } from '@/components/ui/time';
import { Tooltip } from '@/components/ui/tooltip';
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
            {t('accountBroken', { account, reason: sentence(error ?? '') })}{' '}
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

/** An account that cannot be seen now, beside what was last seen of it. */
export function UnseenMark({ account, reason }: { account: string; reason: string }) {
  const t = useTranslations('clusters');
  return (
    <Tooltip content={t('accountBroken', { account, reason: sentence(reason) })}>
      {/* Reached by the keyboard too, for the reason. */}
      <span tabIndex={0} className="inline-flex items-center gap-1.5 rounded-sm text-danger-ink text-xs">
        <Shape name="question" tone="danger" />
        {t('accountUnseen', { account })}
      </span>
    </Tooltip>
  );
}

/** Platforms end their words with a full stop or without. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
