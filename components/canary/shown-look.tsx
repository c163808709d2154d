'use client';

import { useTranslations } from 'use-intl';
import { LabelBadge } from '@/components/canary/marks';
import { useTimeRange } from '@/components/canary/use-clock';
import { useMessage } from '@/components/i18n/provider';
import { Button } from '@/components/ui/button';
import { RelativeTime } from '@/components/ui/time';
import type { LookView } from '@/server/domain/views/canary';

interface ShownLookProps {
  readonly shown: LookView;
  readonly isLatest: boolean;
  readonly onLatest: () => void;
}

/** Which window is looked at; an earlier look says so and leads back to the latest. */
export function ShownLook({ shown, isLatest, onLatest }: ShownLookProps) {
  const t = useTranslations('canary.looks');
  const time = useTranslations('common.time');
  const say = useMessage();
  const range = useTimeRange();
  const seconds = shown.stepMs / 1_000;
  const step =
    seconds % 60 === 0 ? time('minutes', { count: seconds / 60 }) : time('seconds', { count: seconds });
  return (
    <div className="flex flex-col gap-2">
      {isLatest ? null : (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md border border-accent bg-accent-soft px-3 py-2 text-sm">
          <LabelBadge label={shown.judgement.classification} />
          <p className="min-w-0 flex-1 basis-60">
            <span className="font-medium">{t('past', { number: shown.number })}</span>{' '}
            {say(shown.judgement.sentence)}
          </p>
          <Button size="sm" onClick={onLatest}>
            {t('latest')}
          </Button>
        </div>
      )}
      <p className="text-muted text-xs">
        {t('window', {
          range: range(shown.startMs, shown.endMs),
          step,
        })}
        {' · '}
        {t.rich('judgedAt', { time: () => <RelativeTime at={shown.judgedAt} /> })}
      </p>
    </div>
  );
}
