'use client';

import { useQuery } from '@tanstack/react-query';
import { BrickWallShield } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { AccountFreshness } from '@/components/clusters/account-freshness';
import { useTRPC } from '@/components/trpc/trpc';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table';

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
      <Card>
        {firewalls.length === 0 ? (
          <EmptyState icon={<BrickWallShield />} title={t('fwEmptyTitle')}>
            {t('fwEmptyText')}
          </EmptyState>
        ) : (
          <Table label={t('fwTitle')}>
            <TableHead>
              <TableRow>
                <TableHeader>{t('name')}</TableHeader>
                <TableHeader>{t('region')}</TableHeader>
                <TableHeader>{t('rules')}</TableHeader>
              </TableRow>
            </TableHead>
            <TableBody>
              {firewalls.map(({ name, account, region, rules }) => (
                <TableRow key={`${account} ${region} ${name}`}>
                  <TableCell className="font-medium font-mono">{name}</TableCell>
                  <TableCell className="whitespace-nowrap">
                    {region} <span className="text-muted text-xs">· {account}</span>
                  </TableCell>
                  <TableCell>
                    <span className="flex flex-wrap gap-1">
                      {rules.length === 0 ? <span className="text-muted">{t('noRules')}</span> : null}
                      {rules.map(({ protocol, fromPort, toPort, source }) => {
                        const ports = fromPort === toPort ? String(fromPort) : `${fromPort}–${toPort}`;
                        const text = t('rule', { protocol, ports, source });
                        return <Badge key={text}>{text}</Badge>;
                      })}
                    </span>
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        )}
      </Card>
    </div>
  );
}
