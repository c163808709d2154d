import type { AnalysisWindow, MetricMeasurement } from '@/server/domain/analysis';
import type { MetricResult } from '@/server/domain/canary';

type Values = readonly (number | null)[];

/** One moment of a chart; null where a side has no value. */
export interface SeriesRow {
  /** Unix milliseconds. */
  readonly at: number;
  readonly baseline: number | null;
  readonly canary: number | null;
}

/**
 * Both sides as rows to draw, at most twice as many as `buckets`. More points are thinned by min/max decimation: of
 * each bucket the smallest and the largest value are drawn, in their order, so that no peak is lost. A bucket without
 * values is a gap.
 */
export function seriesRows(
  { baseline, canary }: Pick<MetricMeasurement, 'baseline' | 'canary'>,
  { startMs, stepMs }: AnalysisWindow,
  buckets: number,
): SeriesRow[] {
  const count = Math.max(baseline.length, canary.length);
  const at = (index: number) => startMs + index * stepMs;
  if (count <= 2 * buckets) {
    return Array.from({ length: count }, (_, index) => ({
      at: at(index),
      baseline: baseline[index] ?? null,
      canary: canary[index] ?? null,
    }));
  }
  return Array.from({ length: buckets }, (_, bucket) => {
    const from = Math.floor((bucket * count) / buckets);
    const to = Math.floor(((bucket + 1) * count) / buckets);
    const [left, right] = [extremes(baseline, from, to), extremes(canary, from, to)];
    return [
      { at: at(from), baseline: left[0], canary: right[0] },
      { at: at((from + to) / 2), baseline: left[1], canary: right[1] },
    ];
  }).flat();
}

/** The smallest and the largest of a part, whichever comes first first. */
function extremes(values: Values, from: number, to: number): readonly [number | null, number | null] {
  let [low, high] = [-1, -1];
  for (let index = from; index < to; index++) {
    const value = values[index] ?? null;
    if (value === null) continue;
    if (low < 0 || value < (values[low] ?? 0)) low = index;
    if (high < 0 || value > (values[high] ?? 0)) high = index;
  }
  if (low < 0) return [null, null];
  const [first, second] = low <= high ? [low, high] : [high, low];
  return [values[first] ?? null, values[second] ?? null];
}

/** Whether a value has no neighbour to be joined to, so that a line alone would not show it. */
export function standsAlone(rows: readonly SeriesRow[], index: number, side: 'baseline' | 'canary'): boolean {
  const value = (at: number) => rows[at]?.[side] ?? null;
  return value(index) !== null && value(index - 1) === null && value(index + 1) === null;
}

/** From when to when a chart is drawn: the series with the warm-up before them, when that is not most of it. */
export function chartSpan({ startMs, endMs }: AnalysisWindow, warmupMs: number): readonly [number, number] {
  const shown = warmupMs <= (endMs - startMs) / 2 ? warmupMs : 0;
  return [startMs - shown, endMs];
}

/** Lowest and highest value of both sides; null without any. */
export function extent({
  baseline,
  canary,
}: Pick<MetricMeasurement, 'baseline' | 'canary'>): readonly [number, number] | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of [...baseline, ...canary]) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low > high ? null : [low, high];
}

/**
 * The limits as values of the metric, from the baseline's mean: what the canary's mean may be. Null where they cannot
 * be told so.
 */
export function toleratedValues({
  assessment,
  controlStats,
}: Pick<MetricResult, 'assessment' | 'controlStats'>): {
  readonly from: number | null;
  readonly to: number | null;
} | null {
  if (!assessment || assessment.superiority || controlStats.count === 0 || controlStats.mean === 0)
    return null;
  const { increase, decrease } = assessment.limit;
  if (increase === null && decrease === null) return null;
  const value = (limit: number | null) => (limit === null ? null : controlStats.mean * (1 + limit));
  return { from: value(decrease), to: value(increase) };
}

const SPARK_BUCKETS = 40;

/** Paths of both sides on one scale in a box of `width` by `height`; broken at gaps. Null without any value. */
export function sparkPaths(
  measurement: Pick<MetricMeasurement, 'baseline' | 'canary'>,
  width: number,
  height: number,
): { readonly baseline: string; readonly canary: string } | null {
  const range = extent(measurement);
  if (!range) return null;
  const [low, high] = range;
  const rows = seriesRows(measurement, { startMs: 0, endMs: 0, stepMs: 1 }, SPARK_BUCKETS);
  const last = Math.max(1, rows.length - 1);
  const path = (side: 'baseline' | 'canary') => {
    let text = '';
    let pen = false;
    rows.forEach((row, index) => {
      const value = row[side];
      if (value !== null) {
        const x = ((index / last) * width).toFixed(1);
        const y = high === low ? height / 2 : height - ((value - low) / (high - low)) * height;
        // A segment of no length shows as a dot where the line's ends are round.
        text += pen ? `L${x} ${y.toFixed(1)}` : `M${x} ${y.toFixed(1)}h0`;
      }
      pen = value !== null;
    });
    return text;
  };
  return { baseline: path('baseline'), canary: path('canary') };
}
