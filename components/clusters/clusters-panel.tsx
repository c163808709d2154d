'use client';

import { useQuery } from '@tanstack/react-query';
import { Boxes } from 'lucide-react';
import { parseAsString, useQueryState } from 'nuqs';
import { useCallback, useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { AccountFreshness } from '@/components/clusters/account-freshness';
import { ClusterCard } from '@/components/clusters/cluster-card';
import { parseSelection, type Selection, selectionText } from '@/components/clusters/clusters.view';
import { federated, unseenOf } from '@/components/clusters/federation.view';
import { SelectionPanel } from '@/components/clusters/selection-panel';
import { useTRPC } from '@/components/trpc/trpc';
import { cn } from '@/components/ui/cn';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';

/** What an application has on every platform, now. */
export function ClustersPanel({ application }: { application: string }) {
  const t = useTranslations('clusters');
  const trpc = useTRPC();
  const clusters = useQuery(trpc.clusters.list.queryOptions({ application }));
  const [wanted] = useQueryState('cluster', parseAsString);
  const [at, setAt] = useQueryState('at', parseAsString);
  const selection = useMemo(() => (at === null ? null : parseSelection(at)), [at]);
  const select = useCallback((next: Selection) => void setAt(selectionText(next)), [setAt]);

  if (clusters.isPending) return <ClustersSkeleton />;
  if (clusters.isError) {
    return (
      <ErrorState
        error={clusters.error}
        onRetry={() => void clusters.refetch()}
        retrying={clusters.isFetching}
      />
    );
  }
  if (clusters.data.clusters.length === 0) {
    return (
      <EmptyState icon={<Boxes />} title={t('emptyTitle')} className="rounded-lg border bg-surface">
        {t('emptyText')}
      </EmptyState>
    );
  }
  const unseen = unseenOf(clusters.data.accounts);
  return (
    <div className={cn('flex flex-col gap-4', selection && 'xl:pr-[26rem]')}>
      <AccountFreshness accounts={clusters.data.accounts} />
      {federated(clusters.data.clusters).map((cluster) => (
        <ClusterCard
          key={cluster.name}
          application={application}
          cluster={cluster}
          unseen={unseen}
          wanted={wanted === cluster.name}
          selection={selection}
          onSelect={select}
        />
      ))}
      <SelectionPanel
        view={clusters.data}
        selection={selection}
        onSelect={select}
        onClose={() => void setAt(null)}
      />
    </div>
  );
}

function ClustersSkeleton() {
  return (
    <div aria-busy="true" className="flex flex-col gap-4">
      {['a', 'b'].map((card) => (
        <div key={card} className="rounded-lg border bg-surface">
          <div className="flex h-11 items-center gap-3 border-b px-4">
            <Skeleton className="h-5 w-40" />
            <Skeleton className="ml-auto h-7 w-40" />
          </div>
          <div className="flex flex-col gap-3 p-4">
            <Skeleton className="h-3 w-full" />
            <Skeleton className="h-6 w-3/4" />
            <Skeleton className="h-6 w-2/3" />
          </div>
        </div>
      ))}
    </div>
  );
}
