'use client';

import { useTranslations } from 'use-intl';
import { ANALYSIS_LOOK } from '@/components/canary/verdict.view';
import { useMessage } from '@/components/i18n/provider';
import { Shape } from '@/components/status/shape';
import { cn } from '@/components/ui/cn';
import { Countdown } from '@/components/ui/time';
import { TONE_SOFT } from '@/components/ui/tone';
import { useNow } from '@/components/ui/use-now';
import type { AnalysisSummary } from '@/server/domain/views/canary';

/** The verdict in large words, what it means for the release, and when it is looked at next. */
export function ReportVerdict({
  analysis,
  compact = false,
}: {
  analysis: AnalysisSummary;
  compact?: boolean;
}) {
  const t = useTranslations('canary.report');
  const say = useMessage();
  const look = ANALYSIS_LOOK[analysis.status];
  const { sentence, status, looks } = analysis;
  const planned = Math.max(analysis.plannedLooks, looks);
  return (
    <div
      className={cn(
        'flex items-start gap-3 rounded-lg',
        compact ? 'px-3 py-2' : 'px-4 py-3.5',
        TONE_SOFT[look.tone],
      )}
    >
      <Shape name={look.shape} tone={look.tone} className={compact ? 'mt-1' : 'mt-1.5 size-4'} />
      <div className="min-w-0 flex-1">
        <p
          aria-live="polite"
          className={cn(
            '[overflow-wrap:anywhere]',
            compact ? 'font-medium text-sm' : 'font-semibold text-xl',
          )}
        >
          {sentence ? say(sentence) : t(status === 'running' ? 'warming' : 'nothingJudged')}
        </p>
        <p className={compact ? 'text-xs' : 'text-sm'}>
          {t(`outcome.${outcomeOf(analysis)}`, { looks, planned })} <NextLook analysis={analysis} />
        </p>
      </div>
    </div>
  );
}

/** What came of it so far; where the metrics could not tell, a person has. Nothing depends on a look into the past. */
function outcomeOf({ status, classification, looks, kind }: AnalysisSummary) {
  const byPerson = classification === 'Inconclusive';
  if (byPerson && status === 'failed') return 'failedByPerson';
  if (byPerson && status === 'passed') return 'passedByPerson';
  if (kind === 'retrospective' && status === 'passed') return 'passedPast';
  if (status === 'running' && (looks === 0 || kind === 'retrospective')) return 'begun';
  return status;
}

function NextLook({ analysis }: { analysis: AnalysisSummary }) {
  const t = useTranslations('canary.report');
  const now = useNow();
  const { nextLookAt, status } = analysis;
  if (nextLookAt === null || status !== 'running') return null;
  return (
    <span className="whitespace-nowrap font-medium">
      {Date.parse(nextLookAt) <= now
        ? t('looksDue')
        : t.rich('nextLook', { time: () => <Countdown until={nextLookAt} /> })}
    </span>
  );
}
