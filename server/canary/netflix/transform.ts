import { withoutOutliers } from '@/server/canary/stats/outliers';
import type { MetricAnalysis } from '@/server/domain/canary';

const OUTLIER_FACTOR = 3;

/** One side of a metric as it is judged: gaps removed or made zeros, then outliers left out where asked. */
export function transform(values: readonly number[], analysis: MetricAnalysis): number[] {
  const filled =
    analysis.nanStrategy === 'replace'
      ? values.map((value) => (Number.isNaN(value) ? 0 : value))
      : values.filter((value) => !Number.isNaN(value));
  if (analysis.outliers?.strategy !== 'remove') return filled;
  return withoutOutliers(filled, analysis.outliers.outlierFactor ?? OUTLIER_FACTOR);
}
