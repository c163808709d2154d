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
import type { EndpointView, NotificationView } from '@/server/domain/views/automation';

const COLUMNS = ['created', 'endpoint', 'type', 'status', 'execution', 'actions'] as const;
const ALL = '*';

const LOOK = {
  owed: { shape: 'ring', tone: 'moving' },
  delivered: { shape: 'check', tone: 'clear' },
  givenUp: { shape: 'cross', tone: 'danger' },
} as const;

interface MessagesPanelProps {
  readonly may: boolean;
  readonly endpoints: readonly EndpointView[];
}

/** What was said, to whom, and whether it was taken; each can be sent again. */
export function MessagesPanel({ may, endpoints }: MessagesPanelProps) {
  const t = useTranslations('settings.notifications.messages');
  const trpc = useTRPC();
  const [endpoint, setEndpoint] = useQueryState('endpoint', parseAsString.withDefault(ALL));
  const wanted = endpoint === ALL ? undefined : endpoint;
  const query = useQuery(trpc.notifications.listMessages.queryOptions({ endpoint: wanted }));
  const filter = (
    <Select
      aria-label={t('filter')}
      value={endpoint}
      onValueChange={(next) => void setEndpoint(next === ALL ? null : next)}
      options={[
        { value: ALL, label: t('all') },
        ...endpoints.map(({ name }) => ({ value: name, label: name })),
      ]}
    />
  );
  return (
    <Panel
      title={t('title')}
      description={t('description')}
      action={endpoints.length > 1 ? filter : undefined}
    >
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
        {(messages) => (
          <ListTable label={t('list')} columns={COLUMNS} heading={(column) => t(`columns.${column}`)}>
            {messages.map((message) => (
              <MessageRow key={message.id} message={message} may={may} />
            ))}
          </ListTable>
        )}
      </QueryStates>
    </Panel>
  );
}

function MessageRow({ message, may }: { message: NotificationView; may: boolean }) {
  const t = useTranslations('settings.notifications.messages');
  const look = LOOK[message.status];
  return (
    <TableRow>
      <TableCell className="whitespace-nowrap align-top text-muted">
        <RelativeTime at={message.createdAt} />
      </TableCell>
      <TableCell className="whitespace-nowrap align-top">{message.endpoint}</TableCell>
      <TableCell className="align-top">
        <code className="whitespace-nowrap font-mono text-xs" title={message.id}>
          {message.type}
        </code>
      </TableCell>
      <TableCell className="min-w-48 align-top">
        <span className="inline-flex items-center gap-1.5">
          <Shape name={look.shape} tone={look.tone} />
          {t(`status.${message.status}`)}
        </span>
        {message.lastError ? <p className="text-muted text-xs">{message.lastError}</p> : null}
        {message.nextAt && message.attempts > 0 ? (
          <p className="text-muted text-xs">
            {t.rich('next', {
              attempts: message.attempts,
              time: () => <RelativeTime at={message.nextAt ?? ''} />,
            })}
          </p>
        ) : null}
      </TableCell>
      <TableCell className="align-top">
        {message.executionId ? (
          <Link
            href={`/executions/${message.executionId}`}
            className="font-mono text-accent-ink text-xs underline-offset-4 hover:underline"
          >
            {message.executionId.slice(0, 8)}
          </Link>
        ) : null}
      </TableCell>
      <TableCell className="text-right align-top">
        <Again id={message.id} may={may} />
      </TableCell>
    </TableRow>
  );
}

function Again({ id, may }: { id: string; may: boolean }) {
  const t = useTranslations('settings.notifications.messages');
  const words = useTranslations('settings.notifications');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const again = useMutation(
    trpc.notifications.redeliver.mutationOptions({
      onSuccess: async () => {
        toast.success(t('sentAgain'));
        await cache.invalidateQueries(trpc.notifications.pathFilter());
      },
      onError: (error) => toast.error(t('againFailed'), { description: error.message }),
    }),
  );
  return (
    <MutationButton
      size="sm"
      pending={again.isPending}
      pendingLabel={t('sending')}
      disabled={!may}
      title={may ? undefined : words('notAllowed')}
      onClick={() => again.mutate({ id })}
    >
      {t('again')}
    </MutationButton>
  );
}
