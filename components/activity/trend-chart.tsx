'use client';

import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useFormatter, useTranslations } from 'use-intl';
import { TREND_SERIES } from '@/components/activity/trend.view';
import type { TrendDay } from '@/server/domain/views/execution';

/** Stacked bars, one per day. Screen readers get the same numbers as a table. */
export function TrendChart({ days }: { days: readonly TrendDay[] }) {
  const t = useTranslations('activity.trend');
  const format = useFormatter();
  // The server has already cut the days in the reader's time zone: noon keeps the date what it is.
  const dayName = (day: string) =>
    format.dateTime(new Date(`${day}T12:00:00`), { month: 'short', day: 'numeric' });
  return (
    <figure>
      <figcaption className="mb-3 flex flex-wrap items-center gap-x-5 gap-y-1">
        <span className="font-semibold text-sm">{t('chart')}</span>
        {TREND_SERIES.map(({ key, colour }) => (
          <span key={key} className="flex items-center gap-1.5 text-muted text-xs">
            <span aria-hidden className="size-2.5 rounded-xs" style={{ background: colour }} />
            {t(key)}
          </span>
        ))}
      </figcaption>
      <div aria-hidden className="h-64">
        <ResponsiveContainer width="100%" height="100%">
          <BarChart
            accessibilityLayer={false}
            data={[...days]}
            margin={{ top: 4, right: 4, bottom: 0, left: -24 }}
            barCategoryGap="22%"
          >
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="day"
              tickFormatter={dayName}
              stroke="var(--line-strong)"
              tick={{ fill: 'var(--muted)', fontSize: 12 }}
              minTickGap={24}
            />
            <YAxis
              allowDecimals={false}
              stroke="var(--line-strong)"
              tick={{ fill: 'var(--muted)', fontSize: 12 }}
            />
            <Tooltip
              cursor={{ fill: 'var(--sunken)' }}
              labelFormatter={(day) => (typeof day === 'string' ? dayName(day) : day)}
              contentStyle={{
                background: 'var(--surface)',
                border: '1px solid var(--line-strong)',
                borderRadius: 6,
                color: 'var(--ink)',
                fontSize: 12,
              }}
              itemStyle={{ color: 'var(--ink)' }}
            />
            {TREND_SERIES.map(({ key, colour }) => (
              <Bar
                key={key}
                dataKey={key}
                name={t(key)}
                stackId="endings"
                fill={colour}
                maxBarSize={40}
                isAnimationActive={false}
              />
            ))}
          </BarChart>
        </ResponsiveContainer>
      </div>
      <TrendTable days={days} dayName={dayName} />
    </figure>
  );
}

interface TrendTableProps {
  readonly days: readonly TrendDay[];
  readonly dayName: (day: string) => string;
}

function TrendTable({ days, dayName }: TrendTableProps) {
  const t = useTranslations('activity.trend');
  return (
    <table className="sr-only">
      <caption>{t('chart')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('day')}</th>
          {TREND_SERIES.map(({ key }) => (
            <th key={key} scope="col">
              {t(key)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {days.map((day) => (
          <tr key={day.day}>
            <th scope="row">{dayName(day.day)}</th>
            {TREND_SERIES.map(({ key }) => (
              <td key={key}>{day[key]}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
