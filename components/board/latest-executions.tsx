'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { ExecutionName } from '@/components/executions/execution-name';
import { StatusBadge } from '@/components/status/status-badge';
import { VersionTag } from '@/components/status/version-tag';
import { useTRPC } from '@/components/trpc/trpc';
import { Card, CardHeader, CardTitle } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { Duration, RelativeTime } from '@/components/ui/time';
import type { ExecutionSummary } from '@/server/domain/views/execution';

const SHOWN = 6;

/** What happened last, below a board small enough to leave room. */
export function LatestExecutions() {
  const t = useTranslations('board');
  const trpc = useTRPC();
  const latest = useQuery(trpc.executions.list.queryOptions({ limit: SHOWN }));
  return (
    <Card className="mt-5 overflow-hidden">
      <CardHeader>
        <CardTitle className="flex-1">{t('latest')}</CardTitle>
        <Link href="/activity" className="rounded-sm text-accent-ink text-sm hover:underline">
          {t('allActivity')}
        </Link>
      </CardHeader>
      {latest.isError ? (
        <ErrorState error={latest.error} onRetry={() => void latest.refetch()} retrying={latest.isFetching} />
      ) : latest.isPending ? (
        <div className="flex flex-col gap-2 p-4">
          <Skeleton className="h-7" />
          <Skeleton className="h-7" />
          <Skeleton className="h-7" />
        </div>
      ) : latest.data.items.length === 0 ? (
        <p className="px-4 py-6 text-muted text-sm">{t('latestEmpty')}</p>
      ) : (
        <ul>
          {latest.data.items.map((execution) => (
            <LatestRow key={execution.id} execution={execution} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function LatestRow({ execution }: { execution: ExecutionSummary }) {
  const t = useTranslations('board');
  const { id, environment, version, status, trigger, startedAt, endedAt } = execution;
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1 border-b px-4 py-2 text-sm last:border-b-0 hover:bg-canvas md:grid md:grid-cols-[10.5rem_minmax(0,1.5fr)_minmax(0,1fr)_5.5rem_7rem]">
      <StatusBadge
        status={status}
        waitingForPerson={execution.waitingForPerson}
        className="justify-self-start"
      />
      <span className="flex min-w-0 items-center gap-2">
        <Link
          href={`/executions/${id}`}
          prefetch={false}
          className="min-w-0 font-medium after:absolute after:inset-0"
        >
          <ExecutionName execution={execution} place={environment ?? undefined} />
        </Link>
        {version ? <VersionTag version={version} size="sm" className="max-w-40 shrink-0" /> : null}
      </span>
      <span className="truncate text-muted max-md:hidden" title={trigger.by}>
        {t('by', { name: trigger.by })}
      </span>
      <span className="text-muted max-md:hidden">
        {startedAt ? <Duration from={startedAt} to={endedAt} /> : '–'}
      </span>
      <RelativeTime at={execution.createdAt} className="text-muted max-md:ml-auto" />
    </li>
  );
}
