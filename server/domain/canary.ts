import { z } from 'zod';

/**
 * Canary configuration and report, in the words of Kayenta: a configuration of Kayenta is read unchanged, and what it
 * does not know here is kept. Source: the JSON of Kayenta's canary configuration, version 1.
 */

const number = z.number();

export const effectSizeSchema = z.looseObject({
  measure: z.string().optional(),
  allowedIncrease: number.optional(),
  allowedDecrease: number.optional(),
  criticalIncrease: number.optional(),
  criticalDecrease: number.optional(),
});

export const metricAnalysisSchema = z.looseObject({
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

export const canaryMetricSchema = z.looseObject({
  name: z.string().min(1),
  /** What is asked of the metrics source; its shape is the source's own. */
  query: z.looseObject({ type: z.string() }),
  groups: z.array(z.string()).default([]),
  analysisConfigurations: z.looseObject({ canary: metricAnalysisSchema.optional() }).default({}),
  scopeName: z.string().optional(),
});
export type CanaryMetric = z.infer<typeof canaryMetricSchema>;

export const canaryConfigSchema = z.looseObject({
  name: z.string().min(1),
  description: z.string().optional(),
  configVersion: z.string().optional(),
  applications: z.array(z.string()).default([]),
  judge: z.looseObject({ name: z.string(), judgeConfigurations: z.looseObject({}).optional() }).optional(),
  metrics: z.array(canaryMetricSchema).min(1),
  templates: z.record(z.string(), z.string()).default({}),
  classifier: z
    .looseObject({
      groupWeights: z.record(z.string(), number).default({}),
      scoreThresholds: z.looseObject({ pass: number, marginal: number }).optional(),
    })
    .default({ groupWeights: {} }),
});
export type CanaryConfig = z.infer<typeof canaryConfigSchema>;

/** Values of one metric on both sides, at the same tags; NaN where there was none. */
export interface MetricPair {
  readonly name: string;
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly experiment: readonly number[];
  readonly control: readonly number[];
}

export interface SeriesStats {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly std: number;
}

export const METRIC_LABELS = ['Pass', 'High', 'Low', 'Nodata', 'NodataFailMetric', 'Error'] as const;
export type MetricLabel = (typeof METRIC_LABELS)[number];

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
}

export interface GroupScore {
  readonly name: string;
  readonly score: number;
  readonly noData: boolean;
}

export interface Judgement {
  readonly judge: string;
  readonly score: number;
  readonly classification: 'Pass' | 'Marginal' | 'Fail';
  readonly classificationReason: string | null;
  readonly groupScores: readonly GroupScore[];
  readonly results: readonly MetricResult[];
}

export interface ScoreThresholds {
  readonly pass: number;
  readonly marginal: number;
}
