'use client';

import { useQuery } from '@tanstack/react-query';
import { Package } from 'lucide-react';
import { parseAsString, useQueryState } from 'nuqs';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { ArtifactRow } from '@/components/artifacts/artifact-row';
import { VetoDialog } from '@/components/artifacts/veto-dialog';
import { useMe } from '@/components/nav/use-me';
import { useTRPC } from '@/components/trpc/trpc';
import { Card } from '@/components/ui/card';
import { Input } from '@/components/ui/field';
import { PageHeader } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { Table, TableBody, TableHead, TableHeader, TableRow } from '@/components/ui/table';
import type { ArtifactView } from '@/server/domain/views/admin';

const COLUMNS = ['version', 'digest', 'published', 'runsIn', 'state', 'actions'] as const;

/** All builds: where they run, and whether they may be deployed. */
export function ArtifactsPage() {
  const t = useTranslations('artifacts');
  const trpc = useTRPC();
  const me = useMe().data;
  const [name, setName] = useQueryState('name', parseAsString.withDefault(''));
  const [judged, setJudged] = useState<ArtifactView | null>(null);
  const query = useQuery(trpc.artifacts.list.queryOptions({}));
  const rows = query.data?.filter((artifact) => artifact.name.includes(name.trim())) ?? [];
  const forbidden = me !== undefined && !me.permissions.includes('artifact.veto');
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      <Card aria-label={t('title')} className="overflow-hidden">
        <search className="border-b px-4 py-2">
          <Input
            type="search"
            aria-label={t('filter')}
            placeholder={t('filter')}
            value={name}
            onChange={(event) => void setName(event.target.value || null)}
            className="w-56"
          />
        </search>
        {query.isPending ? <RowsSkeleton /> : null}
        {query.isError ? (
          <ErrorState
            title={t('failed')}
            error={query.error}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        ) : null}
        {query.isSuccess && rows.length === 0 ? <Nothing filtered={name !== ''} /> : null}
        {rows.length > 0 ? (
          <Table label={t('label')}>
            <TableHead>
              <TableRow>
                {COLUMNS.map((column) => (
                  <TableHeader key={column} className={column === 'actions' ? 'text-right' : undefined}>
                    {t(`columns.${column}`)}
                  </TableHeader>
                ))}
              </TableRow>
            </TableHead>
            <TableBody>
              {rows.map((artifact) => (
                <ArtifactRow
                  key={artifact.digest + artifact.version}
                  artifact={artifact}
                  forbidden={forbidden}
                  onJudge={() => setJudged(artifact)}
                />
              ))}
            </TableBody>
          </Table>
        ) : null}
      </Card>
      <VetoDialog artifact={judged} onClose={() => setJudged(null)} />
    </>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  const t = useTranslations('artifacts');
  if (filtered) return <EmptyState title={t('emptyFiltered')} />;
  return (
    <EmptyState icon={<Package />} title={t('emptyTitle')} command={t('command')}>
      {t('empty')}
    </EmptyState>
  );
}

function RowsSkeleton() {
  return ['a', 'b', 'c', 'd'].map((row) => (
    <div key={row} className="flex h-12 items-center gap-6 border-b px-4">
      <Skeleton className="h-5 w-32" />
      <Skeleton className="h-4 flex-1" />
      <Skeleton className="h-7 w-16" />
    </div>
  ));
}
