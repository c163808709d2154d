'use client';

import { useQuery } from '@tanstack/react-query';
import { KeyRound, Plus, Trash2, Webhook } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useMay } from '@/components/nav/use-me';
import { CreateSourceDialog } from '@/components/settings/create-source-dialog';
import { DeliveriesPanel } from '@/components/settings/deliveries-panel';
import { type SecretAct, SecretActDialog, type ShownSecret } from '@/components/settings/secret-act-dialog';
import { SecretOnce } from '@/components/settings/secret-once';
import { useTRPC } from '@/components/trpc/trpc';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { ListTable } from '@/components/ui/list-table';
import { Panel } from '@/components/ui/panel';
import { QueryStates } from '@/components/ui/query-states';
import { RowsSkeleton } from '@/components/ui/rows-skeleton';
import { EmptyState } from '@/components/ui/states';
import { TableCell, TableRow } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import type { WebhookSourceView } from '@/server/domain/views/automation';

const COLUMNS = ['name', 'kind', 'address', 'last', 'actions'] as const;

/** Doors for events from outside: who may send, with which secret, and what came in. */
export function WebhooksPanel() {
  const t = useTranslations('settings.webhooks');
  const trpc = useTRPC();
  const may = useMay('integration.write');
  const [creating, setCreating] = useState(false);
  const [shown, setShown] = useState<ShownSecret | null>(null);
  const [asked, setAsked] = useState<{ act: SecretAct; name: string } | null>(null);
  const query = useQuery(trpc.webhooks.listSources.queryOptions({}));
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
            <EmptyState icon={<Webhook />} title={t('emptyTitle')}>
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
                  onAct={(act) => setAsked({ act, name: source.name })}
                />
              ))}
            </ListTable>
          )}
        </QueryStates>
      </Panel>
      <DeliveriesPanel may={may} sources={query.data ?? []} />
      <CreateSourceDialog open={creating} onOpenChange={setCreating} onCreated={setShown} />
      <SecretOnce
        title={t('shown.title', { name: shown?.name ?? '' })}
        description={t('shown.description')}
        label={t('shown.label')}
        done={t('shown.done')}
        secret={shown?.secret ?? null}
        usage={{ label: t('shown.use'), line: shown ? addressOf(shown.name) : '' }}
        onClose={() => setShown(null)}
      />
      {asked ? (
        <SecretActDialog of="webhooks" {...asked} onClose={() => setAsked(null)} onSecret={setShown} />
      ) : null}
    </div>
  );
}

/** By the address that this page itself was reached at. */
function addressOf(name: string): string {
  return `${typeof window === 'undefined' ? '' : window.location.origin}/api/webhooks/${name}`;
}

interface SourceRowProps {
  readonly source: WebhookSourceView;
  readonly may: boolean;
  readonly onAct: (act: SecretAct) => void;
}

function SourceRow({ source, may, onAct }: SourceRowProps) {
  const t = useTranslations('settings.webhooks');
  const title = may ? undefined : t('notAllowed');
  return (
    <TableRow>
      <TableCell className="whitespace-nowrap font-medium">
        {source.name} {source.rotating ? <Badge tone="caution">{t('rotating')}</Badge> : null}
      </TableCell>
      <TableCell className="whitespace-nowrap">{source.label}</TableCell>
      <TableCell>
        <span className="inline-flex items-center gap-1">
          <code className="whitespace-nowrap font-mono text-xs">{source.path}</code>
          <CopyButton value={addressOf(source.name)} />
        </span>
      </TableCell>
      <TableCell className="whitespace-nowrap text-muted">
        {source.lastDeliveryAt ? <RelativeTime at={source.lastDeliveryAt} /> : t('never')}
      </TableCell>
      <TableCell className="text-right">
        <span className="inline-flex gap-2">
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
