'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { ExecutionBody } from '@/components/executions/execution-body';
import { ExecutionControls } from '@/components/executions/execution-controls';
import { ExecutionFacts } from '@/components/executions/execution-facts';
import { ExecutionSentence } from '@/components/executions/execution-sentence';
import { useExecutionName } from '@/components/executions/use-execution-name';
import { WIDE } from '@/components/executions/use-media';
import { warmGraph } from '@/components/graph/warm-graph';
import { StatusBadge } from '@/components/status/status-badge';
import { useTRPC } from '@/components/trpc/trpc';
import { PageHeader } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';

/** One execution, live: what it does now, its stages, and what one can do about it. */
export function ExecutionPage({ id }: { id: string }) {
  const t = useTranslations('executions');
  const name = useExecutionName();
  const trpc = useTRPC();
  useEffect(() => {
    if (window.matchMedia(WIDE).matches) warmGraph();
  }, []);
  const query = useQuery(trpc.executions.get.queryOptions({ id }));
  if (query.isPending) return <ExecutionSkeleton />;
  if (query.isError) {
    return (
      <ErrorState
        title={t('notFound')}
        error={query.error}
        onRetry={() => void query.refetch()}
        retrying={query.isFetching}
      />
    );
  }
  const execution = query.data;
  return (
    <>
      <PageHeader
        title={name(execution)}
        wraps
        aside={<StatusBadge status={execution.status} waitingForPerson={execution.waitingForPerson} />}
        actions={<ExecutionControls execution={execution} />}
        className="pb-2"
      />
      <div className="flex flex-col gap-4">
        <ExecutionFacts execution={execution} />
        <ExecutionSentence execution={execution} />
        <ExecutionBody execution={execution} />
      </div>
    </>
  );
}

function ExecutionSkeleton() {
  return (
    <div className="flex flex-col gap-4">
      <Skeleton className="h-8 w-72" />
      <Skeleton className="h-4 w-96 max-w-full" />
      <Skeleton className="h-14" />
      <div className="grid gap-4 lg:grid-cols-[1fr_27rem]">
        <Skeleton className="h-[26rem]" />
        <Skeleton className="h-[26rem]" />
      </div>
    </div>
  );
}
