'use client';

import { useTranslations } from 'use-intl';
import type { Freshness } from '@/components/live/freshness.view';
import { useFreshness } from '@/components/live/live-provider';
import { Shape } from '@/components/status/shape';
import type { ShapeName } from '@/components/status/status.view';
import { cn } from '@/components/ui/cn';
import { TONE_INK, type Tone } from '@/components/ui/tone';
import { Tooltip } from '@/components/ui/tooltip';

const LOOK: Readonly<Record<Freshness['kind'], { shape: ShapeName; tone: Tone }>> = {
  connecting: { shape: 'ring', tone: 'off' },
  live: { shape: 'dot', tone: 'clear' },
  behind: { shape: 'half', tone: 'caution' },
  reconnecting: { shape: 'turning', tone: 'caution' },
};

/** "live", "3 s behind" or "reconnecting", said aloud when it changes. */
export function FreshnessMark() {
  const t = useTranslations('live');
  const state = useFreshness();
  const seconds = state.kind === 'behind' ? state.seconds : 0;
  const look = LOOK[state.kind];
  const hint = {
    connecting: t('connecting'),
    live: t('liveHint'),
    behind: t('behindHint', { seconds }),
    reconnecting: t('reconnectingHint'),
  }[state.kind];
  const word = state.kind === 'behind' ? t('behind', { seconds }) : t(state.kind);
  return (
    <>
      <Tooltip content={hint} side="bottom">
        <button
          type="button"
          aria-label={`${t('label')}: ${word}`}
          className={cn(
            'inline-flex h-8 cursor-default items-center gap-1.5 whitespace-nowrap rounded-md px-1.5 text-xs',
            TONE_INK[look.tone],
          )}
        >
          <Shape name={look.shape} tone={look.tone} className="size-2.5" />
          <span className="max-sm:hidden">{word}</span>
        </button>
      </Tooltip>
      {/* Outside the button: what is inside one is not announced when it changes. */}
      <span role="status" className="sr-only">
        {word}
      </span>
    </>
  );
}
