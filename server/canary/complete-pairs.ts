import type { CanaryConfig, MetricPair } from '@/server/domain/canary';

/** The measured pairs and, for every metric that has none, an empty one: what was asked for is never left out. */
export function completePairs(config: CanaryConfig, pairs: readonly MetricPair[]): MetricPair[] {
  const measured = new Set(pairs.map(({ name }) => name));
  const missing = config.metrics.filter(({ name }) => !measured.has(name));
  return [
    ...pairs,
    ...missing.map(({ name }) => ({ name, id: name, tags: {}, experiment: [], control: [] })),
  ];
}
