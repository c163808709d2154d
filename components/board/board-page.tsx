'use client';

import { useQuery } from '@tanstack/react-query';
import { LayoutGrid, Search, SearchX } from 'lucide-react';
import { parseAsArrayOf, parseAsBoolean, parseAsString, useQueryStates } from 'nuqs';
import { useDeferredValue, useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { filterRows, linesOf, ownersOf, unseenAccounts, withLosses } from '@/components/board/board.view';
import { BoardCards } from '@/components/board/board-cards';
import { BoardGrid } from '@/components/board/board-grid';
import { BoardSkeleton } from '@/components/board/board-skeleton';
import { BoardTotals } from '@/components/board/board-totals';
import { LatestExecutions } from '@/components/board/latest-executions';
import { BrokenAccounts, useAccounts } from '@/components/clusters/account-freshness';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { Checkbox, Input, Label } from '@/components/ui/field';
import { PageHeader } from '@/components/ui/page-header';
import { Select } from '@/components/ui/select';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { useMedia } from '@/components/ui/use-media';
import type { Board } from '@/server/domain/views/board';

const FILTERS = {
  q: parseAsString.withDefault(''),
  owner: parseAsString,
  attention: parseAsBoolean.withDefault(false),
  group: parseAsBoolean.withDefault(false),
  /** Environments shown by region though few applications have them. */
  regions: parseAsArrayOf(parseAsString).withDefault([]),
};

/** A board that leaves room below it for what happened last. */
const SMALL_BOARD = 6;

/** Radix keeps the empty string for "nothing chosen". */
const ANYONE = '*';

/** Home: what is where, and is it well? */
export function BoardPage() {
  const t = useTranslations('board');
  const trpc = useTRPC();
  const board = useQuery(trpc.board.get.queryOptions({}));
  const accounts = useAccounts();
  const shown = useMemo(
    () => (board.data ? { ...board.data, rows: withLosses(board.data.rows, accounts) } : null),
    [board.data, accounts],
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={shown ? <BoardTotals rows={shown.rows} /> : null}
      />
      {shown ? (
        <LoadedBoard board={shown} />
      ) : board.isError ? (
        <ErrorState error={board.error} onRetry={() => void board.refetch()} retrying={board.isFetching} />
      ) : (
        <BoardSkeleton />
      )}
    </>
  );
}

function LoadedBoard({ board }: { board: Board }) {
  const t = useTranslations('board');
  const wide = useMedia('(min-width: 768px)');
  const [filters, setFilters] = useQueryStates(FILTERS, { history: 'replace' });
  const search = useDeferredValue(filters.q);
  const rows = useMemo(
    () => filterRows(board.rows, { search, owner: filters.owner, attention: filters.attention }),
    [board, search, filters.owner, filters.attention],
  );
  const lines = useMemo(() => linesOf(rows, filters.group), [rows, filters.group]);
  const unseen = useMemo(() => unseenAccounts(board.rows), [board]);

  if (board.rows.length === 0) {
    return (
      <EmptyState
        icon={<LayoutGrid />}
        title={t('emptyTitle')}
        command="npx signalbox apply examples/catalog/application.json"
        className="rounded-lg border bg-surface"
      >
        {t('emptyText')}
      </EmptyState>
    );
  }
  const fold = (environment: string) => {
    const others = filters.regions.filter((each) => each !== environment);
    const next = others.length === filters.regions.length ? [...others, environment] : others;
    void setFilters({ regions: next.length > 0 ? next : null });
  };
  const clear = () => void setFilters({ q: null, owner: null, attention: null });
  return (
    <>
      {unseen.length > 0 ? (
        <div className="flex flex-col gap-2 pb-3">
          <BrokenAccounts accounts={unseen} />
        </div>
      ) : null}
      <BoardFilters board={board} shown={rows.length} />
      {rows.length === 0 ? (
        <EmptyState
          icon={<SearchX />}
          title={t('noMatchTitle')}
          action={<Button onClick={clear}>{t('clearFilter')}</Button>}
          className="rounded-lg border bg-surface"
        >
          {t('noMatchText')}
        </EmptyState>
      ) : wide ? (
        <BoardGrid
          environments={board.environments}
          rows={rows}
          lines={lines}
          unfolded={filters.regions}
          onFold={fold}
        />
      ) : (
        <BoardCards lines={lines} />
      )}
      {board.rows.length <= SMALL_BOARD ? <LatestExecutions /> : null}
    </>
  );
}

function BoardFilters({ board, shown }: { board: Board; shown: number }) {
  const t = useTranslations('board');
  const [filters, setFilters] = useQueryStates(FILTERS, { history: 'replace' });
  const owners = useMemo(() => ownersOf(board.rows), [board]);
  const total = board.rows.length;
  return (
    <search className="flex flex-wrap items-center gap-x-4 gap-y-2 pb-3">
      <div className="relative w-full sm:w-64">
        <Search aria-hidden className="absolute top-2 left-2.5 size-4 text-faint" />
        <Input
          data-page-search
          type="search"
          aria-label={t('filter')}
          aria-keyshortcuts="/"
          placeholder={t('filterHint')}
          className="pl-8"
          value={filters.q}
          onChange={(event) => void setFilters({ q: event.target.value || null })}
        />
      </div>
      {owners.length > 1 ? (
        <Select
          aria-label={t('owner')}
          value={filters.owner ?? ANYONE}
          onValueChange={(owner) => void setFilters({ owner: owner === ANYONE ? null : owner })}
          options={[
            { value: ANYONE, label: t('allOwners') },
            ...owners.map((value) => ({ value, label: value })),
          ]}
          className="max-w-48"
        />
      ) : null}
      <Label className="inline-flex items-center gap-2 font-normal">
        <Checkbox
          checked={filters.attention}
          onCheckedChange={(checked) => void setFilters({ attention: checked === true || null })}
        />
        {t('attention')}
      </Label>
      {owners.length > 1 ? (
        <Label className="inline-flex items-center gap-2 font-normal">
          <Checkbox
            checked={filters.group}
            onCheckedChange={(checked) => void setFilters({ group: checked === true || null })}
          />
          {t('groupByOwner')}
        </Label>
      ) : null}
      <span role="status" className="ml-auto text-muted text-xs max-sm:hidden">
        {shown === total ? t('count', { total }) : t('shown', { shown, total })}
      </span>
    </search>
  );
}
