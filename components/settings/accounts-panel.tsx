'use client';

import { useQuery } from '@tanstack/react-query';
import { Cloud } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Shape } from '@/components/status/shape';
import { useTRPC } from '@/components/trpc/trpc';
import { Badge } from '@/components/ui/badge';
import { ListTable } from '@/components/ui/list-table';
import { Panel } from '@/components/ui/panel';
import { QueryStates } from '@/components/ui/query-states';
import { RowsSkeleton } from '@/components/ui/rows-skeleton';
import { EmptyState } from '@/components/ui/states';
import { TableCell, TableRow } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import type { AccountFreshness } from '@/server/domain/views/application';

/** Being seen again is no event, so its time is asked for as often as it is written. */
const SIGN_OF_LIFE_MS = 5000;

const COLUMNS = ['account', 'provider', 'state', 'seen'] as const;

/** Which clouds are watched and how old the picture of each is. */
export function AccountsPanel() {
  const t = useTranslations('settings.accounts');
  const trpc = useTRPC();
  const query = useQuery(trpc.accounts.list.queryOptions({}, { refetchInterval: SIGN_OF_LIFE_MS }));
  return (
    <Panel title={t('title')} description={t('description')}>
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
          <ListTable label={t('list')} columns={COLUMNS} heading={(column) => t(`columns.${column}`)}>
            {accounts.map((account) => (
              <AccountRow key={account.account} account={account} />
            ))}
          </ListTable>
        )}
      </QueryStates>
    </Panel>
  );
}

function AccountRow({ account }: { account: AccountFreshness }) {
  const t = useTranslations('settings.accounts');
  return (
    <TableRow>
      <TableCell className="font-medium">{account.account}</TableCell>
      <TableCell>
        <Badge>{account.provider}</Badge>
      </TableCell>
      <TableCell>
        <span className="inline-flex items-center gap-1.5">
          <Shape name={account.error ? 'question' : 'dot'} tone={account.error ? 'danger' : 'clear'} />
          {t(account.error ? 'unreachable' : 'reachable')}
          {account.error ? <span className="text-danger-ink">· {account.error}</span> : null}
        </span>
      </TableCell>
      <TableCell className="whitespace-nowrap text-muted">
        {account.seenAt ? <RelativeTime at={account.seenAt} /> : t('never')}
      </TableCell>
    </TableRow>
  );
}
