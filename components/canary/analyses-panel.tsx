'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { FlaskConical } from 'lucide-react';
import Link from 'next/link';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { AnalysisRow } from '@/components/canary/analysis-row';
import { configHref, pipelinesHref } from '@/components/canary/places.view';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { MutationButton } from '@/components/ui/mutation-button';
import { Panel } from '@/components/ui/panel';
import { RowsSkeleton } from '@/components/ui/rows-skeleton';
import { Select } from '@/components/ui/select';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { ANALYSIS_STATUSES, type AnalysisStatus } from '@/server/domain/analysis';

/** Radix' select cannot hold an empty value. */
const ANY = '*';
const PAGE = 30;

/** The canary analyses of an application, newest first; which of them is in the URL. */
export function AnalysesPanel({ application }: { application: string }) {
  const t = useTranslations('canary.list');
  const [status, setStatus] = useQueryState('status', parseAsStringLiteral(ANALYSIS_STATUSES));
  return (
    <Panel
      title={t('title')}
      description={t('description')}
      action={
        <div className="flex flex-wrap items-center gap-2">
          <StatusFilter status={status} onChange={(next) => void setStatus(next)} />
          <Button asChild>
            <Link href={configHref(application)}>{t('configs')}</Link>
          </Button>
        </div>
      }
    >
      <Analyses application={application} status={status} onClear={() => void setStatus(null)} />
    </Panel>
  );
}

interface StatusFilterProps {
  readonly status: AnalysisStatus | null;
  readonly onChange: (status: AnalysisStatus | null) => void;
}

function StatusFilter({ status, onChange }: StatusFilterProps) {
  const t = useTranslations('canary');
  return (
    <Select
      aria-label={t('list.filter')}
      value={status ?? ANY}
      onValueChange={(next) => onChange(ANALYSIS_STATUSES.find((each) => each === next) ?? null)}
      options={[
        { value: ANY, label: t('list.any') },
        ...ANALYSIS_STATUSES.map((each) => ({ value: each, label: t(`status.${each}`) })),
      ]}
      className="w-48"
    />
  );
}

interface AnalysesProps {
  readonly application: string;
  readonly status: AnalysisStatus | null;
  readonly onClear: () => void;
}

function Analyses({ application, status, onClear }: AnalysesProps) {
  const t = useTranslations('canary.list');
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.analyses.list.infiniteQueryOptions(
      { application, statuses: status ? [status] : undefined, limit: PAGE },
      { getNextPageParam: (page) => page.nextCursor, initialCursor: null },
    ),
  );
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  if (query.isPending) return <RowsSkeleton />;
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
  if (rows.length === 0) {
    return status ? (
      <EmptyState title={t('emptyFilteredTitle')} action={<Button onClick={onClear}>{t('clear')}</Button>} />
    ) : (
      <Nothing application={application} />
    );
  }
  return (
    <>
      <ul aria-label={t('label')}>
        {rows.map((analysis) => (
          <AnalysisRow key={analysis.id} analysis={analysis} />
        ))}
      </ul>
      {query.hasNextPage ? (
        <div className="flex justify-center border-t py-3">
          <MutationButton
            pending={query.isFetchingNextPage}
            pendingLabel={t('more')}
            onClick={() => void query.fetchNextPage()}
          >
            {t('loadMore')}
          </MutationButton>
        </div>
      ) : null}
    </>
  );
}

function Nothing({ application }: { application: string }) {
  const t = useTranslations('canary.list');
  return (
    <EmptyState
      icon={<FlaskConical />}
      title={t('emptyTitle')}
      action={
        <>
          <Button asChild variant="primary">
            <Link href={configHref(application)}>{t('toWorkbench')}</Link>
          </Button>
          <Button asChild>
            <Link href={pipelinesHref(application)}>{t('toPipelines')}</Link>
          </Button>
        </>
      }
    >
      {t('empty')}
    </EmptyState>
  );
}
