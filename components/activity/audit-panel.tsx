'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import { parseAsString, useQueryStates } from 'nuqs';
import { useTranslations } from 'use-intl';
import { AuditRow } from '@/components/activity/audit-row';
import { useMe } from '@/components/nav/use-me';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Input } from '@/components/ui/field';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';

const FILTERS = {
  action: parseAsString.withDefault('').withOptions({ throttleMs: 300 }),
  actor: parseAsString.withDefault('').withOptions({ throttleMs: 300 }),
  application: parseAsString.withDefault('').withOptions({ throttleMs: 300 }),
};

/** The record of changes, newest first, each with what it changed. */
export function AuditPanel() {
  const t = useTranslations('activity');
  const lists = useTranslations('executions.list');
  const trpc = useTRPC();
  const me = useMe().data;
  const [chosen, setChosen] = useQueryStates(FILTERS);
  const forbidden = me !== undefined && !me.permissions.includes('audit.read');
  const query = useInfiniteQuery(
    trpc.audit.list.infiniteQueryOptions(
      {
        action: chosen.action || undefined,
        actor: chosen.actor || undefined,
        application: chosen.application || undefined,
        limit: 50,
      },
      { getNextPageParam: (page) => page.nextCursor, initialCursor: null, enabled: !forbidden },
    ),
  );
  if (forbidden) return <EmptyState title={t('auditNotAllowed')} />;
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = chosen.action !== '' || chosen.actor !== '' || chosen.application !== '';
  const clear = () => void setChosen({ action: null, actor: null, application: null });
  return (
    <Card aria-label={t('audit')} className="overflow-hidden">
      <search className="flex flex-wrap gap-2 border-b px-4 py-2">
        <FilterInput
          label={t('filterActor')}
          value={chosen.actor}
          onChange={(actor) => void setChosen({ actor: actor || null })}
        />
        <FilterInput
          label={t('filterAction')}
          value={chosen.action}
          onChange={(action) => void setChosen({ action: action || null })}
        />
        <FilterInput
          label={t('filterApplication')}
          value={chosen.application}
          onChange={(application) => void setChosen({ application: application || null })}
        />
      </search>
      {query.isPending ? <RowsSkeleton /> : null}
      {query.isError ? (
        <ErrorState
          title={t('auditFailed')}
          error={query.error}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      ) : null}
      {query.isSuccess && rows.length === 0 ? (
        <EmptyState
          icon={<ScrollText />}
          title={filtered ? lists('emptyFiltered') : t('auditEmptyTitle')}
          action={filtered ? <Button onClick={clear}>{lists('clear')}</Button> : undefined}
        >
          {filtered ? null : t('auditEmpty')}
        </EmptyState>
      ) : null}
      {rows.length > 0 ? (
        <ul aria-label={t('auditLabel')} className="divide-y">
          {rows.map((entry) => (
            <AuditRow key={entry.id} entry={entry} />
          ))}
        </ul>
      ) : null}
      {query.hasNextPage ? (
        <div className="flex justify-center border-t p-3">
          <Button onClick={() => void query.fetchNextPage()} aria-busy={query.isFetchingNextPage}>
            {query.isFetchingNextPage ? t('more') : t('showMore')}
          </Button>
        </div>
      ) : null}
    </Card>
  );
}

function FilterInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <Input
      type="search"
      aria-label={label}
      placeholder={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="w-40"
    />
  );
}

function RowsSkeleton() {
  return ['a', 'b', 'c', 'd', 'e'].map((row) => (
    <div key={row} className="flex h-12 items-center gap-4 border-b px-4">
      <Skeleton className="h-4 w-32" />
      <Skeleton className="h-4 flex-1" />
      <Skeleton className="h-4 w-20" />
    </div>
  ));
}
