'use client';

import { ArrowRight } from 'lucide-react';
import Link from 'next/link';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { VerdictMark } from '@/components/canary/marks';
import { reportHref } from '@/components/canary/places.view';
import { type DrawnSeries, worst } from '@/components/canary/report.view';
import { ReportVerdict } from '@/components/canary/report-verdict';
import { sideColours } from '@/components/canary/sides.view';
import { Sparkline } from '@/components/canary/sparkline';
import { useNumbers } from '@/components/canary/use-numbers';
import { useReport } from '@/components/canary/use-report';
import { verdictOf } from '@/components/canary/verdict.view';
import { useMessage } from '@/components/i18n/provider';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import type { AnalysisReport } from '@/server/domain/views/canary';

const WORST = 5;

/** The analysis of a stage in short, live: verdict, score, looks, and the metrics that matter most. */
export function StageAnalysis({ id }: { id: string }) {
  const t = useTranslations('canary.stage');
  const { report: query, series } = useReport(id, null);
  if (query.isPending) {
    return (
      <div className="flex flex-col gap-2">
        <Skeleton className="h-14" />
        <Skeleton className="h-24" />
      </div>
    );
  }
  if (query.isError) {
    return (
      <ErrorState
        title={t('failed')}
        error={query.error}
        onRetry={() => void query.refetch()}
        retrying={query.isFetching}
      />
    );
  }
  return <Summary report={query.data} series={series} />;
}

interface SummaryProps {
  readonly report: AnalysisReport;
  readonly series: DrawnSeries | null;
}

function Summary({ report, series }: SummaryProps) {
  const t = useTranslations('canary');
  const numbers = useNumbers();
  const { shown, looks } = report;
  return (
    <section aria-label={t('stage.title')} className="flex flex-col gap-2.5">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        {shown ? (
          <span className="font-medium">
            {shown.judgement.highestScore > shown.judgement.score
              ? t('scoreRange', {
                  low: numbers.score(shown.judgement.score),
                  high: numbers.score(shown.judgement.highestScore),
                })
              : t('scoreIs', { score: numbers.score(shown.judgement.score) })}
          </span>
        ) : null}
        <span className="text-muted">
          {t('stage.look', { looks, planned: Math.max(looks, report.plannedLooks) })}
        </span>
      </p>
      <ReportVerdict analysis={report} compact />
      {shown ? <Worst report={report} shown={shown} series={series} /> : null}
      <Link
        href={reportHref(report.application, report.id)}
        className="inline-flex items-center gap-1 self-start rounded-sm text-accent-ink text-sm underline-offset-4 hover:underline"
      >
        {t('stage.open')}
        <ArrowRight aria-hidden className="size-3.5" />
      </Link>
    </section>
  );
}

interface WorstProps extends SummaryProps {
  readonly shown: NonNullable<AnalysisReport['shown']>;
}

function Worst({ report, shown, series }: WorstProps) {
  const t = useTranslations('canary.stage');
  const say = useMessage();
  const colours = useMemo(() => sideColours(report.scopes), [report.scopes]);
  const results = worst(shown.judgement.results, WORST);
  const more = shown.judgement.results.length - results.length;
  return (
    <>
      <ul aria-label={t('worst')} className="divide-y rounded-md border">
        {results.map((result) => (
          <li key={result.id} className="flex items-center gap-3 px-3 py-1.5">
            <div className="min-w-0 flex-1">
              <VerdictMark verdict={verdictOf(result)} />
              <p className="line-clamp-3 text-xs [overflow-wrap:anywhere]">{say(result.sentence)}</p>
            </div>
            <Sparkline measurement={series?.byId.get(result.id)} colours={colours} className="shrink-0" />
          </li>
        ))}
      </ul>
      {more > 0 ? <p className="text-muted text-xs">{t('more', { count: more })}</p> : null}
    </>
  );
}

/** The analysis that a stage has begun, as its outputs say; null before. */
export function analysisIdOf(outputs: Readonly<Record<string, unknown>>): string | null {
  const { analysisId } = outputs;
  return typeof analysisId === 'string' ? analysisId : null;
}
