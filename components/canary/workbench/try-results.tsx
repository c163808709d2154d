'use client';

import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { LabelBadge } from '@/components/canary/marks';
import { sideColours } from '@/components/canary/sides.view';
import { useNumbers } from '@/components/canary/use-numbers';
import { outlookOf } from '@/components/canary/workbench/try.view';
import { TryMetric } from '@/components/canary/workbench/try-metric';
import type { Tried } from '@/components/canary/workbench/use-try';
import { useMessage } from '@/components/i18n/provider';
import { RelativeTime } from '@/components/ui/time';
import type { LookView } from '@/server/domain/views/canary';

interface TryResultsProps {
  readonly look: LookView;
  readonly tried: Tried;
  /** The configuration is another one by now. */
  readonly isOld: boolean;
  readonly onEdit: (metric: string) => void;
}

/** So many are shown open. */
const OPEN = 3;

/** What the judge would have said about the window, and of each metric what it brought. */
export function TryResults({ look, tried, isOld, onEdit }: TryResultsProps) {
  const t = useTranslations('workbench.try');
  const say = useMessage();
  const numbers = useNumbers();
  const { judgement, measurements, startMs, endMs, stepMs } = look;
  const colours = useMemo(() => sideColours(tried.scopes), [tried]);
  const window = useMemo(() => ({ startMs, endMs, stepMs }), [startMs, endMs, stepMs]);
  const byId = useMemo(() => new Map(measurements?.map((one) => [one.id, one])), [measurements]);
  const short = judgement.results.filter(
    ({ assessment, muted }) => !muted && assessment && outlookOf(assessment, stepMs).state === 'short',
  ).length;
  return (
    <section aria-label={t('results')}>
      <div className="flex flex-col gap-1 border-b px-4 py-3">
        <p className="flex flex-wrap items-center gap-2">
          <LabelBadge label={judgement.classification} />
          <span className="font-semibold text-sm tabular-nums">
            {judgement.highestScore > judgement.score
              ? t('scoreRange', {
                  score: numbers.score(judgement.score),
                  highest: numbers.score(judgement.highestScore),
                })
              : t('score', { score: numbers.score(judgement.score) })}
          </span>
          <RelativeTime at={look.judgedAt} className="text-muted text-xs" />
        </p>
        <p className="text-sm">{say(judgement.sentence)}</p>
        {short > 0 ? <p className="text-caution-ink text-sm">{t('shortMetrics', { count: short })}</p> : null}
        {isOld ? <p className="text-muted text-sm">{t('old')}</p> : null}
      </div>
      <ul>
        {judgement.results.map((result, index) => (
          <TryMetric
            key={result.id}
            {...{ result, window, colours }}
            measurement={byId.get(result.id)}
            startsOpen={index < OPEN}
            onEdit={() => onEdit(result.name)}
          />
        ))}
      </ul>
    </section>
  );
}
