import { z } from 'zod';
import type { Rendered } from '@/server/api/rest/render';
import { ANALYSIS_STATUSES, analysisOptionsSchema } from '@/server/domain/analysis';
import {
  canaryConfigSchema,
  JUDGEMENT_LABELS,
  METRIC_LABELS,
  METRIC_VERDICTS,
  metricKindSchema,
  unresolvedPolicySchema,
} from '@/server/domain/canary';
import type {
  AnalysisPage,
  AnalysisReport,
  CanaryConfigSummary,
  CanaryConfigView,
  MetricsSourceCheck,
  MetricsSourceView,
} from '@/server/domain/views/canary';

/** What the doors for machines answer about canaries. The types hold them to the views that the services return. */

const time = z.iso.datetime();
const strings = z.record(z.string(), z.string());

export const sourceSchema: z.ZodType<MetricsSourceView> = z.object({
  name: z.string(),
  kind: z.string(),
  label: z.string(),
  config: z.record(z.string(), z.unknown()),
  secrets: z.array(z.string()),
  usedBy: z.number(),
  updatedAt: time,
  updatedBy: z.string(),
});

export const sourceCheckSchema: z.ZodType<MetricsSourceCheck> = z.union([
  z.object({ ok: z.literal(true), milliseconds: z.number() }),
  z.object({
    ok: z.literal(false),
    kind: z.enum(['query', 'access', 'tooMuch', 'unavailable']),
    message: z.string(),
  }),
]);

const configShape = {
  application: z.string(),
  name: z.string(),
  source: z.string(),
  judge: z.string(),
  metrics: z.number(),
  isByVariant: z.boolean(),
  usedBy: z.array(z.string()),
  revision: z.number(),
  updatedAt: time,
  updatedBy: z.string(),
};
export const configSummarySchema: z.ZodType<CanaryConfigSummary> = z.object(configShape);
export const configSchema: z.ZodType<CanaryConfigView> = z.object({
  ...configShape,
  config: canaryConfigSchema,
});

export const savedConfigSchema = z.object({ name: z.string(), revision: z.number(), changed: z.boolean() });

const side = z.object({ scope: z.string(), location: z.string(), version: z.string().optional() });

const summaryShape = {
  id: z.uuid(),
  application: z.string(),
  environment: z.string().nullable(),
  executionId: z.uuid(),
  refId: z.string(),
  pipeline: z.string(),
  kind: z.enum(['realTime', 'retrospective']),
  configName: z.string(),
  source: z.string(),
  scopes: z.object({ baseline: side, canary: side, extra: strings }),
  status: z.enum(ANALYSIS_STATUSES),
  score: z.number().nullable(),
  classification: z.enum(JUDGEMENT_LABELS).nullable(),
  sentence: z.string().nullable(),
  looks: z.number(),
  plannedLooks: z.number(),
  nextLookAt: time.nullable(),
  startedAt: time,
  endedAt: time.nullable(),
};

export const analysisPageSchema: z.ZodType<Rendered<AnalysisPage>> = z.object({
  items: z.array(z.object(summaryShape)),
  nextCursor: z.string().nullable(),
});

const stats = z.object({
  count: z.number(),
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  std: z.number(),
});
const sample = z.object({
  expected: z.number(),
  used: z.number(),
  countedAsZero: z.number(),
  effective: z.number(),
});

const assessment = z.object({
  verdict: z.enum(METRIC_VERDICTS),
  kind: metricKindSchema,
  policy: unresolvedPolicySchema.nullable(),
  change: z.object({
    estimate: z.number().nullable(),
    lower: z.number().nullable(),
    upper: z.number().nullable(),
    confidence: z.number(),
  }),
  limit: z.object({ increase: z.number().nullable(), decrease: z.number().nullable() }),
  superiority: z.object({ estimate: z.number(), lower: z.number(), upper: z.number() }).nullable(),
  smallestDetectable: z.number().nullable(),
  pointsNeeded: z.number().nullable(),
  experiment: sample,
  control: sample,
  lowConfidence: z.boolean(),
});

const result = z.object({
  name: z.string(),
  id: z.string(),
  tags: strings,
  groups: z.array(z.string()),
  muted: z.boolean(),
  classification: z.enum(METRIC_LABELS),
  classificationReason: z.string().nullable(),
  critical: z.boolean(),
  experimentStats: stats,
  controlStats: stats,
  ratio: z.number().nullable(),
  sentence: z.string(),
  assessment: assessment.optional(),
});

const outcome = {
  score: z.number(),
  highestScore: z.number(),
  classification: z.enum(JUDGEMENT_LABELS),
  action: z.enum(['pass', 'continue', 'fail', 'extend', 'askPerson']),
  sentence: z.string(),
};

const judgement = z.object({
  judge: z.string(),
  ...outcome,
  classificationReason: z.string().nullable(),
  groupScores: z.array(z.object({ name: z.string(), score: z.number(), noData: z.boolean() })),
  results: z.array(result),
});

const values = z.array(z.number().nullable());
const measurement = z.object({
  name: z.string(),
  id: z.string(),
  tags: strings,
  queries: z.object({ baseline: z.string().nullable(), canary: z.string().nullable() }),
  warnings: z.array(z.string()),
  baseline: values,
  canary: values,
  error: z.string().nullable(),
});

const lookShape = {
  number: z.number(),
  startMs: z.number(),
  endMs: z.number(),
  stepMs: z.number(),
  judgedAt: time,
};

export const analysisReportSchema: z.ZodType<Rendered<AnalysisReport>> = z.object({
  ...summaryShape,
  config: canaryConfigSchema,
  options: analysisOptionsSchema,
  history: z.array(z.object({ ...lookShape, ...outcome })),
  shown: z.object({ ...lookShape, judgement, measurements: z.array(measurement).nullable() }).nullable(),
});
