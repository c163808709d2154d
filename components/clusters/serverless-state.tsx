'use client';

import { useTranslations } from 'use-intl';
import { Shape } from '@/components/status/shape';
import { HEALTH_LOOK } from '@/components/status/status.view';
import { cn } from '@/components/ui/cn';
import { TONE_INK } from '@/components/ui/tone';
import { SERVERLESS_HEALTH } from '@/server/domain/units';
import type { ServerGroupView } from '@/server/domain/views/application';

type Serverless = NonNullable<ServerGroupView['serverless']>;

/** In place of instances, which a function has none of: whether it can be called, and its number at the platform. */
export function ServerlessState({ serverless }: { serverless: Serverless }) {
  const t = useTranslations('clusters');
  const { state, reason, revision } = serverless;
  const look = HEALTH_LOOK[SERVERLESS_HEALTH[state]];
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-3 text-sm" title={reason ?? undefined}>
      <span className={cn('inline-flex items-center gap-1.5', TONE_INK[look.tone])}>
        <Shape name={look.shape} tone={look.tone} />
        {t(`serverless.${state}`)}
      </span>
      <span className="whitespace-nowrap text-muted text-xs">{t('revision', { revision })}</span>
    </span>
  );
}

/** Its share of the requests, in place of how many instances are well. */
export function ShareText({ traffic }: { traffic: number }) {
  const t = useTranslations('clusters');
  return (
    <span title={t('traffic')} className={cn('text-sm', traffic > 0 ? 'font-medium' : 'text-muted')}>
      {t('percent', { percent: Math.round(traffic * 100) })}
    </span>
  );
}
