'use client';

import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import { parseAsInteger, useQueryState } from 'nuqs';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { AskedPanel } from '@/components/canary/asked-panel';
import { GroupScores } from '@/components/canary/group-scores';
import { LooksStrip } from '@/components/canary/looks-strip';
import { AnalysisBadge } from '@/components/canary/marks';
import { MetricsList } from '@/components/canary/metrics-list';
import { analysesHref } from '@/components/canary/places.view';
import { PlannedMetrics } from '@/components/canary/planned-metrics';
import { ReportFacts } from '@/components/canary/report-facts';
import { ReportVerdict } from '@/components/canary/report-verdict';
import { ScoreBar } from '@/components/canary/score-bar';
import { ShownLook } from '@/components/canary/shown-look';
import { sideColours } from '@/components/canary/sides.view';
import { type ReportSeries, useReport } from '@/components/canary/use-report';
import { LABEL_LOOK } from '@/components/canary/verdict.view';
import { Card } from '@/components/ui/card';
import { PageHeader } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import type { AnalysisReport } from '@/server/domain/views/canary';

/** One analysis: the verdict, what it rests on, and every metric of it. Live while it runs. */
export function ReportPage({ application, id }: { application: string; id: string }) {
  const t = useTranslations('canary.report');
  const [number, setNumber] = useQueryState('look', parseAsInteger);
  const { report: query, ...points } = useReport(id, number);
  return (
    <>
      <Link
        href={analysesHref(application)}
        className="mb-1 inline-flex items-center gap-1 rounded-sm text-muted text-sm hover:text-ink"
      >
        <ArrowLeft aria-hidden className="size-3.5" />
        {t('back', { application })}
      </Link>
      {query.isPending ? <ReportSkeleton /> : null}
      {query.isError ? (
        <ErrorState
          title={t('notFound')}
          error={query.error}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      ) : null}
      {query.data ? (
        <Report report={query.data} points={points} onLook={(next) => void setNumber(next)} />
      ) : null}
    </>
  );
}

interface ReportProps {
  readonly report: AnalysisReport;
  readonly points: ReportSeries;
  readonly onLook: (number: number | null) => void;
}

function Report({ report, points, onLook }: ReportProps) {
  const t = useTranslations('canary');
  const { baseline, canary } = report.scopes;
  const title = t('report.title', {
    canary: canary.version ?? canary.scope,
    baseline: baseline.version ?? baseline.scope,
  });
  const facts = (
    <>
      <ReportFacts report={report} colours={sideColours(report.scopes)} />
      <LooksStrip report={report} onChoose={onLook} />
    </>
  );
  return (
    <>
      <PageHeader
        title={<span title={title}>{title}</span>}
        description={t('report.about', { kind: t(`kind.${report.kind}`) })}
        aside={<AnalysisBadge status={report.status} />}
        className="pb-2"
      />
      <div className="flex flex-col gap-4">
        <ReportVerdict analysis={report} />
        {report.status === 'inconclusive' && report.endedAt === null ? (
          <AskedPanel report={report}>{facts}</AskedPanel>
        ) : (
          facts
        )}
        {report.shown ? (
          <Judged report={report} shown={report.shown} points={points} onLook={onLook} />
        ) : (
          <PlannedMetrics config={report.config} />
        )}
      </div>
    </>
  );
}

interface JudgedProps extends ReportProps {
  readonly shown: NonNullable<AnalysisReport['shown']>;
}

/** What one look saw and said. */
function Judged({ report, shown, points, onLook }: JudgedProps) {
  const t = useTranslations('canary');
  const { judgement } = shown;
  const isLatest = shown.number === report.history.at(-1)?.number;
  const colours = useMemo(() => sideColours(report.scopes), [report.scopes]);
  return (
    <>
      <ShownLook shown={shown} isLatest={isLatest} onLatest={() => onLook(null)} />
      <div className="grid items-start gap-4 xl:grid-cols-[18rem_minmax(0,1fr)]">
        <div className="grid items-start gap-4 sm:grid-cols-2 xl:sticky xl:top-16 xl:grid-cols-1">
          <Card aria-label={t('score.title')} className="p-4">
            <h2 className="mb-1 font-semibold text-base">{t('score.title')}</h2>
            <ScoreBar
              score={judgement.score}
              highest={judgement.highestScore}
              pass={report.options.passScore}
              marginal={report.options.marginalScore}
              tone={LABEL_LOOK[judgement.classification].tone}
            />
          </Card>
          <GroupScores judgement={judgement} config={report.config} />
        </div>
        <MetricsList
          key={report.id}
          look={shown}
          points={points}
          warmupMs={report.kind === 'realTime' ? report.options.warmupSeconds * 1_000 : 0}
          colours={colours}
        />
      </div>
    </>
  );
}

function ReportSkeleton() {
  return (
    <div className="flex flex-col gap-4">
      <Skeleton className="h-8 w-72" />
      <Skeleton className="h-20" />
      <div className="grid gap-2 sm:grid-cols-2">
        <Skeleton className="h-16" />
        <Skeleton className="h-16" />
      </div>
      <Skeleton className="h-12 w-80 max-w-full" />
      <div className="grid gap-4 xl:grid-cols-[18rem_1fr]">
        <Skeleton className="h-48" />
        <Skeleton className="h-96" />
      </div>
    </div>
  );
}
