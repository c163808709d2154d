'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Download, FileInput, FlaskConical, Plus, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { analysesHref, configHref } from '@/components/canary/places.view';
import { saveAsFile } from '@/components/canary/workbench/save-as-file';
import { useMay } from '@/components/nav/use-me';
import { ConfirmDialog } from '@/components/settings/confirm-dialog';
import { useTRPC } from '@/components/trpc/trpc';
import { Button, IconButton } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { ListTable } from '@/components/ui/list-table';
import { PageHeader } from '@/components/ui/page-header';
import { QueryStates } from '@/components/ui/query-states';
import { RowsSkeleton } from '@/components/ui/rows-skeleton';
import { EmptyState } from '@/components/ui/states';
import { TableCell, TableRow } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import type { CanaryConfigSummary } from '@/server/domain/views/canary';

const COLUMNS = ['name', 'source', 'judge', 'metrics', 'used', 'changed', 'actions'] as const;

/** What canaries of an application are judged by. */
export function ConfigsPage({ application }: { application: string }) {
  const t = useTranslations('workbench.configs');
  const trpc = useTRPC();
  const may = useMay('pipeline.write');
  const [removed, setRemoved] = useState<string | null>(null);
  const query = useQuery(trpc.canaryConfigs.list.queryOptions({ application }));
  const verbs = may ? (
    <>
      <Button asChild>
        <Link href={`${configHref(application, 'new')}?import=true`}>
          <FileInput aria-hidden />
          {t('import')}
        </Link>
      </Button>
      <Button asChild variant="primary">
        <Link href={configHref(application, 'new')}>
          <Plus aria-hidden />
          {t('add')}
        </Link>
      </Button>
    </>
  ) : null;
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description', { application })}
        actions={
          <>
            <Button asChild>
              <Link href={analysesHref(application)}>{t('analyses')}</Link>
            </Button>
            {verbs}
          </>
        }
      />
      <Card className="overflow-hidden">
        <QueryStates
          query={query}
          skeleton={<RowsSkeleton />}
          failed={t('failed')}
          empty={
            <EmptyState icon={<FlaskConical />} title={t('emptyTitle')} action={verbs}>
              {t('empty')}
            </EmptyState>
          }
        >
          {(configs) => (
            <ListTable label={t('list')} columns={COLUMNS} heading={(column) => t(`columns.${column}`)}>
              {configs.map((config) => (
                <ConfigRow
                  key={config.name}
                  config={config}
                  may={may}
                  onRemove={() => setRemoved(config.name)}
                />
              ))}
            </ListTable>
          )}
        </QueryStates>
      </Card>
      {removed === null ? null : (
        <RemoveDialog application={application} name={removed} onClose={() => setRemoved(null)} />
      )}
    </>
  );
}

interface ConfigRowProps {
  readonly config: CanaryConfigSummary;
  readonly may: boolean;
  readonly onRemove: () => void;
}

function ConfigRow({ config, may, onRemove }: ConfigRowProps) {
  const t = useTranslations('workbench.configs');
  const { application, name } = config;
  const download = useExport(application, name);
  return (
    <TableRow>
      <TableCell className="min-w-40">
        <Link
          href={configHref(application, name)}
          className="font-medium text-accent-ink underline-offset-4 hover:underline"
        >
          {name}
        </Link>
      </TableCell>
      <TableCell className="whitespace-nowrap">{config.source}</TableCell>
      <TableCell className="whitespace-nowrap font-mono text-xs">{config.judge}</TableCell>
      <TableCell className="tabular-nums">{config.metrics}</TableCell>
      <TableCell className="min-w-40">
        {config.usedBy.length === 0 ? (
          <span className="text-muted">{t('unused')}</span>
        ) : (
          <Users application={application} pipelines={config.usedBy} />
        )}
      </TableCell>
      <TableCell className="whitespace-nowrap text-muted">
        <RelativeTime at={config.updatedAt} />
        <span className="block text-xs">{config.updatedBy}</span>
      </TableCell>
      <TableCell className="text-right">
        <span className="inline-flex gap-1">
          <IconButton size="sm" label={t('export', { name })} onClick={download}>
            <Download aria-hidden />
          </IconButton>
          <IconButton
            size="sm"
            label={may ? t('remove', { name }) : t('notAllowed')}
            disabled={!may}
            onClick={onRemove}
          >
            <Trash2 aria-hidden />
          </IconButton>
        </span>
      </TableCell>
    </TableRow>
  );
}

function Users({ application, pipelines }: { application: string; pipelines: readonly string[] }) {
  const base = `/applications/${encodeURIComponent(application)}/pipelines`;
  return (
    <span className="flex flex-wrap gap-x-2">
      {pipelines.map((pipeline) => (
        <Link
          key={pipeline}
          href={`${base}/${encodeURIComponent(pipeline)}`}
          className="underline-offset-4 hover:underline"
        >
          {pipeline}
        </Link>
      ))}
    </span>
  );
}

/** Keeps the configuration as a file, exactly as it came. */
function useExport(application: string, name: string): () => void {
  const t = useTranslations('workbench.configs');
  const trpc = useTRPC();
  const cache = useQueryClient();
  return () => {
    const asked = trpc.canaryConfigs.export.queryOptions({ application, name });
    cache.fetchQuery({ ...asked, staleTime: 0 }).then(
      (document) => saveAsFile(`${name}.json`, JSON.stringify(document, null, 2)),
      (error: Error) => toast.error(t('exportFailed'), { description: error.message }),
    );
  };
}

interface RemoveDialogProps {
  readonly application: string;
  readonly name: string;
  readonly onClose: () => void;
}

function RemoveDialog({ application, name, onClose }: RemoveDialogProps) {
  const t = useTranslations('workbench.configs');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const remove = useMutation(
    trpc.canaryConfigs.remove.mutationOptions({
      onSuccess: async () => {
        toast.success(t('removed', { name }));
        onClose();
        await cache.invalidateQueries(trpc.canaryConfigs.pathFilter());
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
      onConfirm={() => remove.mutate({ application, name })}
    />
  );
}
