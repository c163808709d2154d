'use client';

import { useQuery } from '@tanstack/react-query';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { Archive, SearchX, ToggleRight } from 'lucide-react';
import Link from 'next/link';
import { useDeferredValue, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { FeatureAct } from '@/components/features/environment-cell';
import { FeatureFilters, useFeatureFilter } from '@/components/features/feature-filters';
import { FeatureRow } from '@/components/features/feature-row';
import { filterChoices, filterFeatures } from '@/components/features/features.view';
import { KillDialog } from '@/components/features/kill-dialog';
import { SwitchDialog } from '@/components/features/switch-dialog';
import { useMay } from '@/components/nav/use-me';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { QueryStates } from '@/components/ui/query-states';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import type { ToggleSummary } from '@/server/domain/views/toggles';

/** About what a feature of two environments takes; each is measured once it is drawn. */
const ROW_PX = 168;

/** Features with a switch for every environment; all of them, or those of one application. */
export function FeatureList({ application }: { application?: string }) {
  const t = useTranslations('features');
  const trpc = useTRPC();
  const { filter, archived, set, clear } = useFeatureFilter();
  const query = useQuery(
    trpc.toggles.list.queryOptions({
      ...(application === undefined ? {} : { application }),
      ...(archived ? { archived } : {}),
    }),
  );
  const deferred = useDeferredValue(filter);
  const features = query.data;
  const shown = useMemo(() => filterFeatures(features ?? [], deferred), [features, deferred]);
  const choices = useMemo(() => filterChoices(features ?? []), [features]);
  return (
    <>
      <FeatureFilters
        {...{ filter, archived, set, choices }}
        isOfOneApplication={application !== undefined}
      />
      <div className="overflow-hidden rounded-lg border bg-surface">
        <QueryStates
          query={query}
          skeleton={<ListSkeleton />}
          failed={t('failed')}
          empty={archived ? <EmptyState icon={<Archive />} title={t('noArchived')} /> : <NoFeatures />}
        >
          {() =>
            shown.length === 0 ? (
              <EmptyState
                icon={<SearchX />}
                title={t('noMatch')}
                action={<Button onClick={clear}>{t('filter.clear')}</Button>}
              />
            ) : (
              <Rows features={shown} />
            )
          }
        </QueryStates>
      </div>
    </>
  );
}

function Rows({ features }: { features: readonly ToggleSummary[] }) {
  const t = useTranslations('features');
  const mayWrite = useMay('toggle.write');
  const [act, setAct] = useState<FeatureAct | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  const virtual = useWindowVirtualizer({
    count: features.length,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => features[index]?.key ?? index,
    overscan: 6,
    scrollMargin: top,
  });
  const close = () => setAct(null);
  return (
    <>
      <ul ref={list} aria-label={t('title')} className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const feature = features[item.index];
          if (!feature) return null;
          return (
            <li
              key={feature.key}
              ref={virtual.measureElement}
              data-index={item.index}
              aria-setsize={features.length}
              aria-posinset={item.index + 1}
              className="absolute inset-x-0 border-b"
              style={{ top: item.start - top }}
            >
              <FeatureRow feature={feature} mayWrite={mayWrite && !feature.archivedAt} onAct={setAct} />
            </li>
          );
        })}
      </ul>
      {act?.kind === 'switch' ? (
        <SwitchDialog feature={act.feature} environment={act.environment} onClose={close} />
      ) : null}
      {act?.kind === 'kill' ? (
        <KillDialog feature={act.feature} environment={act.environment.environment} onClose={close} />
      ) : null}
    </>
  );
}

function NoFeatures() {
  const t = useTranslations('features');
  const mayWrite = useMay('toggle.write');
  return (
    <EmptyState
      icon={<ToggleRight />}
      title={t('emptyTitle')}
      action={
        mayWrite ? (
          <Button asChild variant="primary">
            <Link href="/new-feature">{t('new')}</Link>
          </Button>
        ) : null
      }
    >
      {t('emptyText')}
    </EmptyState>
  );
}

function ListSkeleton() {
  return (
    <div aria-busy="true">
      {['a', 'b', 'c', 'd'].map((row) => (
        <div key={row} className="grid gap-3 border-b px-4 py-3 lg:grid-cols-[20rem_1fr]">
          <Skeleton className="h-5 w-48" />
          <div className="grid gap-2 md:grid-cols-2">
            <Skeleton className="h-24" />
            <Skeleton className="h-24" />
          </div>
        </div>
      ))}
    </div>
  );
}
