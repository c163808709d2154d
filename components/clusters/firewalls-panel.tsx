'use client';

import { useQuery } from '@tanstack/react-query';
import { BrickWallShield } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { AccountFreshness } from '@/components/clusters/account-freshness';
import { inOrder } from '@/components/clusters/load-balancers.view';
import { Place, PlaceName } from '@/components/clusters/place-name';
import { useTRPC } from '@/components/trpc/trpc';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { CardCell, CardHeadCell, CardRow, CardTable } from '@/components/ui/card-table';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';

const COLUMNS = ['name', 'region', 'rules'] as const;
const WIDTHS = { name: 'w-[34%]', region: 'w-[18%]', rules: '' } as const;

/** Firewalls of an application and what they let in. */
export function FirewallsPanel({ application }: { application: string }) {
  const t = useTranslations('clusters');
  const trpc = useTRPC();
  const clusters = useQuery(trpc.clusters.list.queryOptions({ application }));
  if (clusters.isPending) return <Skeleton className="h-40" />;
  if (clusters.isError) {
    return (
      <ErrorState
        error={clusters.error}
        onRetry={() => void clusters.refetch()}
        retrying={clusters.isFetching}
      />
    );
  }
  const { firewalls, accounts } = clusters.data;
  return (
    <div className="flex flex-col gap-4">
      <AccountFreshness accounts={accounts} />
      <Card className="overflow-hidden">
        {firewalls.length === 0 ? (
          <EmptyState icon={<BrickWallShield />} title={t('fwEmptyTitle')}>
            {t('fwEmptyText')}
          </EmptyState>
        ) : (
          <CardTable label={t('fwTitle')} columns={COLUMNS} widths={WIDTHS} heading={(column) => t(column)}>
            {inOrder(firewalls).map(({ name, account, region, rules }) => (
              <CardRow key={`${account} ${region} ${name}`}>
                <CardHeadCell>
                  <PlaceName name={name} />
                </CardHeadCell>
                <CardCell label={t('region')}>
                  <Place region={region} account={account} />
                </CardCell>
                <CardCell label={t('rules')}>
                  <span className="flex flex-wrap gap-1">
                    {rules.length === 0 ? <span className="text-muted">{t('noRules')}</span> : null}
                    {rules.map(({ protocol, fromPort, toPort, source }) => {
                      const ports = fromPort === toPort ? String(fromPort) : `${fromPort}–${toPort}`;
                      const text = t('rule', { protocol, ports, source });
                      return <Badge key={text}>{text}</Badge>;
                    })}
                  </span>
                </CardCell>
              </CardRow>
            ))}
          </CardTable>
        )}
      </Card>
    </div>
  );
}
