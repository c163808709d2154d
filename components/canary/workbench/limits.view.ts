import { analysisOf, withEffect } from '@/components/canary/workbench/config.view';
import type { CanaryMetric, MetricAnalysis } from '@/server/domain/canary';

export const DIRECTIONS = ['increase', 'decrease', 'either'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Any other word means both, as it does to the judges. */
export function directionOf(analysis: MetricAnalysis): Direction {
  return analysis.direction === 'increase' || analysis.direction === 'decrease'
    ? analysis.direction
    : 'either';
}

export const MEASURES = ['meanRatio', 'cles'] as const;
export type Measure = (typeof MEASURES)[number];

/** Any other word means the ratio of the means, as it does to the judges. */
export function measureOf(analysis: MetricAnalysis): Measure {
  return analysis.effectSize?.measure === 'cles' ? 'cles' : 'meanRatio';
}

export const LIMITS = ['allowedIncrease', 'allowedDecrease', 'criticalIncrease', 'criticalDecrease'] as const;
export type Limit = (typeof LIMITS)[number];

/** Limits of the direction that matters. */
export function limitsFor(direction: Direction, kind: 'allowed' | 'critical'): readonly Limit[] {
  return LIMITS.filter((limit) => {
    if (!limit.startsWith(kind)) return false;
    if (direction === 'either') return true;
    return limit.endsWith('Increase') === (direction === 'increase');
  });
}

/**
 * A limit as people say it, in percent: a factor of 1.1 is 10 % more and one of 0.9 is 10 % less; a chance of 0.57
 * is 57 %. Null where the configuration says nothing.
 */
export function limitPercent(analysis: MetricAnalysis, limit: Limit): number | null {
  const value = analysis.effectSize?.[limit];
  if (value === undefined) return null;
  if (measureOf(analysis) === 'cles') return tidy(value * 100);
  return tidy((limit.endsWith('Increase') ? value - 1 : 1 - value) * 100);
}

export function withLimitPercent(
  metric: CanaryMetric,
  limit: Limit,
  percent: number | undefined,
): CanaryMetric {
  if (percent === undefined) return withEffect(metric, { [limit]: undefined });
  if (measureOf(analysisOf(metric)) === 'cles') return withEffect(metric, { [limit]: tidy(percent / 100) });
  const factor = limit.endsWith('Increase') ? 1 + percent / 100 : 1 - percent / 100;
  return withEffect(metric, { [limit]: tidy(factor) });
}

/** Another measure has limits of another kind: a factor read as a chance would mean something else. */
export function withMeasure(metric: CanaryMetric, measure: Measure): CanaryMetric {
  if (measure === measureOf(analysisOf(metric))) return metric;
  const gone = Object.fromEntries(LIMITS.map((limit) => [limit, undefined]));
  return withEffect(metric, { ...gone, measure: measure === 'cles' ? measure : undefined });
}

/** What is allowed where nothing is said, in percent; the judges differ. */
export function usualPercent(judge: string, measure: Measure, limit: Limit): number {
  const isOurs = judge === 'signalbox-v1';
  const isRise = limit.endsWith('Increase');
  if (measure === 'cles') {
    if (!isOurs) return 50;
    return isRise ? 57 : 43;
  }
  if (!isOurs) return 0;
  return isRise ? 10 : 9.1;
}

/** Without the dust of binary fractions: 1.1 − 1 is 0.1. */
function tidy(value: number): number {
  return Number(value.toFixed(6));
}
