import { signalbox } from '@/server/canary/signalbox/judge';
import {
  canaryConfigSchema,
  type Judgement,
  type MetricAnalysis,
  type MetricKind,
  type MetricPair,
  type UnresolvedPolicies,
} from '@/server/domain/canary';

/** A metric as a test writes it. */
export interface MetricCase {
  readonly name?: string;
  readonly kind?: MetricKind;
  readonly traffic?: string;
  readonly groups?: readonly string[];
  readonly analysis?: MetricAnalysis;
  readonly canary: readonly number[];
  readonly baseline: readonly number[];
  readonly error?: string;
}

export const THRESHOLDS = { pass: 75, marginal: 50 };

export function configOf(metrics: readonly MetricCase[], policies: UnresolvedPolicies = {}) {
  return canaryConfigSchema.parse({
    name: 'case',
    judge: { name: 'signalbox-v1', judgeConfigurations: policies },
    metrics: metrics.map(({ name = 'metric', kind, traffic, groups = ['all'], analysis }) => ({
      name,
      kind,
      traffic,
      groups,
      query: { type: 'local' },
      analysisConfigurations: { canary: analysis },
    })),
  });
}

export function pairOf({ name = 'metric', canary, baseline, error }: MetricCase): MetricPair {
  const pair = { name, id: name, tags: {}, experiment: canary, control: baseline };
  return error === undefined ? pair : { ...pair, error };
}

export function judgeCases(metrics: readonly MetricCase[], policies: UnresolvedPolicies = {}): Judgement {
  const config = configOf(metrics, policies);
  return signalbox.judge({ config, thresholds: THRESHOLDS, pairs: metrics.map(pairOf) });
}

/** A normal sample without chance: its quantiles, in an order in which no neighbours are alike. */
export function spread(count: number, deviation: number): number[] {
  return Array.from({ length: count }, (_, at) => {
    const share = ((at * stepFor(count)) % count) + 0.5;
    const odds = Math.log(share / (count - share));
    // The logistic distribution, made as wide as the normal one.
    return (deviation * odds * Math.sqrt(3)) / Math.PI;
  });
}

/** Near the golden section and without a common divisor, so that every place comes once. */
function stepFor(count: number): number {
  const common = (a: number, b: number): number => (b === 0 ? a : common(b, a % b));
  let step = Math.round(count * 0.382);
  while (common(step, count) !== 1) step += 1;
  return step;
}

export const times = (value: number, count: number) => Array<number>(count).fill(value);
