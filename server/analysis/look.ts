import type { OpenSource } from '@/server/analysis/open-source';
import type { AnalysisWindow, MetricMeasurement, ScopePair } from '@/server/domain/analysis';
import type { CanaryConfig, Judgement, ScoreThresholds } from '@/server/domain/canary';
import type { Looks } from '@/server/canary/judge';

export interface LookInput {
  readonly config: CanaryConfig;
  readonly source: OpenSource;
  readonly scopes: ScopePair;
  readonly window: AnalysisWindow;
  readonly thresholds: ScoreThresholds;
  /** How it belongs to others of its analysis; left out for a single look. */
  readonly looks?: Looks;
  readonly signal: AbortSignal;
}

export interface Look {
  readonly judgement: Judgement;
  readonly measurements: readonly MetricMeasurement[];
}
