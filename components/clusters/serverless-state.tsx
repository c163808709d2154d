'use client';

import { useTranslations } from 'use-intl';
import { Shape } from '@/components/status/shape';
import { HEALTH_LOOK, type ShapeName } from '@/components/status/status.view';
import { cn } from '@/components/ui/cn';
import { TONE_INK, type Tone } from '@/components/ui/tone';
import { SERVERLESS_HEALTH } from '@/server/domain/units';
import type { ServerGroupView } from '@/server/domain/views/application';

type Serverless = NonNullable<ServerGroupView['serverless']>;

/** Whether a function is there for requests, only kept, or cannot be seen now. */
export type Standing = 'serving' | 'kept' | 'unseen';

export function standingOf(enabled: boolean, unseen: boolean): Standing {
  if (unseen) return 'unseen';
  return enabled ? 'serving' : 'kept';
}

interface Look {
  readonly shape: ShapeName;
  readonly tone: Tone;
  readonly word: Serverless['state'] | 'kept' | 'unseen';
}

function lookOf(state: Serverless['state'], standing: Standing): Look {
  const look = { ...HEALTH_LOOK[SERVERLESS_HEALTH[state]], word: state };
  if (standing === 'unseen') return { ...HEALTH_LOOK.unknown, word: 'unseen' };
  // That it could be called says nothing as long as nothing calls it; that it could not, or not yet, does.
  const isWell = SERVERLESS_HEALTH[state] === 'healthy';
  return standing === 'kept' && isWell ? { shape: 'ring', tone: 'off', word: 'kept' } : look;
}

interface ServerlessStateProps {
  readonly serverless: Serverless;
  readonly standing: Standing;
}

/** In place of instances, which a function has none of: whether it can be called, and its number at the platform. */
export function ServerlessState({ serverless, standing }: ServerlessStateProps) {
  const t = useTranslations('clusters');
  const { state, reason, revision } = serverless;
  const { shape, tone, word } = lookOf(state, standing);
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-3 text-sm" title={reason ?? undefined}>
      <span className={cn('inline-flex items-center gap-1.5', TONE_INK[tone])}>
        <Shape name={shape} tone={tone} />
        {t(`serverless.${word}`)}
      </span>
      <span className="whitespace-nowrap text-muted text-xs">{t('revision', { revision })}</span>
    </span>
  );
}

/** Its share of the requests, in place of how many instances are well. */
export function ShareText({ traffic, unseen }: { traffic: number; unseen: boolean }) {
  const t = useTranslations('clusters');
  return (
    <span
      title={unseen ? t('asLastSeen') : t('traffic')}
      className={cn('text-sm @max-[30rem]:order-1', traffic > 0 && !unseen ? 'font-medium' : 'text-muted')}
    >
      {t('percent', { percent: Math.round(traffic * 100) })}
    </span>
  );
}
