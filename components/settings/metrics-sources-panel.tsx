'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ChartLine, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useMay } from '@/components/nav/use-me';
import { ConfirmDialog } from '@/components/settings/confirm-dialog';
import { CheckAnswer, CheckButton, useSourceCheck } from '@/components/settings/metrics-source-check';
import { MetricsSourceDialog } from '@/components/settings/metrics-source-dialog';
import { addressOf } from '@/components/settings/metrics-sources.view';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { ListTable } from '@/components/ui/list-table';
import { Panel } from '@/components/ui/panel';
import { QueryStates } from '@/components/ui/query-states';
import { RowsSkeleton } from '@/components/ui/rows-skeleton';
import { EmptyState } from '@/components/ui/states';
import { TableCell, TableRow } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import type { MetricsSourceView } from '@/server/domain/views/canary';

const COLUMNS = ['name', 'kind', 'used', 'changed', 'actions'] as const;

/** Where canaries are measured. */
export function MetricsSourcesPanel() {
  const t = useTranslations('metricsSources');
  const trpc = useTRPC();
  const may = useMay('integration.write');
  const [edited, setEdited] = useState<MetricsSourceView | 'new' | null>(null);
  const [removed, setRemoved] = useState<string | null>(null);
  const query = useQuery(trpc.metricsSources.list.queryOptions({}));
  const types = useQuery(trpc.metricsSources.types.queryOptions({})).data ?? [];
  const add = (
    <Button
      variant="primary"
      disabled={!may || types.length === 0}
      title={may ? undefined : t('notAllowed')}
      onClick={() => setEdited('new')}
    >
      <Plus aria-hidden />
      {t('add')}
    </Button>
  );
  return (
    <Panel title={t('title')} description={t('description')} action={add}>
      <QueryStates
        query={query}
        skeleton={<RowsSkeleton />}
        failed={t('failed')}
        empty={
          <EmptyState icon={<ChartLine />} title={t('emptyTitle')}>
            {t('empty')}
          </EmptyState>
        }
      >
        {(sources) => (
          <ListTable label={t('list')} columns={COLUMNS} heading={(column) => t(`columns.${column}`)}>
            {sources.map((source) => (
              <SourceRow
                key={source.name}
                source={source}
                may={may}
                onEdit={() => setEdited(source)}
                onRemove={() => setRemoved(source.name)}
              />
            ))}
          </ListTable>
        )}
      </QueryStates>
      {edited === null ? null : (
        <MetricsSourceDialog
          source={edited === 'new' ? null : edited}
          types={types}
          onClose={() => setEdited(null)}
        />
      )}
      {removed === null ? null : <RemoveDialog name={removed} onClose={() => setRemoved(null)} />}
    </Panel>
  );
}

interface SourceRowProps {
  readonly source: MetricsSourceView;
  readonly may: boolean;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

function SourceRow({ source, may, onEdit, onRemove }: SourceRowProps) {
  const t = useTranslations('metricsSources');
  const { check, answer } = useSourceCheck();
  const title = may ? undefined : t('notAllowed');
  return (
    <TableRow>
      <TableCell className="min-w-48">
        <p className="font-medium">{source.name}</p>
        <p className="break-all font-mono text-muted text-xs">{addressOf(source) ?? t('ownCloud')}</p>
        <CheckAnswer answer={answer} />
      </TableCell>
      <TableCell className="whitespace-nowrap">{source.label}</TableCell>
      <TableCell className="whitespace-nowrap tabular-nums">{t('used', { count: source.usedBy })}</TableCell>
      <TableCell className="whitespace-nowrap text-muted">
        <RelativeTime at={source.updatedAt} />
        <span className="block text-xs">{source.updatedBy}</span>
      </TableCell>
      <TableCell className="text-right">
        <span className="inline-flex gap-2">
          <CheckButton
            size="sm"
            pending={check.isPending}
            disabled={!may}
            title={title}
            onClick={() => check.mutate({ name: source.name })}
          />
          <Button size="sm" disabled={!may} title={title} onClick={onEdit}>
            <Pencil aria-hidden />
            {t('edit')}
          </Button>
          <Button size="sm" variant="dangerOutline" disabled={!may} title={title} onClick={onRemove}>
            <Trash2 aria-hidden />
            {t('remove')}
          </Button>
        </span>
      </TableCell>
    </TableRow>
  );
}

function RemoveDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const t = useTranslations('metricsSources');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const remove = useMutation(
    trpc.metricsSources.remove.mutationOptions({
      onSuccess: async () => {
        toast.success(t('removed', { name }));
        onClose();
        await cache.invalidateQueries(trpc.metricsSources.pathFilter());
      },
    }),
  );
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('removeTitle', { name })}
      consequence={t('removeText')}
      keep={t('keep')}
      action={t('removeDo')}
      pendingLabel={t('removing')}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ name })}
    />
  );
}
