import { effectOf } from '@/server/canary/netflix/effect-size';
import { AllTiedError, shiftInterval } from '@/server/canary/stats/mann-whitney';
import { meanRatio } from '@/server/canary/stats/mean-ratio';
import { gaussian } from '@/server/canary/stats/noise';
import type { MetricAnalysis, MetricLabel } from '@/server/domain/canary';

export interface Classification {
  readonly label: MetricLabel;
  readonly reason: string | null;
  /** Mean ratio; null where it cannot be told. */
  readonly ratio: number | null;
  readonly critical: boolean;
}

/** Of the shift itself: an interval that reaches into it is no difference. */
const TOLERANCE = 0.25;
/** Φ⁻¹(0.99): one tail of an interval of 98 %. */
const QUANTILE = 2.3263478740408408;
/** Of two constant sides, relative to their value, so that there is something to rank. */
const NOISE = 1e-5;

/**
 * Whether one metric is alike on both sides, after transformation.
 * @param x experiment.
 * @param y control.
 */
export function classify(
  x: readonly number[],
  y: readonly number[],
  analysis: MetricAnalysis,
  random: () => number = Math.random,
): Classification {
  if (x.length === 0 || y.length === 0) return withoutData(analysis);
  const same = { label: 'Pass', ratio: 1, critical: false } as const;
  if (sameValues(x, y)) return { ...same, reason: 'The canary and the baseline are identical' };
  if (new Set([...x, ...y]).size === 1) return { ...same, reason: null };
  try {
    return compare(...withNoise(x, y, random), analysis);
  } catch (error) {
    if (!(error instanceof AllTiedError)) throw error;
    return { label: 'Error', reason: 'Metric Classification Failed', ratio: null, critical: false };
  }
}

function withoutData({ nanStrategy, mustHaveData, critical = false }: MetricAnalysis): Classification {
  if (nanStrategy === 'replace') return { label: 'Pass', reason: null, ratio: 1, critical: false };
  if (mustHaveData === true && !critical)
    return {
      label: 'NodataFailMetric',
      reason: 'Missing data for a metric that must have it',
      ratio: 1,
      critical: false,
    };
  return { label: 'Nodata', reason: 'Missing data', ratio: 1, critical };
}

function sameValues(x: readonly number[], y: readonly number[]): boolean {
  if (x.length !== y.length) return false;
  const [a, b] = [x, y].map((side) => Float64Array.from(side).sort());
  return a?.every((value, index) => value === b?.[index]) ?? false;
}

/** Only when both sides are constant. A side of zeros stays as it is: its noise would be zero too. */
function withNoise(
  x: readonly number[],
  y: readonly number[],
  random: () => number,
): [readonly number[], readonly number[]] {
  if (new Set(x).size > 1 || new Set(y).size > 1) return [x, y];
  const shaken = (side: readonly number[]) =>
    side.map((value) => value + gaussian(random, NOISE * Math.abs(value)));
  return [shaken(x), shaken(y)];
}

function compare(x: readonly number[], y: readonly number[], analysis: MetricAnalysis): Classification {
  const { lower, upper, estimate } = shiftInterval(x, y, QUANTILE);
  const effect = effectOf(x, y, analysis);
  const bound = TOLERANCE * Math.abs(estimate);
  const unknown = Number.isNaN(effect.size);
  const ratio = meanRatio(x, y);
  const told = { ratio: Number.isFinite(ratio) ? ratio : null };
  const wants = (direction: string) =>
    analysis.direction === direction || !['increase', 'decrease'].includes(analysis.direction ?? '');
  if (wants('increase') && lower > bound && (unknown || effect.size >= effect.allowedIncrease)) {
    const critical = analysis.critical === true && (unknown || effect.size >= effect.criticalIncrease);
    return { ...told, label: 'High', reason: 'The metric was classified as High', critical };
  }
  if (wants('decrease') && upper < -bound && (unknown || effect.size <= effect.allowedDecrease)) {
    const critical = analysis.critical === true && (unknown || effect.size <= effect.criticalDecrease);
    return { ...told, label: 'Low', reason: 'The metric was classified as Low', critical };
  }
  return { ...told, label: 'Pass', reason: null, critical: false };
}
