import { withoutOutliers } from '@/server/canary/stats/outliers';
import type { CanaryMetric, MetricKind, MetricPair } from '@/server/domain/canary';

/** One side of a metric as it is judged. */
export interface Side {
  /** On the grid of the window, NaN where there is no value. */
  readonly grid: readonly number[];
  readonly values: readonly number[];
  readonly countedAsZero: number;
}

export interface Sides {
  readonly canary: Side;
  readonly baseline: Side;
}

type SideName = 'experiment' | 'control';
export type MetricOf = (pair: MetricPair) => CanaryMetric | undefined;

const OUTLIER_FACTOR = 3;

/** What the metric counts. Kayenta's `replace` says of a metric without kind that its absence is none. */
export function kindOf(metric: CanaryMetric | undefined): MetricKind {
  const replaced = metric?.analysisConfigurations.canary?.nanStrategy === 'replace';
  return metric?.kind ?? (replaced ? 'counter' : 'gauge');
}

/**
 * Both sides with what absence means filled in: 0 for counters where the side is measured at all and for ratios where
 * there was traffic, missing for all others. Other metrics of the same side bear witness to that. Where the
 * configuration has none that could, a baseline without any value counts as zeros when the canary has values, which can
 * only fail it, but never a canary without any.
 */
export function sidesOf(pair: MetricPair, pairs: readonly MetricPair[], metricOf: MetricOf): Sides {
  const length = pairs.reduce((most, one) => Math.max(most, one.experiment.length, one.control.length), 0);
  const outliers = metricOf(pair)?.analysisConfigurations.canary?.outliers;
  const factor = outliers?.strategy === 'remove' ? (outliers.outlierFactor ?? OUTLIER_FACTOR) : null;
  const side = (name: SideName): Side => {
    const witness = witnessOf(pair, name, pairs, metricOf);
    const grid = Array.from({ length }, (_, index) => pair[name][index] ?? Number.NaN);
    let countedAsZero = 0;
    for (let index = 0; index < length; index += 1) {
      if (!Number.isNaN(grid[index]) || !witness(index)) continue;
      grid[index] = 0;
      countedAsZero += 1;
    }
    const kept = factor === null ? grid : withoutFar(grid, factor);
    return { grid: kept, values: presentOf(kept), countedAsZero };
  };
  return { canary: side('experiment'), baseline: side('control') };
}

export function presentOf(grid: readonly number[]): number[] {
  return grid.filter((value) => !Number.isNaN(value));
}

function withoutFar(grid: readonly number[], factor: number): number[] {
  const kept = new Set(withoutOutliers(presentOf(grid), factor));
  return grid.map((value) => (kept.has(value) ? value : Number.NaN));
}

/** Says of a place in the grid whether the side was there, so that nothing means none. */
type Witness = (index: number) => boolean;

function witnessOf(
  pair: MetricPair,
  name: SideName,
  pairs: readonly MetricPair[],
  metricOf: MetricOf,
): Witness {
  const metric = metricOf(pair);
  const kind = kindOf(metric);
  if (kind === 'gauge' || kind === 'latency') return () => false;
  const witnesses = pairs.filter(
    (one) => one.name !== pair.name && sameTags(one, pair) && mayTell(kind, one, metric, metricOf),
  );
  // Counters may all be absent because nothing happened, so their absence alone is no sign of a side that is not there.
  const silent = witnesses.every(
    (one) => kindOf(metricOf(one)) === 'counter' && !one[name].some((value) => !Number.isNaN(value)),
  );
  if (silent) return () => aloneTells(pair, name, kind);
  const least = kind === 'ratio' ? 0 : Number.NEGATIVE_INFINITY;
  return (index) => witnesses.some((one) => (one[name][index] ?? Number.NaN) > least);
}

/** Tags that only one of them has do not matter: traffic is often measured as a whole. */
function sameTags(a: MetricPair, b: MetricPair): boolean {
  return Object.entries(a.tags).every(([key, value]) => (b.tags[key] ?? value) === value);
}

/** Any other metric tells that a side is measured; traffic is told by the metric named for it, or by what needs it. */
function mayTell(
  kind: 'counter' | 'ratio',
  other: MetricPair,
  metric: CanaryMetric | undefined,
  metricOf: MetricOf,
): boolean {
  if (other.error !== undefined) return false;
  if (kind === 'ratio' && metric?.traffic !== undefined) return other.name === metric.traffic;
  const otherKind = kindOf(metricOf(other));
  return kind === 'counter' ? otherKind !== 'ratio' : otherKind === 'counter' || otherKind === 'latency';
}

/** Without witnesses: a counter that was there once was measured all the time; 0 / 0 of a ratio stays missing. */
function aloneTells(pair: MetricPair, name: SideName, kind: 'counter' | 'ratio'): boolean {
  const present = (values: readonly number[]) => values.some((value) => !Number.isNaN(value));
  if (present(pair[name])) return kind === 'counter';
  return name === 'control' && present(pair.experiment);
}
