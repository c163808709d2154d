'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Zap } from 'lucide-react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { entriesOf } from '@/components/executions/execution.view';
import { useMay } from '@/components/nav/use-me';
import { Shape } from '@/components/status/shape';
import { useTRPC } from '@/components/trpc/trpc';
import { ListTable } from '@/components/ui/list-table';
import { MutationButton } from '@/components/ui/mutation-button';
import { Panel } from '@/components/ui/panel';
import { QueryStates } from '@/components/ui/query-states';
import { RowsSkeleton } from '@/components/ui/rows-skeleton';
import { EmptyState } from '@/components/ui/states';
import { TableCell, TableRow } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import type { TriggerView } from '@/server/domain/views/automation';

const COLUMNS = ['name', 'config', 'next', 'last', 'state'] as const;

interface TriggersPanelProps {
  readonly application: string;
  readonly pipeline: string;
}

/** What starts a pipeline by itself: when next, when last, and why not. */
export function TriggersPanel({ application, pipeline }: TriggersPanelProps) {
  const t = useTranslations('pipelines.triggers');
  const trpc = useTRPC();
  const query = useQuery(trpc.triggers.list.queryOptions({ application, pipeline }));
  return (
    <Panel title={t('tab')} description={t('description')}>
      <QueryStates
        query={query}
        skeleton={<RowsSkeleton />}
        failed={t('failed')}
        empty={
          <EmptyState icon={<Zap />} title={t('emptyTitle')}>
            {t('empty')}
          </EmptyState>
        }
      >
        {(triggers) => (
          <ListTable
            label={t('label', { pipeline })}
            columns={COLUMNS}
            heading={(column) => t(`columns.${column}`)}
          >
            {triggers.map((trigger) => (
              <TriggerRow key={trigger.id} trigger={trigger} />
            ))}
          </ListTable>
        )}
      </QueryStates>
    </Panel>
  );
}

function TriggerRow({ trigger }: { trigger: TriggerView }) {
  const t = useTranslations('pipelines.triggers');
  return (
    <TableRow>
      <TableCell className="align-top">
        <p className="font-medium">{trigger.label}</p>
        <code className="font-mono text-muted text-xs">{trigger.key}</code>
      </TableCell>
      <TableCell className="min-w-56 align-top">
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-xs">
          {entriesOf(trigger.config).map(({ key, text }) => (
            <div key={key} className="contents">
              <dt className="text-muted">{key}</dt>
              <dd className="break-words font-mono">{text}</dd>
            </div>
          ))}
        </dl>
        {trigger.error ? (
          <p role="status" className="mt-1.5 rounded-md bg-danger-soft px-2 py-1 text-danger-ink text-xs">
            <span className="font-semibold">{t('error')}:</span> {trigger.error}
            {trigger.errorAt ? (
              <>
                {' '}
                <RelativeTime at={trigger.errorAt} />
              </>
            ) : null}
          </p>
        ) : null}
      </TableCell>
      <TableCell className="whitespace-nowrap align-top text-muted">
        {trigger.nextAt ? <RelativeTime at={trigger.nextAt} /> : trigger.enabled ? t('watching') : '–'}
      </TableCell>
      <TableCell className="whitespace-nowrap align-top text-muted">
        {trigger.firedAt ? <RelativeTime at={trigger.firedAt} /> : t('never')}
      </TableCell>
      <TableCell className="align-top">
        <Switch trigger={trigger} />
      </TableCell>
    </TableRow>
  );
}

function Switch({ trigger }: { trigger: TriggerView }) {
  const t = useTranslations('pipelines.triggers');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const may = useMay('pipeline.write');
  const { application, pipeline, key, enabled } = trigger;
  const turn = useMutation(
    trpc.triggers.setEnabled.mutationOptions({
      onSuccess: async () => {
        toast.success(t(enabled ? 'turnedOff' : 'turnedOn', { name: key }));
        await Promise.all([
          cache.invalidateQueries(trpc.triggers.list.queryFilter()),
          cache.invalidateQueries(trpc.pipelines.get.queryFilter({ application, name: pipeline })),
        ]);
      },
      onError: (error) => toast.error(t('turnFailed'), { description: error.message }),
    }),
  );
  return (
    <div className="flex items-center gap-3">
      <span className="inline-flex items-center gap-1.5 text-sm">
        <Shape name={enabled ? 'check' : 'dash'} tone={enabled ? 'clear' : 'off'} />
        {t(enabled ? 'on' : 'off')}
      </span>
      <MutationButton
        size="sm"
        pending={turn.isPending}
        pendingLabel={t('turning')}
        disabled={!may}
        title={may ? undefined : t('notAllowed')}
        onClick={() => turn.mutate({ application, pipeline, key, enabled: !enabled })}
      >
        {t(enabled ? 'turnOff' : 'turnOn')}
      </MutationButton>
    </div>
  );
}
