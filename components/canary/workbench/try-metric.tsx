'use client';

import { ChevronRight, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { SideLabel, VerdictMark } from '@/components/canary/marks';
import { Queries } from '@/components/canary/queries';
import { toleratedValues } from '@/components/canary/series.view';
import { SeriesChart } from '@/components/canary/series-chart';
import { SeriesTable } from '@/components/canary/series-table';
import type { SideColours } from '@/components/canary/sides.view';
import { StatsTable } from '@/components/canary/stats-table';
import { useNumbers } from '@/components/canary/use-numbers';
import { verdictOf } from '@/components/canary/verdict.view';
import { Outlook } from '@/components/canary/workbench/outlook';
import { useMessage } from '@/components/i18n/provider';
import { Button } from '@/components/ui/button';
import type { AnalysisWindow, MetricMeasurement } from '@/server/domain/analysis';
import type { MetricResult } from '@/server/domain/canary';

interface TryMetricProps {
  readonly result: MetricResult;
  readonly measurement: MetricMeasurement | undefined;
  readonly window: AnalysisWindow;
  readonly colours: SideColours;
  readonly startsOpen: boolean;
  /** Goes to the metric's form. */
  readonly onEdit: () => void;
}

/** What a look into the past brought for one metric, and what it could have told. */
export function TryMetric(props: TryMetricProps) {
  const { result, measurement, window, colours } = props;
  const t = useTranslations('workbench.try');
  const say = useMessage();
  const [isOpen, setOpen] = useState(props.startsOpen);
  return (
    <li className="border-b last:border-b-0">
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)} className="group/tried">
        <summary className="flex cursor-pointer items-start gap-2 px-4 py-2 hover:bg-sunken">
          <ChevronRight
            aria-hidden
            className="mt-0.5 size-4 shrink-0 text-muted transition-transform group-open/tried:rotate-90"
          />
          <div className="min-w-0 flex-1">
            <div className="flex flex-wrap items-center justify-between gap-x-3">
              <h3 className="min-w-0 break-words font-semibold text-sm">{result.id}</h3>
              <VerdictMark verdict={verdictOf(result)} muted={result.muted} />
            </div>
            <p className="text-muted text-sm">{say(result.sentence)}</p>
          </div>
        </summary>
        {isOpen ? (
          <div className="flex flex-col gap-3 px-4 pt-1 pb-4">
            {measurement?.error ? <Problem line={measurement.error} tone="danger" /> : null}
            {measurement?.warnings.map((line) => (
              <Problem key={line} line={line} tone="caution" />
            ))}
            {result.assessment && tells(result) ? (
              <Outlook assessment={result.assessment} stepMs={window.stepMs} />
            ) : null}
            {measurement ? <Series {...{ result, measurement, window, colours }} /> : null}
            {measurement?.error ? null : <StatsTable result={result} colours={colours} />}
            {measurement && wasAsked(measurement) ? (
              <Queries queries={measurement.queries} colours={colours} />
            ) : null}
            <Button size="sm" className="self-start" onClick={props.onEdit}>
              {t('edit')}
            </Button>
          </div>
        ) : null}
      </details>
    </li>
  );
}

/** Of what does not count, or was not there at all, nobody asks how much of it is enough. */
function tells({ muted, assessment }: MetricResult): boolean {
  return !muted && assessment?.verdict !== 'error' && assessment?.verdict !== 'noData';
}

function wasAsked({ queries }: MetricMeasurement): boolean {
  return queries.baseline !== null || queries.canary !== null;
}

interface SeriesProps {
  readonly result: MetricResult;
  readonly measurement: MetricMeasurement;
  readonly window: AnalysisWindow;
  readonly colours: SideColours;
}

function Series({ result, measurement, window, colours }: SeriesProps) {
  const t = useTranslations('canary');
  const numbers = useNumbers();
  const [asTable, setAsTable] = useState(false);
  const isEmpty = [...measurement.baseline, ...measurement.canary].every((value) => value === null);
  if (isEmpty) return measurement.error ? null : <p className="text-muted text-sm">{t('detail.noPoints')}</p>;
  const { controlStats: left, experimentStats: right } = result;
  return (
    <figure aria-label={t('chart.label', { metric: result.id })} className="flex min-w-0 flex-col gap-2">
      <figcaption className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs">
        <SideLabel side="baseline" colours={colours} />
        <SideLabel side="canary" colours={colours} />
        <Button
          size="sm"
          variant="ghost"
          aria-pressed={asTable}
          className="ml-auto"
          onClick={() => setAsTable(!asTable)}
        >
          {t(asTable ? 'chart.asChart' : 'chart.asTable')}
        </Button>
        <span className="sr-only">
          {t('chart.described', {
            metric: result.id,
            baselineMin: numbers.measure(left.min),
            baselineMax: numbers.measure(left.max),
            baselineMean: numbers.measure(left.mean),
            canaryMin: numbers.measure(right.min),
            canaryMax: numbers.measure(right.max),
            canaryMean: numbers.measure(right.mean),
          })}
        </span>
      </figcaption>
      {asTable ? (
        <SeriesTable measurement={measurement} grid={window} />
      ) : (
        <SeriesChart
          {...{ measurement, colours }}
          grid={window}
          judged={window}
          warmupMs={0}
          tolerated={toleratedValues(result)}
        />
      )}
    </figure>
  );
}

function Problem({ line, tone }: { line: string; tone: 'danger' | 'caution' }) {
  const look = tone === 'danger' ? 'bg-danger-soft text-danger-ink' : 'bg-caution-soft text-caution-ink';
  return (
    <p className={`flex gap-2 rounded-md px-3 py-2 text-sm ${look}`}>
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0 break-words">{line}</span>
    </p>
  );
}
