'use client';

import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Distribution } from '@/components/canary/distribution';
import { SideLabel } from '@/components/canary/marks';
import { MetricChange } from '@/components/canary/metric-change';
import { Queries } from '@/components/canary/queries';
import { toleratedValues } from '@/components/canary/series.view';
import { SeriesChart } from '@/components/canary/series-chart';
import { SeriesTable } from '@/components/canary/series-table';
import type { SideColours } from '@/components/canary/sides.view';
import { StatsTable } from '@/components/canary/stats-table';
import { useNumbers } from '@/components/canary/use-numbers';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import type { AnalysisWindow, MetricMeasurement } from '@/server/domain/analysis';
import type { MetricResult } from '@/server/domain/canary';

export interface MetricDetailsProps {
  readonly result: MetricResult;
  /** Absent where its points are not kept. */
  readonly measurement: MetricMeasurement | undefined;
  /** Its points are on their way. */
  readonly coming: boolean;
  /** On which the points stand. */
  readonly grid: AnalysisWindow;
  /** What was judged of them. */
  readonly judged: AnalysisWindow;
  readonly warmupMs: number;
  readonly colours: SideColours;
}

/** All that is known about one metric: both series, their spread, the samples and what was asked. */
export function MetricDetails(props: MetricDetailsProps) {
  const { result, measurement, colours } = props;
  const t = useTranslations('canary.detail');
  return (
    <div className="flex flex-col gap-4">
      {measurement?.error ? <Problem title={t('error')} lines={[measurement.error]} tone="danger" /> : null}
      {measurement && measurement.warnings.length > 0 ? (
        <Problem title={t('warnings')} lines={measurement.warnings} tone="caution" />
      ) : null}
      <div className="grid gap-x-6 gap-y-4 @2xl:grid-cols-[minmax(0,1fr)_15rem] @4xl:grid-cols-[minmax(0,1fr)_17rem]">
        <Series {...props} />
        <div className="flex flex-col gap-4">
          <MetricChange result={result} />
          {measurement ? <Distribution measurement={measurement} colours={colours} /> : null}
        </div>
      </div>
      <StatsTable result={result} colours={colours} />
      {measurement ? <Queries queries={measurement.queries} colours={colours} /> : null}
    </div>
  );
}

function Series({ result, measurement, coming, grid, judged, warmupMs, colours }: MetricDetailsProps) {
  const t = useTranslations('canary');
  const numbers = useNumbers();
  const [asTable, setAsTable] = useState(false);
  if (!measurement && coming) return <Skeleton className="h-64" />;
  if (!measurement) return <p className="text-muted text-sm">{t('detail.notKept')}</p>;
  const drawn = [...measurement.baseline, ...measurement.canary].some((value) => value !== null);
  if (!drawn) return <p className="text-muted text-sm">{t('detail.noPoints')}</p>;
  const { controlStats: left, experimentStats: right } = result;
  const tolerated = toleratedValues(result);
  return (
    <figure aria-label={t('chart.label', { metric: result.id })} className="flex min-w-0 flex-col gap-2">
      <figcaption className="flex items-start gap-x-2 text-xs">
        <span className="flex min-h-7 flex-1 flex-wrap items-center gap-x-4 gap-y-1">
          <SideLabel side="baseline" colours={colours} />
          <SideLabel side="canary" colours={colours} />
          <span className="inline-flex items-center gap-1.5 text-muted">
            <span aria-hidden className="size-3 rounded-xs border bg-sunken" />
            {t('chart.window')}
          </span>
          {tolerated ? (
            <span className="inline-flex items-center gap-1.5 text-muted">
              <span aria-hidden className="w-4 border-ink border-t border-dotted" />
              {t('chart.limit')}
            </span>
          ) : null}
        </span>
        <Button size="sm" variant="ghost" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
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
        <SeriesTable measurement={measurement} grid={grid} />
      ) : (
        <SeriesChart {...{ measurement, grid, judged, warmupMs, colours, tolerated }} />
      )}
    </figure>
  );
}

interface ProblemProps {
  readonly title: string;
  readonly lines: readonly string[];
  readonly tone: 'danger' | 'caution';
}

function Problem({ title, lines, tone }: ProblemProps) {
  return (
    <div
      className={
        tone === 'danger'
          ? 'flex gap-2 rounded-md bg-danger-soft px-3 py-2 text-danger-ink text-sm'
          : 'flex gap-2 rounded-md bg-caution-soft px-3 py-2 text-caution-ink text-sm'
      }
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0">
        <p className="font-semibold">{title}</p>
        {lines.map((line) => (
          <p key={line} className="[overflow-wrap:anywhere]">
            {line}
          </p>
        ))}
      </div>
    </div>
  );
}
