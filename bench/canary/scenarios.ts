import { normal, poisson } from '@/bench/canary/random';
import type { MetricKind } from '@/server/domain/canary';

/** A metric as the world might make it, point after point. */
export interface Scenario {
  readonly name: string;
  readonly kind: MetricKind;
  /** Points of one side; `factor` 1.1 is a tenth more of what is measured. */
  series(random: () => number, points: number, factor: number): number[];
}

const SPREAD = 0.3;
/** Upper ends of a histogram's buckets, in seconds. */
const BUCKETS = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 60];

function independent(one: (random: () => number, factor: number) => number): Scenario['series'] {
  return (random, points, factor) => Array.from({ length: points }, () => one(random, factor));
}

function latency(random: () => number, factor: number): number {
  return factor * 0.4 * Math.exp(SPREAD * normal(random));
}

/** A tenth of the points has any errors. More errors mean more points that have some. */
function burst(random: () => number, factor: number): number {
  return random() < 0.1 * factor ? 1 + poisson(random, 3) : 0;
}

/** Each point leans on the one before, as with averages over overlapping windows; the spread stays the same. */
function leaning(correlation: number): Scenario['series'] {
  return (random, points, factor) => {
    let state = normal(random);
    return Array.from({ length: points }, () => {
      state = correlation * state + Math.sqrt(1 - correlation ** 2) * normal(random);
      return factor * Math.exp(SPREAD * state);
    });
  };
}

export const scenarios: readonly Scenario[] = [
  { name: 'latency, lognormal (σ 0.3)', kind: 'latency', series: independent(latency) },
  {
    name: 'counts, Poisson (mean 5)',
    kind: 'counter',
    series: independent((r, factor) => poisson(r, 5 * factor)),
  },
  { name: 'errors, 9 of 10 points are 0', kind: 'counter', series: independent(burst) },
  {
    name: 'latency in buckets (many ties)',
    kind: 'latency',
    series: independent((random, factor) => {
      const value = latency(random, factor);
      return BUCKETS.find((bucket) => value <= bucket) ?? 60;
    }),
  },
  { name: 'gauge, leaning (AR(1), φ 0.5)', kind: 'gauge', series: leaning(0.5) },
  { name: 'gauge, leaning (AR(1), φ 0.8)', kind: 'gauge', series: leaning(0.8) },
];
