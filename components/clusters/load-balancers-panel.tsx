'use client';

import { useQuery } from '@tanstack/react-query';
import { Split, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { AccountFreshness } from '@/components/clusters/account-freshness';
import { Address } from '@/components/clusters/address';
import { isByInstances } from '@/components/clusters/federation.view';
import { inOrder, targetsOf } from '@/components/clusters/load-balancers.view';
import { Place, PlaceName } from '@/components/clusters/place-name';
import { useTRPC } from '@/components/trpc/trpc';
import { Card } from '@/components/ui/card';
import { CardCell, CardHeadCell, CardRow, CardTable } from '@/components/ui/card-table';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import type { LoadBalancer } from '@/server/domain/inventory';

const COLUMNS = ['name', 'region', 'address', 'targets'] as const;
const WIDTHS = { name: 'w-[28%]', region: 'w-[15%]', address: 'w-[30%]', targets: '' } as const;

/** Load balancers of an application, where they send traffic, and their address. */
export function LoadBalancersPanel({ application }: { application: string }) {
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
  const { loadBalancers, accounts } = clusters.data;
  return (
    <div className="flex flex-col gap-4">
      <AccountFreshness accounts={accounts} />
      <Card className="overflow-hidden">
        {loadBalancers.length === 0 ? (
          <EmptyState icon={<Split />} title={t('lbEmptyTitle')}>
            {t('lbEmptyText')}
          </EmptyState>
        ) : (
          <CardTable label={t('lbTitle')} columns={COLUMNS} widths={WIDTHS} heading={(column) => t(column)}>
            {inOrder(loadBalancers).map((balancer) => (
              <BalancerRow
                key={`${balancer.account} ${balancer.region} ${balancer.name}`}
                balancer={balancer}
              />
            ))}
          </CardTable>
        )}
      </Card>
    </div>
  );
}

function BalancerRow({ balancer }: { balancer: LoadBalancer }) {
  const t = useTranslations('clusters');
  const { name, account, region, url, kind, problem } = balancer;
  return (
    <CardRow>
      <CardHeadCell>
        <PlaceName name={name} />
        {kind === undefined ? null : <span className="block text-muted text-xs">{kind}</span>}
      </CardHeadCell>
      <CardCell label={t('region')}>
        <Place region={region} account={account} />
      </CardCell>
      <CardCell label={t('address')}>{url === null ? '–' : <Address url={url} />}</CardCell>
      <CardCell label={t('targets')}>
        {problem === undefined ? null : (
          <p role="alert" className="mb-1 flex max-w-md gap-2 text-danger-ink text-sm">
            <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
            {t('lbProblem', { problem })}
          </p>
        )}
        <Targets balancer={balancer} />
      </CardCell>
    </CardRow>
  );
}

function Targets({ balancer }: { balancer: LoadBalancer }) {
  const t = useTranslations('clusters');
  const targets = targetsOf(balancer);
  if (targets.length === 0) return <span className="text-muted">{t('noTargets')}</span>;
  const byInstances = isByInstances([balancer]);
  return (
    <ul className="flex flex-col gap-1" title={byInstances ? t('byInstancesHint') : undefined}>
      {targets.map(({ serverGroup, weight }) => (
        <li key={serverGroup} className="flex items-center gap-2">
          <span
            aria-hidden
            className="h-1.5 w-12 @[50rem]:w-20 shrink-0 overflow-hidden rounded-full bg-sunken"
          >
            <span className="block h-full bg-muted" style={{ width: `${weight * 100}%` }} />
          </span>
          <span className="w-11 shrink-0 text-right text-xs">{Math.round(weight * 100)} %</span>
          <span title={serverGroup} className="min-w-0 truncate font-mono text-xs">
            {serverGroup}
          </span>
        </li>
      ))}
      {byInstances ? <li className="text-muted text-xs">{t('byInstances')}</li> : null}
    </ul>
  );
}
