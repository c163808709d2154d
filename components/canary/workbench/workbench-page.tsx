'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useWorkbenchData } from '@/components/canary/workbench/use-workbench-data';
import { Workbench } from '@/components/canary/workbench/workbench';
import { WorkbenchSkeleton } from '@/components/canary/workbench/workbench-skeleton';
import { useMe } from '@/components/nav/use-me';
import { useTRPC } from '@/components/trpc/trpc';
import { ErrorState } from '@/components/ui/states';

/** Changes a configuration that exists. */
export function WorkbenchPage({ application, name }: { application: string; name: string }) {
  const t = useTranslations('workbench');
  const trpc = useTRPC();
  const saved = useQuery(trpc.canaryConfigs.get.queryOptions({ application, name }));
  const { data, failed } = useWorkbenchData();
  const me = useMe().data;
  const broken = saved.isError ? saved : failed;
  if (broken) {
    return <ErrorState title={t('unreadable')} error={broken.error} onRetry={() => void broken.refetch()} />;
  }
  if (!saved.data || !data || !me) return <WorkbenchSkeleton />;
  return (
    <Workbench
      {...{ application, ...data }}
      saved={saved.data}
      start={saved.data}
      mayWrite={me.permissions.includes('pipeline.write')}
      onSaved={() => undefined}
    />
  );
}
