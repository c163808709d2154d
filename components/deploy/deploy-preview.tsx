'use client';

import { useQuery } from '@tanstack/react-query';
import { ListOrdered } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { byEnvironment, changeKind, type PlacePreview } from '@/components/deploy/deploy.view';
import { DeployPlan } from '@/components/deploy/deploy-plan';
import { useTRPC } from '@/components/trpc/trpc';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import type { RegionPreview } from '@/server/domain/views/execution';

const DiffView = dynamic(() => import('@/components/editor/diff-view').then((m) => m.DiffView), {
  ssr: false,
  loading: () => <Skeleton className="h-48 rounded-none" />,
});

interface DeployPreviewProps {
  readonly application: string;
  readonly environment: string;
  readonly artifact: string;
  readonly version: string;
}

/** What a deploy would do step by step and what the platform would be given, asked for when someone wants to see it. */
export function DeployPreview(wanted: DeployPreviewProps) {
  const t = useTranslations('deploy.preview');
  const [open, setOpen] = useState(false);
  if (open) return <Preview {...wanted} />;
  return (
    <Button size="sm" className="self-start" onClick={() => setOpen(true)}>
      <ListOrdered aria-hidden />
      {t('show')}
    </Button>
  );
}

function Preview(wanted: DeployPreviewProps) {
  const t = useTranslations('deploy.preview');
  const trpc = useTRPC();
  // Never from memory: what is there may have changed since.
  const preview = useQuery(
    trpc.deployments.preview.queryOptions(wanted, { staleTime: 0, gcTime: 0, retry: false }),
  );
  const places = byEnvironment(preview.data?.regions ?? []);
  return (
    <div className="flex flex-col gap-4">
      {preview.isPending ? <Skeleton className="h-24" /> : null}
      {preview.isError ? (
        <ErrorState
          title={t('failed')}
          error={preview.error}
          onRetry={() => void preview.refetch()}
          retrying={preview.isFetching}
        />
      ) : null}
      {preview.data ? <DeployPlan stages={preview.data.stages} /> : null}
      {places.length > 0 ? (
        <section aria-label={t('title')} className="flex flex-col gap-3">
          <h3 className="font-semibold text-muted text-xs">{t('title')}</h3>
          {places.map((place) => (
            <Place key={place.environment} place={place} titled={places.length > 1} />
          ))}
        </section>
      ) : null}
    </div>
  );
}

function Place({ place, titled }: { place: PlacePreview; titled: boolean }) {
  const t = useTranslations('deploy.preview');
  const { environment, account, regions } = place;
  return (
    <div className="flex flex-col gap-3">
      {titled ? (
        <h4 className="flex flex-wrap items-center gap-2 text-sm">
          <Badge>{environment}</Badge>
          <span className="text-muted text-xs">{account}</span>
        </h4>
      ) : null}
      {regions.some((region) => region.able) ? (
        regions.map((region) => <Region key={region.region} region={region} />)
      ) : (
        <p className="text-sm">{t('unable', { account })}</p>
      )}
    </div>
  );
}

function Region({ region: { region, changes, why } }: { region: RegionPreview }) {
  const t = useTranslations('deploy.preview');
  return (
    <div className="flex flex-col gap-2">
      <h4 className="font-medium text-sm">{region}</h4>
      {why === null ? null : (
        <p role="alert" className="text-danger-ink text-sm">
          {t('refused', { why })}
        </p>
      )}
      {changes?.length === 0 ? <p className="text-muted text-sm">{t('nothing')}</p> : null}
      {changes?.map((change) => (
        <div key={`${change.kind} ${change.name}`} className="overflow-hidden rounded-md border">
          <p className="flex min-w-0 items-center gap-2 border-b bg-canvas px-3 py-1.5 text-sm">
            <span className="min-w-0 truncate" title={`${change.kind} ${change.name}`}>
              {change.kind} <code className="font-mono text-xs">{change.name}</code>
            </span>
            <Badge className="ml-auto">{t(changeKind(change))}</Badge>
          </p>
          {change.before === null && change.serving ? (
            <p className="border-b px-3 py-1.5 text-muted text-xs">
              {t('serving', { version: change.serving.version })}
            </p>
          ) : null}
          <DiffView
            unified
            language="text"
            before={change.before ?? change.serving?.text ?? ''}
            after={change.after ?? ''}
            beforeLabel={t('before')}
            afterLabel={t('after', { name: change.name })}
          />
        </div>
      ))}
    </div>
  );
}
