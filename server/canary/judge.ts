import type { CanaryConfig, Judgement, MetricPair, ScoreThresholds } from '@/server/domain/canary';

/** Measurements in, verdict out: nothing is read, kept or waited for. The same input gives the same judgement. */
export interface Judge {
  /** As a configuration names it. */
  readonly name: string;
  readonly label: string;
  /** Other names by which configurations ask for it. */
  readonly aliases: readonly string[];
  judge(input: JudgeInput): Judgement;
}

export interface JudgeInput {
  readonly config: CanaryConfig;
  readonly thresholds: ScoreThresholds;
  /**
   * One for each metric and set of tags. Values stand on one grid that begins with the window; where a side has
   * none the value is NaN. A metric of the configuration without any pair has no data.
   */
  readonly pairs: readonly MetricPair[];
  readonly looks?: Looks;
  /** Uniform in [0, 1). Only the compatible judge draws from it, for constant series. */
  readonly random?: () => number;
}

/**
 * How this look belongs to the others of its analysis, so that looking often makes no more false alarms. Left out for a
 * single look.
 */
export interface Looks {
  /** Growing: every look sees all points since the start. Sliding: a look sees the last ones only. */
  readonly window: 'growing' | 'sliding';
  /** Points of the window (its length by its step) at each look before this one. */
  readonly previousPoints: readonly number[];
  /**
   * Points of the window at the last look that is planned. An analysis may go on beyond that. Left out where there is
   * no plan, as when people look whenever they like; changes are caught somewhat later then.
   */
  readonly plannedPoints?: number;
}
