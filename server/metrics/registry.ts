import { cloudWatchSource } from '@/server/metrics/cloudwatch/cloudwatch';
import { localSource } from '@/server/metrics/local/local';
import { prometheusSource } from '@/server/metrics/prometheus/prometheus';
import type { MetricsSourceType } from '@/server/metrics/source';

/** Every source of measurements: one line each. Forms, validation and the catalogue page read this. */
export const metricsSources = {
  local: localSource,
  prometheus: prometheusSource,
  cloudwatch: cloudWatchSource,
} as const satisfies Record<string, MetricsSourceType>;

export type MetricsSourceKind = keyof typeof metricsSources;
