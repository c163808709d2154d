'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { ListVideo } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { ExecutionRow } from '@/components/executions/execution-row';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';

export interface ExecutionFilter {
  readonly application?: string | undefined;
  readonly pipeline?: string | undefined;
  readonly environment?: string | undefined;
  readonly open?: boolean | undefined;
}

interface ExecutionsTableProps {
  readonly filter: ExecutionFilter;
  /** Absent where the page has no filters to clear. */
  readonly onClear?: (() => void) | undefined;
}

const ROW = 57;

/** Executions newest first, in pages as one scrolls; only the visible rows are in the page. */
export function ExecutionsTable({ filter, onClear }: ExecutionsTableProps) {
  const t = useTranslations('executions.list');
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.executions.list.infiniteQueryOptions(
      { ...filter, limit: 50 },
      { getNextPageParam: (page) => page.nextCursor, initialCursor: null },
    ),
  );
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const list = useRef<HTMLDivElement>(null);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW,
    overscan: 10,
    scrollMargin: list.current?.offsetTop ?? 0,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (last >= rows.length - 10 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [last, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

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
  if (rows.length === 0) return <Nothing onClear={onClear} />;
  return (
    <div>
      <div
        ref={list}
        role="list"
        aria-label={t('label')}
        className="relative"
        style={{ height: virtual.getTotalSize() }}
      >
        {items.map((item) => {
          const execution = rows[item.index];
          return execution ? (
            <ExecutionRow
              key={execution.id}
              execution={execution}
              position={item.index + 1}
              total={hasNextPage ? -1 : rows.length}
              style={{ height: ROW, transform: `translateY(${item.start - virtual.options.scrollMargin}px)` }}
            />
          ) : null;
        })}
      </div>
      <p role="status" className="py-3 text-center text-muted text-xs">
        {isFetchingNextPage ? t('more') : hasNextPage ? '' : t('end')}
      </p>
    </div>
  );
}

function Nothing({ onClear }: { onClear?: (() => void) | undefined }) {
  const t = useTranslations('executions.list');
  if (onClear) {
    return <EmptyState title={t('emptyFiltered')} action={<Button onClick={onClear}>{t('clear')}</Button>} />;
  }
  return (
    <EmptyState icon={<ListVideo />} title={t('emptyTitle')} command={t('command')}>
      {t('empty')}
    </EmptyState>
  );
}

function RowsSkeleton() {
  return (
    <div className="flex flex-col">
      {Array.from({ length: 8 }, (_, row) => (
        <div key={row} className="flex h-14 items-center gap-4 border-b px-4">
          <Skeleton className="h-5 w-20" />
          <Skeleton className="h-4 flex-1" />
          <Skeleton className="h-4 w-24" />
        </div>
      ))}
    </div>
  );
}
