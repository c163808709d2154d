'use client';

import { useQuery } from '@tanstack/react-query';
import { Activity } from 'lucide-react';
import { parseAsInteger, useQueryState } from 'nuqs';
import { useFormatter, useTranslations } from 'use-intl';
import { perDay } from '@/components/activity/trend.view';
import { TrendChart } from '@/components/activity/trend-chart';
import { useTRPC } from '@/components/trpc/trpc';
import { Card } from '@/components/ui/card';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { durationParts } from '@/components/ui/time.view';
import type { DeliveryTrend } from '@/server/domain/views/execution';

const SPANS = [7, 14, 30, 90] as const;

/** How often, how well and how fast things were delivered. */
export function TrendPanel() {
  const t = useTranslations('activity.trend');
  const trpc = useTRPC();
  const [days, setDays] = useQueryState('days', parseAsInteger.withDefault(14));
  const span = SPANS.find((each) => each === days) ?? 14;
  const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const query = useQuery(trpc.executions.trend.queryOptions({ days: span, timeZone }));
  return (
    <div className="flex flex-col gap-4">
      <Select
        aria-label={t('span')}
        value={String(span)}
        onValueChange={(next) => void setDays(Number(next))}
        options={SPANS.map((each) => ({ value: String(each), label: t('lastDays', { days: each }) }))}
        className="w-44"
      />
      {query.isPending ? (
        <Skeleton className="h-80" />
      ) : query.isError ? (
        <ErrorState
          title={t('readFailed')}
          error={query.error}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      ) : (
        <Trend trend={query.data} />
      )}
    </div>
  );
}

function Trend({ trend }: { trend: DeliveryTrend }) {
  const t = useTranslations('activity.trend');
  const time = useTranslations('common.time');
  const format = useFormatter();
  const average = perDay(trend);
  if (average === 0) {
    return (
      <EmptyState icon={<Activity />} title={t('emptyTitle')} className="rounded-lg border bg-surface">
        {t('empty')}
      </EmptyState>
    );
  }
  const median = trend.medianSeconds === null ? null : durationParts(trend.medianSeconds * 1_000, true);
  return (
    <>
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Fact name={t('perDay')} value={format.number(average, { maximumFractionDigits: 1 })} />
        <Fact
          name={t('failureShare')}
          value={
            trend.failureShare === null
              ? '–'
              : format.number(trend.failureShare, { style: 'percent', maximumFractionDigits: 1 })
          }
        />
        <Fact
          name={t('median')}
          value={median ? time(median.key, median.values) : '–'}
          hint={t('medianHint')}
        />
        <Fact name={t('rollbacks')} value={format.number(trend.rollbacks)} />
      </dl>
      <Card className="p-4">
        <TrendChart days={trend.days} />
      </Card>
    </>
  );
}

function Fact({ name, value, hint }: { name: string; value: string; hint?: string }) {
  return (
    <div className="rounded-lg border bg-surface px-4 py-3" title={hint}>
      <dt className="text-muted text-xs">{name}</dt>
      <dd className="font-semibold text-xl tabular-nums">{value}</dd>
    </div>
  );
}
