'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { CountsChart } from '@/components/features/counts-chart';
import { GoalsPanel } from '@/components/features/goals-panel';
import { useTRPC } from '@/components/trpc/trpc';
import { Card, CardBody, CardHeader, CardTitle } from '@/components/ui/card';
import { QueryStates } from '@/components/ui/query-states';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import type { ToggleView } from '@/server/domain/views/toggles';

const HOUR_MS = 3_600_000;
/** How far back one looks, and how many hours a bar then holds. */
const RANGES = {
  day: { hours: 24, bar: 1 },
  week: { hours: 24 * 7, bar: 6 },
  month: { hours: 24 * 30, bar: 24 },
} as const;
type Range = keyof typeof RANGES;

/** How often each variant is served. */
export function CountsPanel({ feature }: { feature: ToggleView }) {
  const t = useTranslations('features.use');
  const [range, setRange] = useState<Range>('day');
  // What an experiment is there for.
  const isExperiment = feature.kind === 'experiment';
  if (feature.environments.length === 0) return <EmptyState title={t('nowhere')} />;
  return (
    <div className="flex flex-col gap-4">
      {isExperiment ? <GoalsPanel feature={feature} /> : null}
      <Select
        aria-label={t('range')}
        className="self-start"
        value={range}
        onValueChange={(next) => setRange(next === 'week' || next === 'month' ? next : 'day')}
        options={(['day', 'week', 'month'] as const).map((value) => ({ value, label: t(value) }))}
      />
      {feature.environments.map(({ environment }) => (
        <EnvironmentCounts key={`${environment} ${range}`} {...{ feature, environment, range }} />
      ))}
      {isExperiment ? null : <GoalsPanel feature={feature} />}
    </div>
  );
}

interface EnvironmentCountsProps {
  readonly feature: ToggleView;
  readonly environment: string;
  readonly range: Range;
}

function EnvironmentCounts({ feature, environment, range }: EnvironmentCountsProps) {
  const t = useTranslations('features.use');
  const trpc = useTRPC();
  const { hours, bar } = RANGES[range];
  // Kept as it was when the panel opened: a moving end would be another question at every drawing.
  const [span] = useState(() => {
    const to = Date.now();
    return { from: new Date(to - hours * HOUR_MS).toISOString(), to: new Date(to).toISOString() };
  });
  const query = useQuery(trpc.toggles.counts.queryOptions({ key: feature.key, environment, ...span }));
  return (
    <Card aria-label={environment}>
      <CardHeader>
        <CardTitle>{environment}</CardTitle>
        {query.data ? (
          <span className="text-muted text-sm">
            {t('total', { count: query.data.total })}
            {query.data.lastEvaluatedAt ? (
              <>
                {' · '}
                {t('last')} <RelativeTime at={query.data.lastEvaluatedAt} />
              </>
            ) : null}
          </span>
        ) : null}
      </CardHeader>
      <CardBody>
        <QueryStates query={query} skeleton={<Skeleton className="h-56" />} failed={t('failed')}>
          {(counts) =>
            counts.total === 0 ? (
              <p className="py-6 text-center text-muted text-sm">{t('none')}</p>
            ) : (
              <CountsChart counts={counts} hoursPerBar={bar} variants={Object.keys(feature.variants)} />
            )
          }
        </QueryStates>
      </CardBody>
    </Card>
  );
}
