import { z } from 'zod';
import type { Message } from '@/server/domain/message';

/**
 * Canary configuration and report, in the words of Kayenta: a configuration of Kayenta is read unchanged, and what it
 * does not know here is kept. Source: the JSON of Kayenta's canary configuration, version 1. What only the judge
 * `signalbox-v1` reads is marked; the other one passes over it.
 */

const number = z.number();

export const effectSizeSchema = z.looseObject({
  measure: z.string().optional(),
  allowedIncrease: number.optional(),
  allowedDecrease: number.optional(),
  criticalIncrease: number.optional(),
  criticalDecrease: number.optional(),
  /** signalbox-v1: a mean of the canary that is surely no higher is well, whatever the change. In the metric's unit. */
  negligible: number.optional(),
});

/**
 * signalbox-v1: what is done about a metric on which there is no verdict. `extend` measures on, and asks a person
 * when there is no more time.
 */
export const UNRESOLVED_POLICIES = ['fail', 'pass', 'askPerson', 'extend'] as const;
export const unresolvedPolicySchema = z.enum(UNRESOLVED_POLICIES);
export type UnresolvedPolicy = z.infer<typeof unresolvedPolicySchema>;

/** In `judge.judgeConfigurations` for all metrics, in `analysisConfigurations.canary` for one. */
export const unresolvedPoliciesSchema = z.looseObject({
  onNoData: unresolvedPolicySchema.optional(),
  onError: unresolvedPolicySchema.optional(),
  onInconclusive: unresolvedPolicySchema.optional(),
});
export type UnresolvedPolicies = z.infer<typeof unresolvedPoliciesSchema>;

export const metricAnalysisSchema = unresolvedPoliciesSchema.extend({
  direction: z.string().optional(),
  nanStrategy: z.string().optional(),
  critical: z.boolean().optional(),
  mustHaveData: z.boolean().optional(),
  muted: z.boolean().optional(),
  outliers: z
    .looseObject({ strategy: z.string().optional(), outlierFactor: number.positive().optional() })
    .optional(),
  effectSize: effectSizeSchema.optional(),
});
export type MetricAnalysis = z.infer<typeof metricAnalysisSchema>;

/**
 * What a metric counts, which says what its absence means.
 * - counter   events; none where it is absent, as long as the side is measured at all
 * - ratio     of events; 0 where it is absent and there was traffic, nothing where there was none
 * - gauge     a level; missing where it is absent
 * - latency   a duration, there only with traffic; missing where it is absent
 */
export const METRIC_KINDS = ['counter', 'ratio', 'gauge', 'latency'] as const;
export const metricKindSchema = z.enum(METRIC_KINDS);
export type MetricKind = z.infer<typeof metricKindSchema>;

export const canaryMetricSchema = z.looseObject({
  name: z.string().min(1),
  /** signalbox-v1: gauge unless it is said. */
  kind: metricKindSchema.optional(),
  /** signalbox-v1, for a ratio: the metric that measures its traffic. */
  traffic: z.string().optional(),
  /** What is asked of the metrics source; its shape is the source's own. */
  query: z.looseObject({ type: z.string() }),
  groups: z.array(z.string()).default([]),
  analysisConfigurations: z.looseObject({ canary: metricAnalysisSchema.optional() }).default({}),
  scopeName: z.string().optional(),
});
export type CanaryMetric = z.infer<typeof canaryMetricSchema>;

const configSchema = z.looseObject({
  name: z.string().min(1),
  description: z.string().optional(),
  configVersion: z.string().optional(),
  applications: z.array(z.string()).default([]),
  judge: z
    .looseObject({ name: z.string(), judgeConfigurations: unresolvedPoliciesSchema.optional() })
    .optional(),
  metrics: z.array(canaryMetricSchema).min(1),
  templates: z.record(z.string(), z.string()).default({}),
  classifier: z
    .looseObject({
      groupWeights: z.record(z.string(), number).default({}),
      scoreThresholds: z.looseObject({ pass: number, marginal: number }).optional(),
    })
    .default({ groupWeights: {} }),
});

/** Kayenta writes null for what was never set. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, own]) => (own === null ? [] : [[key, withoutNulls(own)]])),
  );
}

export const canaryConfigSchema = z.preprocess(withoutNulls, configSchema);
export type CanaryConfig = z.infer<typeof canaryConfigSchema>;

/** Values of one metric on both sides, at the same tags; NaN where there was none. */
export interface MetricPair {
  readonly name: string;
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly experiment: readonly number[];
  readonly control: readonly number[];
  /** Why it could not be measured, for a person; its values are worth nothing then. */
  readonly error?: string;
}

