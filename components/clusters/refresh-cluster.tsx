'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useAccounts } from '@/components/clusters/account-freshness';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { RelativeTime } from '@/components/ui/time';
import type { ServerGroupView } from '@/server/domain/views/application';

interface RefreshClusterProps {
  readonly group: Pick<ServerGroupView, 'account' | 'region' | 'application' | 'cluster'>;
}

/** Has a worker look at the group's cluster now. Nothing for platforms that tell of changes by themselves. */
export function RefreshCluster({ group }: RefreshClusterProps) {
  const { account, region, application, cluster } = group;
  const t = useTranslations('clusters.refresh');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const refresh = useMutation(
    trpc.clusters.refresh.mutationOptions({
      onSuccess: () => cache.invalidateQueries({ queryKey: trpc.clusters.list.queryKey({ application }) }),
    }),
  );
  const isSwept = useAccounts()?.some((each) => each.account === account && each.swept === true) ?? false;
  if (!isSwept) return null;
  return (
    <div className="mt-1 flex flex-col items-start gap-1">
      <Button
        size="sm"
        disabled={refresh.isPending}
        onClick={() => refresh.mutate({ account, region, application, cluster })}
      >
        <RotateCw aria-hidden className={cn(refresh.isPending && 'motion-safe:animate-spin')} />
        {refresh.isPending ? t('pending') : t('now')}
      </Button>
      <p role="status" className="text-muted text-xs">
        {refresh.isSuccess ? (
          <>
            {t('done')} <RelativeTime at={refresh.data.lookedAt} />
          </>
        ) : (
          t('hint', { account })
        )}
      </p>
      {refresh.isError ? (
        <p role="alert" className="text-danger-ink text-sm">
          {refresh.error.message}
        </p>
      ) : null}
    </div>
  );
}
