'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Cloud, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useUnseenReason } from '@/components/clusters/unseen-reason';
import { useMay } from '@/components/nav/use-me';
import { CheckFindings, useAccountCheck } from '@/components/settings/account-check';
import { AccountDialog } from '@/components/settings/account-dialog';
import { AccountOverlaps } from '@/components/settings/account-overlaps';
import { ConfirmDialog } from '@/components/settings/confirm-dialog';
import { PlatformMark } from '@/components/status/platform-mark';
import { Shape } from '@/components/status/shape';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { CardActions, CardCell, CardHeadCell, CardRow, CardTable } from '@/components/ui/card-table';
import { MutationButton } from '@/components/ui/mutation-button';
import { Panel } from '@/components/ui/panel';
import { QueryStates } from '@/components/ui/query-states';
import { RowsSkeleton } from '@/components/ui/rows-skeleton';
import { EmptyState } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import type { AccountFreshness } from '@/server/domain/views/application';

/** Being seen again is no event, so its time is asked for as often as it is written. */
const SIGN_OF_LIFE_MS = 5000;

const COLUMNS = ['account', 'provider', 'state', 'seen', 'actions'] as const;

/** Which clouds are watched, how old the picture of each is, and how each is connected. */
export function AccountsPanel() {
  const t = useTranslations('settings.accounts');
  const trpc = useTRPC();
  const may = useMay('user.admin');
  const [edited, setEdited] = useState<{ readonly name: string | null } | null>(null);
  const [removed, setRemoved] = useState<string | null>(null);
  const query = useQuery(trpc.accounts.list.queryOptions({}, { refetchInterval: SIGN_OF_LIFE_MS }));
  const types = useQuery(trpc.accounts.types.queryOptions({})).data ?? [];
  const add = (
    <Button
      variant="primary"
      disabled={!may || types.length === 0}
      title={may ? undefined : t('notAllowed')}
      onClick={() => setEdited({ name: null })}
    >
      <Plus aria-hidden />
      {t('add')}
    </Button>
  );
  return (
    <Panel title={t('title')} description={t('description')} action={add}>
      <AccountOverlaps />
      <QueryStates
        query={query}
        skeleton={<RowsSkeleton />}
        failed={t('failed')}
        empty={
          <EmptyState icon={<Cloud />} title={t('emptyTitle')}>
            {t('empty')}
          </EmptyState>
        }
      >
        {(accounts) => (
          <CardTable label={t('list')} columns={COLUMNS} heading={(column) => t(`columns.${column}`)}>
            {accounts.map((account) => (
              <AccountRow
                key={account.account}
                account={account}
                platform={types.find(({ kind }) => kind === account.provider)?.label ?? account.provider}
                may={may}
                onEdit={() => setEdited({ name: account.account })}
                onRemove={() => setRemoved(account.account)}
              />
            ))}
          </CardTable>
        )}
      </QueryStates>
      {edited?.name === null ? (
        <AccountDialog account={null} types={types} onClose={() => setEdited(null)} />
      ) : null}
      {edited?.name ? <EditDialog name={edited.name} onClose={() => setEdited(null)} /> : null}
      {removed === null ? null : <RemoveDialog name={removed} onClose={() => setRemoved(null)} />}
    </Panel>
  );
}

/** Its settings are read when they are wanted: nobody else may see them. */
function EditDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const trpc = useTRPC();
  const types = useQuery(trpc.accounts.types.queryOptions({})).data ?? [];
  const account = useQuery(trpc.accounts.get.queryOptions({ name }, { staleTime: 0, gcTime: 0 })).data;
  return account ? <AccountDialog account={account} types={types} onClose={onClose} /> : null;
}

interface AccountRowProps {
  readonly account: AccountFreshness;
  /** What people call it. */
  readonly platform: string;
  readonly may: boolean;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

function AccountRow({ account, platform, may, onEdit, onRemove }: AccountRowProps) {
  const t = useTranslations('settings.accounts');
  const { check, answer } = useAccountCheck();
  const reasonOf = useUnseenReason();
  const title = may ? undefined : t('notAllowed');
  return (
    <CardRow>
      <CardHeadCell className="@[50rem]:min-w-40">
        <p
          title={account.account}
          className="@max-[50rem]:wrap-anywhere @[50rem]:max-w-60 font-medium @[50rem]:truncate"
        >
          {account.account}
        </p>
        <CheckFindings answer={answer} />
      </CardHeadCell>
      <CardCell label={t('columns.provider')}>
        <span className="flex">
          <PlatformMark platform={{ kind: account.provider, label: platform }} />
        </span>
      </CardCell>
      <CardCell label={t('columns.state')} className="@[50rem]:min-w-40">
        <span className="flex items-start gap-1.5">
          <Shape
            name={account.error ? 'question' : 'dot'}
            tone={account.error ? 'danger' : 'clear'}
            className="mt-1"
          />
          <span className="wrap-anywhere min-w-0">
            {t(account.error ? 'unreachable' : 'reachable')}
            {account.error ? (
              <span suppressHydrationWarning className="text-danger-ink">
                {' '}
                · {reasonOf(account)}
              </span>
            ) : null}
          </span>
        </span>
      </CardCell>
      <CardCell label={t('columns.seen')} className="whitespace-nowrap text-muted">
        {account.seenAt ? <RelativeTime at={account.seenAt} /> : t('never')}
      </CardCell>
      <CardActions below>
        <MutationButton
          size="sm"
          pending={check.isPending}
          pendingLabel={t('testing')}
          disabled={!may}
          title={title}
          onClick={() => check.mutate({ name: account.account })}
        >
          {t('test')}
        </MutationButton>
        <Button size="sm" disabled={!may} title={title} onClick={onEdit}>
          <Pencil aria-hidden />
          {t('edit')}
        </Button>
        <Button size="sm" variant="dangerOutline" disabled={!may} title={title} onClick={onRemove}>
          <Trash2 aria-hidden />
          {t('remove')}
        </Button>
      </CardActions>
    </CardRow>
  );
}

function RemoveDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const t = useTranslations('settings.accounts');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const remove = useMutation(
    trpc.accounts.remove.mutationOptions({
      onSuccess: async () => {
        toast.success(t('removed', { name }));
        onClose();
        await cache.invalidateQueries(trpc.accounts.pathFilter());
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
