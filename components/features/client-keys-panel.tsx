'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { NewClientKey } from '@/components/features/new-client-key';
import { useRefreshFeatures } from '@/components/features/use-feature-acts';
import { useMay } from '@/components/nav/use-me';
import { ConfirmDialog } from '@/components/settings/confirm-dialog';
import { SecretOnce } from '@/components/settings/secret-once';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { ListTable } from '@/components/ui/list-table';
import { Panel } from '@/components/ui/panel';
import { QueryStates } from '@/components/ui/query-states';
import { RowsSkeleton } from '@/components/ui/rows-skeleton';
import { EmptyState } from '@/components/ui/states';
import { TableCell, TableRow } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import type { ClientKeyView } from '@/server/domain/views/toggles';

const COLUMNS = ['name', 'environment', 'kind', 'used', 'actions'] as const;

/** The keys by which applications ask for features. */
export function ClientKeysPanel({ environments }: { environments: readonly string[] }) {
  const t = useTranslations('features.keys');
  const trpc = useTRPC();
  const may = useMay('integration.write');
  const query = useQuery(trpc.toggles.clientKeys.list.queryOptions({}));
  const [isAdding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [revoked, setRevoked] = useState<ClientKeyView | null>(null);
  const add = (
    <Button
      disabled={!may || environments.length === 0}
      title={may ? undefined : t('notAllowed')}
      onClick={() => setAdding(true)}
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
          <EmptyState icon={<KeyRound />} title={t('emptyTitle')}>
            {t('empty')}
          </EmptyState>
        }
      >
        {(keys) => (
          <ListTable label={t('title')} columns={COLUMNS} heading={(column) => t(`columns.${column}`)}>
            {keys.map((key) => (
              <TableRow key={key.id}>
                <TableCell className="min-w-40">
                  <p className="font-medium">{key.name}</p>
                  <code className="font-mono text-muted text-xs">{key.prefix}…</code>
                </TableCell>
                <TableCell>{key.environment}</TableCell>
                <TableCell>{t(`kinds.${key.kind}`)}</TableCell>
                <TableCell className="whitespace-nowrap text-muted">
                  {key.lastUsedAt ? <RelativeTime at={key.lastUsedAt} /> : t('neverUsed')}
                </TableCell>
                <TableCell className="text-right">
                  <Button
                    size="sm"
                    variant="dangerOutline"
                    disabled={!may}
                    aria-label={t('revokeOf', { name: key.name })}
                    onClick={() => setRevoked(key)}
                  >
                    {t('revoke')}
                  </Button>
                </TableCell>
              </TableRow>
            ))}
          </ListTable>
        )}
      </QueryStates>
      {isAdding ? (
        <NewClientKey environments={environments} onSecret={setSecret} onClose={() => setAdding(false)} />
      ) : null}
      <SecretOnce
        title={t('secretTitle')}
        description={t('secretText')}
        label={t('secret')}
        done={t('secretDone')}
        secret={secret}
        onClose={() => setSecret(null)}
      />
      {revoked === null ? null : <RevokeKey clientKey={revoked} onClose={() => setRevoked(null)} />}
    </Panel>
  );
}

function RevokeKey({ clientKey, onClose }: { clientKey: ClientKeyView; onClose: () => void }) {
  const t = useTranslations('features.keys');
  const common = useTranslations('features');
  const trpc = useTRPC();
  const refresh = useRefreshFeatures();
  const revoke = useMutation(
    trpc.toggles.clientKeys.revoke.mutationOptions({
      onSuccess: async () => {
        toast.success(t('revoked', { name: clientKey.name }));
        onClose();
        await refresh();
      },
      onError: (error) => toast.error(t('revokeFailed'), { description: error.message }),
    }),
  );
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('revokeOf', { name: clientKey.name })}
      consequence={t('revokeText')}
      keep={t('keep')}
      action={t('revoke')}
      pendingLabel={common('saving')}
      pending={revoke.isPending}
      onConfirm={() => revoke.mutate({ id: clientKey.id })}
    />
  );
}
