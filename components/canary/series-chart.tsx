'use client';

import { memo, useMemo } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { useTranslations } from 'use-intl';
import { DASHES } from '@/components/canary/marks';
import { chartSpan, type SeriesRow, seriesRows, standsAlone } from '@/components/canary/series.view';
import type { SideColours, SideName } from '@/components/canary/sides.view';
import { useClock } from '@/components/canary/use-clock';
import { useNumbers } from '@/components/canary/use-numbers';
import type { AnalysisWindow, MetricMeasurement } from '@/server/domain/analysis';

interface SeriesChartProps {
  readonly measurement: MetricMeasurement;
  /** On which the series stand. */
  readonly grid: AnalysisWindow;
  /** What was judged of them. */
  readonly judged: AnalysisWindow;
  readonly warmupMs: number;
  readonly colours: SideColours;
  /** In the metric's unit; null where a direction does not matter or there is no interval. */
  readonly tolerated: { readonly from: number | null; readonly to: number | null } | null;
}

/** A chart is some 700 pixels wide: more pairs of points than this are not told apart. */
const BUCKETS = 300;
const SIDES = ['baseline', 'canary'] as const;
const TICK = { fill: 'var(--muted)', fontSize: 12 };
const TOOLTIP = {
  background: 'var(--surface)',
  border: '1px solid var(--line-strong)',
  borderRadius: 6,
  color: 'var(--ink)',
  fontSize: 12,
};

/** Both series on one axis, the judged window shaded. Its words are in the table and sentence beside it. */
function Chart({ measurement, grid, judged, warmupMs, colours, tolerated }: SeriesChartProps) {
  const t = useTranslations('canary');
  const numbers = useNumbers();
  const domain = chartSpan(grid, warmupMs);
  const clock = useClock(domain[1] - domain[0]);
  const rows = useMemo(() => seriesRows(measurement, grid, BUCKETS), [measurement, grid]);
  return (
    <div aria-hidden className="h-56">
      <ResponsiveContainer width="100%" height="100%">
        <LineChart accessibilityLayer={false} data={rows} margin={{ top: 8, right: 8, bottom: 0, left: 0 }}>
          <ReferenceArea
            x1={Math.max(judged.startMs, domain[0])}
            x2={Math.min(judged.endMs, domain[1])}
            fill="var(--sunken)"
            fillOpacity={0.8}
          />
          <CartesianGrid vertical={false} stroke="var(--line)" />
          {[tolerated?.from, tolerated?.to].map((limit, index) =>
            limit == null ? null : (
              <ReferenceLine
                key={index}
                y={limit}
                ifOverflow="extendDomain"
                stroke="var(--ink)"
                strokeDasharray="2 3"
              />
            ),
          )}
          <XAxis
            dataKey="at"
            type="number"
            scale="time"
            domain={[...domain]}
            tickFormatter={clock}
            stroke="var(--line-strong)"
            tick={TICK}
            minTickGap={40}
          />
          <YAxis
            domain={['auto', 'auto']}
            width={64}
            tickFormatter={(value: number) => numbers.short(value)}
            stroke="var(--line-strong)"
            tick={TICK}
          />
          <Tooltip
            labelFormatter={(at) => (typeof at === 'number' ? clock(at) : at)}
            formatter={(value) => (typeof value === 'number' ? numbers.measure(value) : value)}
            separator=": "
            contentStyle={TOOLTIP}
            itemStyle={{ color: 'var(--ink)' }}
            isAnimationActive={false}
          />
          {SIDES.map((side) => (
            <Line
              key={side}
              dataKey={side}
              name={t(`side.${side}`)}
              className={colours[side]}
              stroke="var(--version)"
              strokeWidth={1.75}
              strokeDasharray={DASHES[side]}
              type="linear"
              connectNulls={false}
              isAnimationActive={false}
              dot={<LoneDot rows={rows} side={side} />}
              activeDot={{ r: 3, fill: 'var(--ink)', strokeWidth: 0 }}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}

/** Drawn again only for other data: an opened report ticks every second. */
export const SeriesChart = memo(Chart);

interface LoneDotProps {
  readonly rows: readonly SeriesRow[];
  readonly side: SideName;
  /** Given by the chart, as the next ones. */
  readonly index?: number;
  readonly cx?: number | null;
  readonly cy?: number | null;
}

/** A value between two gaps has no line: it is a dot, round for the canary and square for the baseline. */
function LoneDot({ rows, side, index = -1, cx, cy }: LoneDotProps) {
  if (cx == null || cy == null || !standsAlone(rows, index, side)) return null;
  return side === 'canary' ? (
    <circle cx={cx} cy={cy} r={2.5} fill="var(--version)" />
  ) : (
    <rect x={cx - 2.5} y={cy - 2.5} width={5} height={5} fill="var(--version)" />
  );
}
