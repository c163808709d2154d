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
  readonly onToggle: (id: string) => void;
}

/** One metric: verdict, sentence, interval against its limit, both series small; opens to everything about it. */
function Row({ open, onToggle, ...details }: MetricRowProps) {
  const { result, measurement, colours } = details;
  const say = useMessage();
  const region = useId();
  const verdict = verdictOf(result);
  const plot = intervalPlot(result, false);
  return (
    <li
      className={cn(
        'border-b last:border-b-0',
        // Rows out of sight cost nothing: a report may have hundreds.
        open ? undefined : '[contain-intrinsic-size:auto_57px] [content-visibility:auto]',
      )}
    >
      <h3>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={open ? region : undefined}
          onClick={() => onToggle(result.id)}
          className="grid w-full grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-3 px-4 py-2 text-left hover:bg-sunken focus-visible:outline-offset-[-2px] md:grid-cols-[1rem_7.5rem_minmax(0,1fr)_9rem_4.5rem_6rem]"
        >
          <ChevronRight
            aria-hidden
            className={cn('size-4 text-muted transition-transform', open && 'rotate-90')}
          />
          <VerdictMark verdict={verdict} muted={result.muted} className="order-last md:order-none" />
          <span className="flex min-w-0 flex-col">
            <Name result={result} />
            <span className={cn('text-muted text-sm', open ? undefined : 'line-clamp-2')}>
              {say(result.sentence)}
            </span>
          </span>
          <span className="hidden md:block">
            {plot ? (
              <IntervalBar plot={plot} tone={result.muted ? 'off' : VERDICT_LOOK[verdict].tone} />
            ) : null}
          </span>
          <Change result={result} />
          <Sparkline measurement={measurement} colours={colours} className="hidden md:block" />
        </button>
      </h3>
      {open ? (
        <div id={region} className="px-4 pt-1 pb-5 md:pl-11">
          <MetricDetails {...details} />
        </div>
      ) : null}
    </li>
  );
}

/** A live report comes anew with every look; rows of which nothing changed stay as they are. */
export const MetricRow = memo(Row);

function Name({ result }: { result: MetricResult }) {
  const t = useTranslations('canary');
  const { assessment } = result;
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
      <span className="min-w-0 font-semibold text-sm [overflow-wrap:anywhere]">{result.name}</span>
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
      {assessment?.lowConfidence ? (
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
    <span className="hidden whitespace-nowrap text-right font-medium text-sm md:block">
      {assessment?.superiority
        ? numbers.percent(assessment.superiority.estimate)
        : change === null
          ? '–'
          : numbers.change(change)}
    </span>
  );
}
