'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Inbox } from 'lucide-react';
import Link from 'next/link';
import { parseAsString, useQueryState } from 'nuqs';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { Shape } from '@/components/status/shape';
import { useTRPC } from '@/components/trpc/trpc';
import { ListTable } from '@/components/ui/list-table';
import { MutationButton } from '@/components/ui/mutation-button';
import { Panel } from '@/components/ui/panel';
import { QueryStates } from '@/components/ui/query-states';
import { RowsSkeleton } from '@/components/ui/rows-skeleton';
import { Select } from '@/components/ui/select';
import { EmptyState } from '@/components/ui/states';
import { TableCell, TableRow } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import type { WebhookDeliveryView, WebhookSourceView } from '@/server/domain/views/automation';

const COLUMNS = ['received', 'source', 'event', 'outcome', 'started', 'actions'] as const;
const ALL = '*';

const LOOK = {
  open: { shape: 'ring', tone: 'moving' },
  started: { shape: 'check', tone: 'clear' },
  refused: { shape: 'triangle', tone: 'caution' },
  ignored: { shape: 'dash', tone: 'off' },
} as const;
type Outcome = keyof typeof LOOK;

interface DeliveriesPanelProps {
  readonly may: boolean;
  readonly sources: readonly WebhookSourceView[];
}

/** What came in and what became of it; each can be shown to the triggers again. */
export function DeliveriesPanel({ may, sources }: DeliveriesPanelProps) {
  const t = useTranslations('settings.webhooks.deliveries');
  const trpc = useTRPC();
  const [source, setSource] = useQueryState('source', parseAsString.withDefault(ALL));
  const wanted = source === ALL ? undefined : source;
  const query = useQuery(trpc.webhooks.listDeliveries.queryOptions({ source: wanted }));
  const filter = (
    <Select
      aria-label={t('filter')}
      value={source}
      onValueChange={(next) => void setSource(next === ALL ? null : next)}
      options={[
        { value: ALL, label: t('all') },
        ...sources.map(({ name }) => ({ value: name, label: name })),
      ]}
    />
  );
  return (
    <Panel title={t('title')} description={t('description')} action={sources.length > 1 ? filter : undefined}>
      <QueryStates
        query={query}
        skeleton={<RowsSkeleton />}
        failed={t('failed')}
        empty={
          <EmptyState icon={<Inbox />} title={t('emptyTitle')}>
            {t('empty')}
          </EmptyState>
        }
      >
        {(deliveries) => (
          <ListTable label={t('list')} columns={COLUMNS} heading={(column) => t(`columns.${column}`)}>
            {deliveries.map((delivery) => (
              <DeliveryRow key={delivery.id} delivery={delivery} may={may} />
            ))}
          </ListTable>
        )}
      </QueryStates>
    </Panel>
  );
}

function DeliveryRow({ delivery, may }: { delivery: WebhookDeliveryView; may: boolean }) {
  const t = useTranslations('settings.webhooks.deliveries');
  const outcome = outcomeOf(delivery.outcome);
  return (
    <TableRow>
      <TableCell className="whitespace-nowrap text-muted">
        <RelativeTime at={delivery.receivedAt} />
      </TableCell>
      <TableCell className="whitespace-nowrap">{delivery.source}</TableCell>
      <TableCell>
        <code className="whitespace-nowrap font-mono text-xs" title={delivery.deliveryId}>
          {delivery.event || t('noEvent')}
        </code>
      </TableCell>
      <TableCell className="whitespace-nowrap">
        <span className="inline-flex items-center gap-1.5">
          <Shape name={LOOK[outcome].shape} tone={LOOK[outcome].tone} />
          {t(`outcome.${outcome}`)}
        </span>
      </TableCell>
      <TableCell>
        <span className="flex flex-wrap gap-2">
          {delivery.started.map((id) => (
            <Link
              key={id}
              href={`/executions/${id}`}
              className="font-mono text-accent-ink text-xs underline-offset-4 hover:underline"
            >
              {id.slice(0, 8)}
            </Link>
          ))}
        </span>
      </TableCell>
      <TableCell className="text-right">
        <Replay id={delivery.id} may={may} />
      </TableCell>
    </TableRow>
  );
}

function outcomeOf(told: string | null): Outcome {
  return told === 'started' || told === 'refused' || told === 'ignored' ? told : 'open';
}

function Replay({ id, may }: { id: string; may: boolean }) {
  const t = useTranslations('settings.webhooks.deliveries');
  const words = useTranslations('settings.webhooks');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const replay = useMutation(
    trpc.webhooks.replayDelivery.mutationOptions({
      onSuccess: async () => {
        toast.success(t('replayed'));
        await cache.invalidateQueries(trpc.webhooks.listDeliveries.queryFilter());
      },
      onError: (error) => toast.error(t('replayFailed'), { description: error.message }),
    }),
  );
  return (
    <MutationButton
      size="sm"
      pending={replay.isPending}
      pendingLabel={t('replaying')}
      disabled={!may}
      title={may ? undefined : words('notAllowed')}
      onClick={() => replay.mutate({ id })}
    >
      {t('replay')}
    </MutationButton>
  );
}
