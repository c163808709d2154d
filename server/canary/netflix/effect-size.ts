import { cles } from '@/server/canary/stats/cles';
import { meanRatio } from '@/server/canary/stats/mean-ratio';
import type { MetricAnalysis } from '@/server/domain/canary';

/** How large a difference is, and from where on it counts. */
export interface Effect {
  /** NaN when it cannot be told; it excuses nothing then. */
  readonly size: number;
  readonly allowedIncrease: number;
  readonly allowedDecrease: number;
  readonly criticalIncrease: number;
  readonly criticalDecrease: number;
}

/** What counts as no difference, by measure. */
const NEUTRAL = { meanRatio: 1, cles: 0.5 } as const;

export function effectOf(x: readonly number[], y: readonly number[], { effectSize }: MetricAnalysis): Effect {
  const measure = effectSize?.measure === 'cles' ? 'cles' : 'meanRatio';
  const neutral = NEUTRAL[measure];
  return {
    size: measure === 'cles' ? cles(x, y) : meanRatio(x, y),
    allowedIncrease: effectSize?.allowedIncrease ?? neutral,
    allowedDecrease: effectSize?.allowedDecrease ?? neutral,
    criticalIncrease: effectSize?.criticalIncrease ?? neutral,
    criticalDecrease: effectSize?.criticalDecrease ?? neutral,
  };
}
