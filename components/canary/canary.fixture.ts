import type { MetricAssessment, MetricResult } from '@/server/domain/canary';
import { message } from '@/server/domain/message';

const STATS = { count: 60, min: 1, max: 3, mean: 2, std: 0.5 };
const SAMPLE = { expected: 60, used: 60, countedAsZero: 0, effective: 40 };

/** A metric as signalbox-v1 judged it. */
export function assessment(change: Partial<MetricAssessment> = {}): MetricAssessment {
  return {
    verdict: 'pass',
    kind: 'gauge',
    policy: null,
    change: { estimate: 0.02, lower: -0.03, upper: 0.07, confidence: 0.98 },
    limit: { increase: 0.1, decrease: null },
    superiority: null,
    smallestDetectable: 0.08,
    pointsNeeded: 40,
    experiment: SAMPLE,
    control: SAMPLE,
    lowConfidence: false,
    ...change,
  };
}

export function metricResult(name: string, change: Partial<MetricResult> = {}): MetricResult {
  return {
    name,
    id: name,
    tags: {},
    groups: ['latency'],
    muted: false,
    classification: 'Pass',
    classificationReason: null,
    critical: false,
    experimentStats: STATS,
    controlStats: STATS,
    ratio: 1.02,
    sentence: message('canary.metric.alike', { metric: name }),
    assessment: assessment(),
    ...change,
  };
}

/** The same as the compatible judge says it: without an assessment. */
export function netflixResult(name: string, change: Partial<MetricResult> = {}): MetricResult {
  const { assessment: _assessment, ...rest } = metricResult(name, change);
  return rest;
}
