'use client';

import { useMemo } from 'react';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useFormatter, useTranslations } from 'use-intl';
import { type CountsBar, countBars, countTotals } from '@/components/features/counts.view';
import { variantColours } from '@/components/features/features.view';
import type { ToggleCounts } from '@/server/domain/views/toggles';

interface CountsChartProps {
  readonly counts: ToggleCounts;
  readonly hoursPerBar: number;
  readonly variants: readonly string[];
}

const AXIS = { stroke: 'var(--line-strong)', tick: { fill: 'var(--muted)', fontSize: 12 } } as const;
const BOX = {
  background: 'var(--surface)',
  border: '1px solid var(--line-strong)',
  borderRadius: 6,
  color: 'var(--ink)',
  fontSize: 12,
} as const;

/** Stacked bars by variant. The totals beside the names say the same to those who cannot see them. */
export function CountsChart({ counts, hoursPerBar, variants }: CountsChartProps) {
  const t = useTranslations('features.use');
  const format = useFormatter();
  const bars = useMemo(() => countBars(counts, hoursPerBar), [counts, hoursPerBar]);
  const totals = useMemo(() => countTotals(counts), [counts]);
  const colours = variantColours([...variants, null]);
  const moment = (at: number) =>
    format.dateTime(
      new Date(at),
      hoursPerBar < 24
        ? { month: 'short', day: 'numeric', hour: 'numeric' }
        : { month: 'short', day: 'numeric' },
    );
  return (
    <figure>
      <figcaption className="mb-3">
        <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
          {totals.map(({ variant, count }) => (
            <li key={variant ?? ''} className="inline-flex items-center gap-1.5">
              <span
                aria-hidden
                className="size-2.5 rounded-xs"
                style={{ background: colours.get(variant) ?? 'var(--off)' }}
              />
              {variant ?? t('codeDefault')}
              <span className="text-muted">{t('times', { count })}</span>
            </li>
          ))}
        </ul>
      </figcaption>
      <div aria-hidden className="h-56">
        <ResponsiveContainer width="100%" height="100%">
          <BarChart
            accessibilityLayer={false}
            data={bars}
            margin={{ top: 4, right: 4, bottom: 0, left: -12 }}
            barCategoryGap="18%"
          >
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis dataKey="at" tickFormatter={moment} minTickGap={32} {...AXIS} />
            <YAxis allowDecimals={false} {...AXIS} />
            <Tooltip
              cursor={{ fill: 'var(--sunken)' }}
              labelFormatter={(at) => (typeof at === 'number' ? moment(at) : at)}
              contentStyle={BOX}
              itemStyle={{ color: 'var(--ink)' }}
            />
            {totals.map(({ variant }) => (
              <Bar
                key={variant ?? ''}
                dataKey={(bar: CountsBar) => bar.counts[variant ?? ''] ?? 0}
                name={variant ?? t('codeDefault')}
                stackId="variants"
                fill={colours.get(variant) ?? 'var(--off)'}
                maxBarSize={40}
                isAnimationActive={false}
              />
            ))}
          </BarChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}