export interface SeriesStats {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly std: number;
}

/** `Inconclusive` is said by signalbox-v1 alone; the others are Kayenta's. */
export const METRIC_LABELS = [
  'Pass',
  'High',
  'Low',
  'Nodata',
  'NodataFailMetric',
  'Error',
  'Inconclusive',
] as const;
export type MetricLabel = (typeof METRIC_LABELS)[number];

export const METRIC_VERDICTS = ['pass', 'fail', 'inconclusive', 'noData', 'error'] as const;
export type MetricVerdict = (typeof METRIC_VERDICTS)[number];

/** A relative change: 0.38 is 38 % more, −1 is nothing left. Null where it has no bound or cannot be told. */
export interface RelativeChange {
  readonly estimate: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** How sure the interval is, over all looks together: 0.98. */
  readonly confidence: number;
}

/** What signalbox-v1 found out about one metric. */
export interface MetricAssessment {
  readonly verdict: MetricVerdict;
  readonly kind: MetricKind;
  /** How a metric without verdict is treated; null when there is one. */
  readonly policy: UnresolvedPolicy | null;
  readonly change: RelativeChange;
  /** Relative changes that it was held against; null where that direction does not matter. */
  readonly limit: { readonly increase: number | null; readonly decrease: number | null };
  /**
   * Set where the configuration measures by `cles`: the chance that a value of the canary is larger than one of the
   * baseline. The limits are such chances then.
   */
  readonly superiority: { readonly estimate: number; readonly lower: number; readonly upper: number } | null;
  /**
   * The smallest relative increase (or decrease, as a negative number, where only that matters) that a sample like
   * this one catches four times in five. Null when it catches none, or when it cannot be told.
   */
  readonly smallestDetectable: number | null;
  /** Points on each side with which an unchanged canary passes four times in five; null when unknown. */
  readonly pointsNeeded: number | null;
  readonly experiment: SampleCount;
  readonly control: SampleCount;
  /** The sample is small or full of gaps. */
  readonly lowConfidence: boolean;
}

export interface SampleCount {
  /** Points of the window. */
  readonly expected: number;
  /** Points that were judged, those included that count as zero. */
  readonly used: number;
  readonly countedAsZero: number;
  /** Independent points that those are worth: neighbours in time tell the same twice. */
  readonly effective: number;
}

export interface MetricResult {
  readonly name: string;
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
  readonly muted: boolean;
  readonly classification: MetricLabel;
  readonly classificationReason: string | null;
  /** Whether its failure alone fails the canary. */
  readonly critical: boolean;
  readonly experimentStats: SeriesStats;
  readonly controlStats: SeriesStats;
  /** Mean of the experiment over mean of the control; null where there is none. */
  readonly ratio: number | null;
  /** The verdict for a person. */
  readonly sentence: Message;
  /** Only by signalbox-v1. */
  readonly assessment?: MetricAssessment;
}

export interface GroupScore {
  readonly name: string;
  readonly score: number;
  readonly noData: boolean;
}

/** `Inconclusive` is said by signalbox-v1 alone: what is not known could change the outcome. */
export const JUDGEMENT_LABELS = ['Pass', 'Marginal', 'Fail', 'Inconclusive'] as const;
export type JudgementLabel = (typeof JUDGEMENT_LABELS)[number];

/**
 * What follows from a judgement. Between looks only `fail` is acted upon, the others measure on. The last look decides
 * by all of them:
 * - pass       the canary is well
 * - continue   between the thresholds; failed at the last look
 * - fail       the canary is bad; nothing that is still unknown could change that
 * - extend     what is unknown may be known with more points; a person is asked once there is no more time
 * - askPerson  what is unknown could change the outcome
 */
export type CanaryAction = 'pass' | 'continue' | 'fail' | 'extend' | 'askPerson';

export interface Judgement {
  readonly judge: string;
  /** 0..100; of signalbox-v1 the lowest that is possible: what is not known counts as failed. */
  readonly score: number;
  /** The highest that is possible. */
  readonly highestScore: number;
  readonly classification: JudgementLabel;
  readonly classificationReason: string | null;
  readonly action: CanaryAction;
  /** The outcome for a person. */
  readonly sentence: Message;
  readonly groupScores: readonly GroupScore[];
  readonly results: readonly MetricResult[];
}

export interface ScoreThresholds {
  readonly pass: number;
  readonly marginal: number;
}
