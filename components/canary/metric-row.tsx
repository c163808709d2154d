'use client';

import { ChevronRight } from 'lucide-react';
import { memo, useId } from 'react';
import { useTranslations } from 'use-intl';
import { intervalPlot } from '@/components/canary/interval.view';
import { IntervalBar } from '@/components/canary/interval-bar';
import { VerdictMark } from '@/components/canary/marks';
import { MetricDetails, type MetricDetailsProps } from '@/components/canary/metric-details';
import { Sparkline } from '@/components/canary/sparkline';
import { useNumbers } from '@/components/canary/use-numbers';
import { VERDICT_LOOK, verdictOf } from '@/components/canary/verdict.view';
import { useMessage } from '@/components/i18n/provider';
import { Badge } from '@/components/ui/badge';
import { cn } from '@/components/ui/cn';
import type { MetricResult } from '@/server/domain/canary';

interface MetricRowProps extends MetricDetailsProps {
  readonly open: boolean;
  /** One of so many that what is out of sight is not drawn. */
  readonly light: boolean;
  readonly onToggle: (id: string) => void;
}

/** One metric: verdict, sentence, interval against its limit, both series small; opens to everything about it. */
function Row({ open, light, onToggle, ...details }: MetricRowProps) {
  const { result, measurement, colours } = details;
  const say = useMessage();
  const region = useId();
  const verdict = verdictOf(result);
  const plot = intervalPlot(result, false);
  return (
    <li
      className={cn(
        'border-b last:border-b-0',
        // Of a report with hundreds of metrics the rows out of sight cost nothing.
        light && !open && '[contain-intrinsic-size:auto_57px] [content-visibility:auto]',
      )}
    >
      <h3>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={open ? region : undefined}
          onClick={() => onToggle(result.id)}
          className="grid w-full grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-3 px-4 py-2 text-left hover:bg-sunken focus-visible:outline-offset-[-2px] @2xl:grid-cols-[1rem_6.5rem_minmax(0,1fr)_8rem_4rem] @3xl:grid-cols-[1rem_6.5rem_minmax(0,1fr)_9rem_4.5rem_6rem]"
        >
          <ChevronRight
            aria-hidden
            className={cn('size-4 text-muted transition-transform', open && 'rotate-90')}
          />
          <VerdictMark verdict={verdict} muted={result.muted} className="order-last @2xl:order-none" />
          <span className="flex min-w-0 flex-col">
            <Name result={result} open={open} />
            <span
              className={cn('text-muted text-sm [overflow-wrap:anywhere]', open ? undefined : 'line-clamp-2')}
            >
              {say(result.sentence)}
            </span>
          </span>
          <span className="@2xl:block hidden">
            {plot ? (
              <IntervalBar plot={plot} tone={result.muted ? 'off' : VERDICT_LOOK[verdict].tone} />
            ) : null}
          </span>
          <Change result={result} />
          <Sparkline measurement={measurement} colours={colours} className="@3xl:block hidden" />
        </button>
      </h3>
      {open ? (
        <div id={region} className="px-4 pt-1 pb-5 @2xl:pl-11">
          <MetricDetails {...details} />
        </div>
      ) : null}
    </li>
  );
}

/** A live report comes anew with every look; rows of which nothing changed stay as they are. */
export const MetricRow = memo(Row);

function Name({ result, open }: { result: MetricResult; open: boolean }) {
  const t = useTranslations('canary');
  const { assessment } = result;
  // Where nothing was measured that the sample is thin goes without saying.
  const hasVerdict = assessment?.verdict !== 'noData' && assessment?.verdict !== 'error';
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
      <span
        className={cn(
          'min-w-0 font-semibold text-sm [overflow-wrap:anywhere]',
          open ? undefined : 'line-clamp-2',
        )}
      >
        {result.name}
      </span>
      {Object.entries(result.tags).map(([key, value]) => (
        <Badge key={key} className="max-w-48 font-mono text-2xs">
          <span className="truncate">
            {key}={value}
          </span>
        </Badge>
      ))}
      {result.critical ? (
        <Badge tone="danger" title={t('metrics.criticalHint')}>
          {t('metrics.critical')}
        </Badge>
      ) : null}
      {result.muted ? <Badge title={t('metrics.mutedHint')}>{t('metrics.muted')}</Badge> : null}
      {assessment?.lowConfidence && hasVerdict ? (
        <Badge tone="caution" title={t('metrics.lowConfidenceHint')}>
          {t('metrics.lowConfidence')}
        </Badge>
      ) : null}
      {assessment?.policy ? <Badge>{t(`policy.${assessment.policy}`)}</Badge> : null}
    </span>
  );
}

function Change({ result: { assessment, ratio } }: { result: MetricResult }) {
  const numbers = useNumbers();
  const change = assessment ? assessment.change.estimate : ratio === null ? null : ratio - 1;
  return (
    <span className="@2xl:block hidden whitespace-nowrap text-right font-medium text-sm">
      {assessment?.superiority
        ? numbers.percent(assessment.superiority.estimate)
        : change === null
          ? '–'
          : numbers.change(change)}
    </span>
  );
}
