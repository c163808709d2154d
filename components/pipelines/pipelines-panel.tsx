'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus, Workflow } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { useMay } from '@/components/nav/use-me';
import { MiniGraph } from '@/components/pipelines/mini-graph';
import { RecentMarks } from '@/components/pipelines/recent-marks';
import { RunButton } from '@/components/pipelines/run-button';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import type { PipelineView } from '@/server/domain/views/admin';

/** The pipelines of an application: what they do, how they fared, and a button to run them. */
export function PipelinesPanel({ application }: { application: string }) {
  const t = useTranslations('pipelines');
  const trpc = useTRPC();
  const query = useQuery(trpc.pipelines.list.queryOptions({ application }));
  if (query.isPending) return <PanelSkeleton />;
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
  if (query.data.length === 0) {
    return (
      <EmptyState
        icon={<Workflow />}
        title={t('emptyTitle')}
        command={t('command', { application })}
        action={<NewPipeline application={application} />}
      >
        {t('empty')}
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      <div className="flex justify-end">
        <NewPipeline application={application} />
      </div>
      <Card aria-label={t('label', { application })} className="overflow-hidden">
        <ul className="divide-y">
          {query.data.map((pipeline) => (
            <PipelineItem key={pipeline.name} pipeline={pipeline} />
          ))}
        </ul>
      </Card>
    </div>
  );
}

function NewPipeline({ application }: { application: string }) {
  const t = useTranslations('pipelines');
  if (!useMay('pipeline.write')) return null;
  return (
    <Button asChild>
      <Link href={`/applications/${encodeURIComponent(application)}/new-pipeline`}>
        <Plus aria-hidden />
        {t('new')}
      </Link>
    </Button>
  );
}

function PipelineItem({ pipeline }: { pipeline: PipelineView }) {
  const t = useTranslations('pipelines');
  const { application, name, definition } = pipeline;
  return (
    <li className="grid items-center gap-x-6 gap-y-3 px-4 py-3 lg:grid-cols-[minmax(12rem,20rem)_minmax(0,1fr)_auto_auto]">
      <div className="min-w-0">
        <h2 className="truncate font-semibold text-base">
          <Link
            href={`/applications/${encodeURIComponent(application)}/pipelines/${encodeURIComponent(name)}`}
            className="hover:underline"
            aria-label={t('open', { name })}
          >
            {name}
          </Link>
        </h2>
        <p className="line-clamp-2 text-muted text-xs">
          {definition.description || t('stages', { count: definition.stages.length })}
        </p>
      </div>
      <div className="scroll-slim min-w-0 overflow-x-auto">
        <MiniGraph definition={definition} />
      </div>
      <RecentMarks recent={pipeline.recent} />
      <RunButton pipeline={pipeline} />
    </li>
  );
}

function PanelSkeleton() {
  return (
    <Card className="divide-y">
      {['one', 'two', 'three'].map((row) => (
        <div key={row} className="flex items-center gap-6 px-4 py-4">
          <Skeleton className="h-5 w-40" />
          <Skeleton className="h-6 flex-1" />
          <Skeleton className="h-8 w-16" />
        </div>
      ))}
    </Card>
  );
}
