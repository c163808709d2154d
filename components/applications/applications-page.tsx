'use client';

import { useQuery } from '@tanstack/react-query';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { Boxes, Search, SearchX } from 'lucide-react';
import Link from 'next/link';
import { parseAsString, useQueryState } from 'nuqs';
import { useDeferredValue, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { filterApplications } from '@/components/applications/applications.view';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Input } from '@/components/ui/field';
import { PageHeader } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import type { ApplicationSummary } from '@/server/domain/views/application';

const ROW_PX = 56;
const COLUMNS =
  'grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 md:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_6rem_6rem_10rem_7rem]';

/** All applications. */
export function ApplicationsPage() {
  const t = useTranslations('applications');
  const trpc = useTRPC();
  const list = useQuery(trpc.applications.list.queryOptions({ seen: true }));
  const [search, setSearch] = useQueryState('q', parseAsString.withDefault(''));
  const deferred = useDeferredValue(search);
  const shown = useMemo(() => filterApplications(list.data ?? [], deferred), [list.data, deferred]);

  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      <search className="block pb-3">
        <div className="relative w-full sm:w-64">
          <Search aria-hidden className="absolute top-2 left-2.5 size-4 text-faint" />
          <Input
            data-page-search
            type="search"
            aria-label={t('filter')}
            aria-keyshortcuts="/"
            placeholder={t('filter')}
            className="pl-8"
            value={search}
            onChange={(event) => void setSearch(event.target.value || null)}
          />
        </div>
      </search>
      <div className="overflow-hidden rounded-lg border bg-surface">
        {list.isPending ? (
          <ListSkeleton />
        ) : list.isError ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} retrying={list.isFetching} />
        ) : list.data.length === 0 ? (
          <EmptyState
            icon={<Boxes />}
            title={t('emptyTitle')}
            command="npx signalbox apply examples/catalog/application.json"
          >
            {t('emptyText')}
          </EmptyState>
        ) : shown.length === 0 ? (
          <NoMatch onClear={() => void setSearch(null)} />
        ) : (
          <List applications={shown} />
        )}
      </div>
    </>
  );
}

function NoMatch({ onClear }: { onClear: () => void }) {
  const t = useTranslations('applications');
  const common = useTranslations('common');
  return (
    <EmptyState
      icon={<SearchX />}
      title={t('noMatchTitle')}
      action={<Button onClick={onClear}>{common('clear')}</Button>}
    >
      {t('noMatchText')}
    </EmptyState>
  );
}

function List({ applications }: { applications: readonly ApplicationSummary[] }) {
  const t = useTranslations('applications');
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  const virtual = useWindowVirtualizer({
    count: applications.length,
    estimateSize: () => ROW_PX,
    overscan: 10,
    scrollMargin: top,
  });
  const names = [
    t('name'),
    t('owner'),
    t('environments'),
    t('pipelines'),
    t('instances'),
    t('lastExecution'),
  ];
  return (
    <div role="table" aria-label={t('title')} aria-rowcount={applications.length + 1}>
      <div role="rowgroup" className="border-b max-md:sr-only">
        <div role="row" aria-rowindex={1} className={cn(COLUMNS, 'h-9 px-4 text-muted text-xs')}>
          {names.map((name) => (
            <span key={name} role="columnheader" className="truncate">
              {name}
            </span>
          ))}
        </div>
      </div>
      <div ref={list} role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const application = applications[item.index];
          if (!application) return null;
          return (
            <div
              key={application.name}
              role="row"
              aria-rowindex={item.index + 2}
              className={cn(
                COLUMNS,
                'absolute inset-x-0 px-4 text-sm hover:bg-canvas',
                item.index < applications.length - 1 && 'border-b',
              )}
              style={{ top: item.start - top, height: item.size }}
            >
              <RowCells application={application} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function RowCells({ application }: { application: ApplicationSummary }) {
  const t = useTranslations('applications');
  const { name, description, owner, environments, pipelines, instances, healthyInstances } = application;
  const { lastExecutionAt, seenOnly } = application;
  const ill = healthyInstances < instances;
  return (
    <>
      <div role="cell" className="min-w-0">
        <Link
          href={`/applications/${encodeURIComponent(name)}`}
          title={name}
          prefetch={false}
          className="block truncate font-semibold after:absolute after:inset-0"
        >
          {name}
        </Link>
        {seenOnly ? (
          <span className="block truncate text-muted text-xs">{t('seenOnly')}</span>
        ) : (
          <span className="block truncate text-muted text-xs" title={description}>
            {description}
          </span>
        )}
      </div>
      <span role="cell" className="truncate text-muted max-md:hidden" title={owner}>
        {owner || '–'}
      </span>
      <span role="cell" className="max-md:hidden">
        {environments}
      </span>
      <span role="cell" className="max-md:hidden">
        {pipelines}
      </span>
      <span role="cell" className="text-xs max-md:text-right">
        {instances === 0 ? (
          <span className="text-muted">{t('noInstances')}</span>
        ) : (
          <span className="flex flex-col gap-1">
            <span className={ill ? 'text-danger-ink' : 'text-muted'}>
              {t('healthyOf', { healthy: healthyInstances, total: instances })}
            </span>
            <span aria-hidden className="h-1.5 w-28 overflow-hidden rounded-full bg-danger">
              <span
                className="block h-full bg-clear"
                style={{ width: `${(healthyInstances / instances) * 100}%` }}
              />
            </span>
          </span>
        )}
      </span>
      <span role="cell" className="text-muted max-md:hidden">
        {lastExecutionAt ? <RelativeTime at={lastExecutionAt} /> : '–'}
      </span>
    </>
  );
}

function ListSkeleton() {
  return (
    <div aria-busy="true">
      {['a', 'b', 'c', 'd', 'e'].map((row) => (
        <div key={row} className="flex h-14 items-center gap-6 border-b px-4 last:border-b-0">
          <Skeleton className="h-4 w-48" />
          <Skeleton className="ml-auto h-4 w-32" />
        </div>
      ))}
    </div>
  );
}
