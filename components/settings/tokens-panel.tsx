'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { ConfirmDialog } from '@/components/settings/confirm-dialog';
import { CreateTokenDialog } from '@/components/settings/create-token-dialog';
import { PermissionList } from '@/components/settings/permission-list';
import { SecretOnce } from '@/components/settings/secret-once';
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
import { useNow } from '@/components/ui/use-now';
import type { TokenView } from '@/server/domain/views/admin';

const COLUMNS = ['name', 'owner', 'scopes', 'created', 'expires', 'used', 'actions'] as const;

/** Tokens for scripts: create, see what uses them, revoke. */
export function TokensPanel() {
  const t = useTranslations('settings.tokens');
  const trpc = useTRPC();
  const [creating, setCreating] = useState(false);
  const [shown, setShown] = useState<{ name: string; token: string } | null>(null);
  const [revoked, setRevoked] = useState<TokenView | null>(null);
  const query = useQuery(trpc.tokens.list.queryOptions({}));
  const add = (
    <Button variant="primary" onClick={() => setCreating(true)}>
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
        {(tokens) => (
          <ListTable label={t('list')} columns={COLUMNS} heading={(column) => t(`columns.${column}`)}>
            {tokens.map((token) => (
              <TokenRow key={token.id} token={token} onRevoke={() => setRevoked(token)} />
            ))}
          </ListTable>
        )}
      </QueryStates>
      <CreateTokenDialog open={creating} onOpenChange={setCreating} onCreated={setShown} />
      <SecretOnce
        title={t('shown.title', { name: shown?.name ?? '' })}
        description={t('shown.description')}
        label={t('shown.label')}
        done={t('shown.done')}
        secret={shown?.token ?? null}
        usage={{ label: t('shown.use'), line: `Authorization: Bearer ${shown?.token ?? ''}` }}
        onClose={() => setShown(null)}
      />
      <RevokeDialog token={revoked} onClose={() => setRevoked(null)} />
    </Panel>
  );
}

function TokenRow({ token, onRevoke }: { token: TokenView; onRevoke: () => void }) {
  const t = useTranslations('settings.tokens');
  const now = useNow(60_000);
  const expired = token.expiresAt !== null && Date.parse(token.expiresAt) < now;
  return (
    <TableRow>
      <TableCell className="font-medium">{token.name}</TableCell>
      <TableCell>{token.owner}</TableCell>
      <TableCell className="min-w-56">
        <PermissionList permissions={token.scopes} />
      </TableCell>
      <TableCell className="whitespace-nowrap text-muted">
        <RelativeTime at={token.createdAt} />
      </TableCell>
      <TableCell className="whitespace-nowrap text-muted">
        {expired ? <Badge tone="caution">{t('expired')}</Badge> : null}
        {!expired && token.expiresAt ? <RelativeTime at={token.expiresAt} /> : null}
        {token.expiresAt === null ? t('never') : null}
      </TableCell>
      <TableCell className="whitespace-nowrap text-muted">
        {token.lastUsedAt ? <RelativeTime at={token.lastUsedAt} /> : t('neverUsed')}
      </TableCell>
      <TableCell className="text-right">
        <Button size="sm" variant="dangerOutline" onClick={onRevoke}>
          <Trash2 aria-hidden />
          {t('revoke')}
        </Button>
      </TableCell>
    </TableRow>
  );
}

function RevokeDialog({ token, onClose }: { token: TokenView | null; onClose: () => void }) {
  const t = useTranslations('settings.tokens.revokeDialog');
  const people = useTranslations('settings.people');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const revoke = useMutation(
    trpc.tokens.revoke.mutationOptions({
      onSuccess: async () => {
        toast.success(t('done', { name: token?.name ?? '' }));
        onClose();
        await cache.invalidateQueries(trpc.tokens.list.queryFilter());
      },
      onError: (error) => toast.error(t('failed'), { description: error.message }),
    }),
  );
  return (
    <ConfirmDialog
      open={token !== null}
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={t('title', { name: token?.name ?? '' })}
      consequence={t('description')}
      keep={people('keep')}
      action={t('do')}
      pendingLabel={t('doing')}
      pending={revoke.isPending}
      onConfirm={() => token && revoke.mutate({ id: token.id })}
    />
  );
}
