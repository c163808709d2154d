'use client';

import { useTranslations } from 'use-intl';
import { UnseenMark } from '@/components/clusters/account-freshness';
import {
  columnsOf,
  type FederatedCluster,
  isByInstances,
  placeId,
  type UnseenAccounts,
} from '@/components/clusters/federation.view';
import { TrafficBar } from '@/components/clusters/traffic-bar';
import { Badge } from '@/components/ui/badge';
import { cn } from '@/components/ui/cn';

/** One column per account and region, so that what differs between places is seen in one line. */
export function PlaceColumns({ cluster, unseen }: { cluster: FederatedCluster; unseen: UnseenAccounts }) {
  const t = useTranslations('clusters');
  return (
    <ul
      aria-label={t('places', { cluster: cluster.name })}
      className="grid grid-cols-[repeat(auto-fit,minmax(min(13rem,100%),1fr))] gap-px border-b bg-line"
    >
      {columnsOf(cluster).map((column) => {
        const { account, region, environment, groups, loadBalancers, healthy, instances } = column;
        const why = unseen.get(account);
        return (
          <li key={`${account} ${region}`} className="flex min-w-0 flex-col gap-1.5 bg-surface px-4 py-2.5">
            <a
              href={`#${placeId(cluster.name, account, region)}`}
              className="wrap-anywhere rounded-sm font-medium text-sm hover:underline"
            >
              {region}
            </a>
            <span className="flex min-w-0 items-center gap-2">
              <span title={account} className="min-w-0 truncate text-muted text-xs">
                {account}
              </span>
              {environment === null ? null : (
                <Badge title={environment} className="min-w-0">
                  <span className="truncate">{environment}</span>
                </Badge>
              )}
            </span>
            <TrafficBar
              region={`${account} ${region}`}
              groups={groups}
              byInstances={isByInstances(loadBalancers)}
              unseen={why !== undefined}
            />
            {why ? <UnseenMark account={account} why={why} /> : null}
            <span className={cn('text-xs', !why && healthy < instances ? 'text-danger-ink' : 'text-muted')}>
              {instances === 0
                ? t('regionEmpty')
                : why
                  ? t('unknownOf', { total: instances })
                  : t('healthyOf', { healthy, total: instances })}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
