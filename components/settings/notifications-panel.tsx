'use client';

import { useQuery } from '@tanstack/react-query';
import { BellRing, KeyRound, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useMay } from '@/components/nav/use-me';
import { CreateEndpointDialog } from '@/components/settings/create-endpoint-dialog';
import { EndpointSwitch, EndpointTest } from '@/components/settings/endpoint-acts';
import { MessagesPanel } from '@/components/settings/messages-panel';
import { type SecretAct, SecretActDialog, type ShownSecret } from '@/components/settings/secret-act-dialog';
import { SecretOnce } from '@/components/settings/secret-once';
import { Shape } from '@/components/status/shape';
import { useTRPC } from '@/components/trpc/trpc';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { ListTable } from '@/components/ui/list-table';
import { Panel } from '@/components/ui/panel';
import { QueryStates } from '@/components/ui/query-states';
import { RowsSkeleton } from '@/components/ui/rows-skeleton';
import { EmptyState } from '@/components/ui/states';
import { TableCell, TableRow } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import type { EndpointView } from '@/server/domain/views/automation';

const COLUMNS = ['name', 'format', 'state', 'owed', 'last', 'actions'] as const;

/** Who is told of executions, and what was said to them. */
export function NotificationsPanel() {
  const t = useTranslations('settings.notifications');
  const trpc = useTRPC();
  const may = useMay('integration.write');
  const [creating, setCreating] = useState(false);
  const [shown, setShown] = useState<ShownSecret | null>(null);
  const [asked, setAsked] = useState<{ act: SecretAct; name: string } | null>(null);
  const query = useQuery(trpc.notifications.listEndpoints.queryOptions({}));
  const add = (
    <Button
      variant="primary"
      disabled={!may}
      title={may ? undefined : t('notAllowed')}
      onClick={() => setCreating(true)}
    >
      <Plus aria-hidden />
      {t('add')}
    </Button>
  );
  return (
    <div className="flex flex-col gap-4">
      <Panel title={t('title')} description={t('description')} action={add}>
        <QueryStates
          query={query}
          skeleton={<RowsSkeleton />}
          failed={t('failed')}
          empty={
            <EmptyState icon={<BellRing />} title={t('emptyTitle')}>
              {t('empty')}
            </EmptyState>
          }
        >
          {(endpoints) => (
            <ListTable label={t('list')} columns={COLUMNS} heading={(column) => t(`columns.${column}`)}>
              {endpoints.map((endpoint) => (
                <EndpointRow
                  key={endpoint.name}
                  endpoint={endpoint}
                  may={may}
                  onAct={(act) => setAsked({ act, name: endpoint.name })}
                />
              ))}
            </ListTable>
          )}
        </QueryStates>
      </Panel>
      <MessagesPanel may={may} endpoints={query.data ?? []} />
      <CreateEndpointDialog open={creating} onOpenChange={setCreating} onCreated={setShown} />
      <SecretOnce
        title={t('shown.title', { name: shown?.name ?? '' })}
        description={t('shown.description')}
        label={t('shown.label')}
        done={t('shown.done')}
        secret={shown?.secret ?? null}
        onClose={() => setShown(null)}
      />
      {asked ? (
        <SecretActDialog of="notifications" {...asked} onClose={() => setAsked(null)} onSecret={setShown} />
      ) : null}
    </div>
  );
}

interface EndpointRowProps {
  readonly endpoint: EndpointView;
  readonly may: boolean;
  readonly onAct: (act: SecretAct) => void;
}

function EndpointRow({ endpoint, may, onAct }: EndpointRowProps) {
  const t = useTranslations('settings.notifications');
  const title = may ? undefined : t('notAllowed');
  return (
    <TableRow>
      <TableCell className="min-w-48">
        <p className="font-medium">
          {endpoint.name} {endpoint.rotating ? <Badge tone="caution">{t('rotating')}</Badge> : null}
        </p>
        <p className="break-all font-mono text-muted text-xs">{endpoint.url}</p>
      </TableCell>
      <TableCell className="whitespace-nowrap">{endpoint.label}</TableCell>
      <TableCell className="min-w-40">
        <span className="inline-flex items-center gap-1.5">
          <Shape name={endpoint.disabled ? 'dash' : 'check'} tone={endpoint.disabled ? 'off' : 'clear'} />
          {t(endpoint.disabled ? 'off' : 'on')}
        </span>
        {endpoint.disabledReason ? <p className="text-muted text-xs">{endpoint.disabledReason}</p> : null}
      </TableCell>
      <TableCell className="text-right tabular-nums">{endpoint.owed}</TableCell>
      <TableCell className="whitespace-nowrap text-muted">
        {endpoint.lastDeliveredAt ? <RelativeTime at={endpoint.lastDeliveredAt} /> : t('never')}
      </TableCell>
      <TableCell className="text-right">
        <span className="inline-flex gap-2">
          <EndpointTest endpoint={endpoint} may={may} />
          <EndpointSwitch endpoint={endpoint} may={may} />
          <Button size="sm" disabled={!may} title={title} onClick={() => onAct('rotate')}>
            <KeyRound aria-hidden />
            {t('rotate')}
          </Button>
          <Button
            size="sm"
            variant="dangerOutline"
            disabled={!may}
            title={title}
            onClick={() => onAct('remove')}
          >
            <Trash2 aria-hidden />
            {t('remove')}
          </Button>
        </span>
      </TableCell>
    </TableRow>
  );
}
