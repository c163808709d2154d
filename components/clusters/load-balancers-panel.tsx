'use client';

import { useQuery } from '@tanstack/react-query';
import { Split, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { AccountFreshness } from '@/components/clusters/account-freshness';
import { Address } from '@/components/clusters/address';
import { isByInstances } from '@/components/clusters/federation.view';
import { useTRPC } from '@/components/trpc/trpc';
import { Card } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table';
import type { LoadBalancer } from '@/server/domain/inventory';

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
      <Card>
        {loadBalancers.length === 0 ? (
          <EmptyState icon={<Split />} title={t('lbEmptyTitle')}>
            {t('lbEmptyText')}
          </EmptyState>
        ) : (
          <Table label={t('lbTitle')}>
            <TableHead>
              <TableRow>
                <TableHeader>{t('name')}</TableHeader>
                <TableHeader>{t('region')}</TableHeader>
                <TableHeader>{t('address')}</TableHeader>
                <TableHeader>{t('targets')}</TableHeader>
              </TableRow>
            </TableHead>
            <TableBody>
              {loadBalancers.map((balancer) => (
                <BalancerRow
                  key={`${balancer.account} ${balancer.region} ${balancer.name}`}
                  balancer={balancer}
                />
              ))}
            </TableBody>
          </Table>
        )}
      </Card>
    </div>
  );
}

function BalancerRow({ balancer }: { balancer: LoadBalancer }) {
  const t = useTranslations('clusters');
  const { name, account, region, url, kind, problem } = balancer;
  const targets = balancer.targets.filter(({ weight }) => weight > 0);
  return (
    <TableRow>
      <TableCell>
        <span className="whitespace-nowrap font-medium font-mono">{name}</span>
        {kind === undefined ? null : <span className="block text-muted text-xs">{kind}</span>}
      </TableCell>
      <TableCell className="whitespace-nowrap">
        {region} <span className="text-muted text-xs">· {account}</span>
      </TableCell>
      <TableCell>{url === null ? '–' : <Address url={url} />}</TableCell>
      <TableCell>
        {problem === undefined ? null : (
          <p role="alert" className="mb-1 flex min-w-56 max-w-md gap-2 text-danger-ink text-sm">
            <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
            {t('lbProblem', { problem })}
          </p>
        )}
        {targets.length === 0 ? (
          <span className="text-muted">{t('noTargets')}</span>
        ) : (
          <ul
            className="flex flex-col gap-1"
            title={isByInstances([balancer]) ? t('byInstancesHint') : undefined}
          >
            {targets.map(({ serverGroup, weight }) => (
              <li key={serverGroup} className="flex items-center gap-2">
                <span aria-hidden className="h-1.5 w-20 shrink-0 overflow-hidden rounded-full bg-sunken">
                  <span className="block h-full bg-muted" style={{ width: `${weight * 100}%` }} />
                </span>
                <span className="w-11 shrink-0 text-right text-xs">{Math.round(weight * 100)} %</span>
                <span className="whitespace-nowrap font-mono text-xs">{serverGroup}</span>
              </li>
            ))}
            {isByInstances([balancer]) ? <li className="text-muted text-xs">{t('byInstances')}</li> : null}
          </ul>
        )}
      </TableCell>
    </TableRow>
  );
}
