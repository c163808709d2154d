import { completePairs } from '@/server/canary/complete-pairs';
import type { Judge, JudgeInput } from '@/server/canary/judge';
import { assess, type Finding } from '@/server/canary/signalbox/assess';
import { type Critical, criticalFor } from '@/server/canary/signalbox/critical';
import { policyFor } from '@/server/canary/signalbox/policy';
import { decide } from '@/server/canary/signalbox/score';
import { metricSentence, outcomeSentence } from '@/server/canary/signalbox/sentences';
import { kindOf, type MetricOf, sidesOf } from '@/server/canary/signalbox/sides';
import { describeFinite } from '@/server/canary/stats/describe-series';
import { meanRatio } from '@/server/canary/stats/mean-ratio';
import type {
  CanaryConfig,
  Judgement,
  MetricAnalysis,
  MetricAssessment,
  MetricLabel,
  MetricPair,
  MetricResult,
} from '@/server/domain/canary';

/**
 * The default judge: how much each metric changed, how sure that is, and what could not be told. Looking often makes
 * no more false alarms, the metric's unit makes no difference, and nothing passes because it was not measured.
 */
export const signalbox: Judge = {
  name: 'signalbox-v1',
  label: 'Signalbox',
  aliases: [],
  judge: judgeAsSignalbox,
};

function judgeAsSignalbox(input: JudgeInput): Judgement {
  const { config, thresholds } = input;
  const pairs = completePairs(config, input.pairs);
  const metrics = new Map(config.metrics.map((metric) => [metric.name, metric]));
  const metricOf: MetricOf = ({ name }) => metrics.get(name);
  const seen = pairs.reduce((most, one) => Math.max(most, one.experiment.length, one.control.length), 0);
  const critical = criticalFor(seen, input.looks);
  const results = pairs.map((pair) => judgeMetric(pair, pairs, metricOf, config, critical));
  const outcome = decide(results, config.classifier.groupWeights, thresholds);
  return {
    judge: signalbox.name,
    score: outcome.score,
    highestScore: outcome.highestScore,
    classification: outcome.classification,
    classificationReason: outcome.decidedBy?.name ?? null,
    action: outcome.action,
    sentence: outcomeSentence(outcome, results),
    groupScores: outcome.groupScores,
    results,
  };
}

function judgeMetric(
  pair: MetricPair,
  pairs: readonly MetricPair[],
  metricOf: MetricOf,
  config: CanaryConfig,
  critical: Critical,
): MetricResult {
  const metric = metricOf(pair);
  const analysis = metric?.analysisConfigurations.canary ?? {};
  const sides = sidesOf(pair, pairs, metricOf);
  const assessed = assess(sides, kindOf(metric), analysis, critical);
  const finding: Finding = pair.error === undefined ? assessed : { ...assessed, verdict: 'error' };
  const { obstacle: _obstacle, direction: _direction, ...told } = finding;
  const policy = policyFor(finding.verdict, analysis, config);
  const ratio = meanRatio(sides.canary.values, sides.baseline.values);
  return {
    name: pair.name,
    id: pair.id,
    tags: pair.tags,
    groups: metric?.groups ?? [],
    muted: analysis.muted === true,
    classification: labelOf(finding, policy),
    classificationReason: finding.obstacle,
    critical: isCritical(finding, analysis),
    experimentStats: describeFinite(sides.canary.values),
    controlStats: describeFinite(sides.baseline.values),
    ratio: Number.isFinite(ratio) ? ratio : null,
    sentence: metricSentence(pair, finding),
    assessment: { ...told, policy },
  };
}

/** The nearest of Kayenta's words. */
function labelOf({ verdict, direction }: Finding, policy: MetricAssessment['policy']): MetricLabel {
  switch (verdict) {
    case 'pass':
      return 'Pass';
    case 'fail':
      return direction === 'decrease' ? 'Low' : 'High';
    case 'inconclusive':
      return 'Inconclusive';
    case 'noData':
      return policy === 'fail' ? 'NodataFailMetric' : 'Nodata';
    case 'error':
      return 'Error';
    default:
      return verdict satisfies never;
  }
}

/** A failure that is as large as that, and whatever is not known of a critical metric. */
function isCritical({ verdict, direction, change, superiority }: Finding, analysis: MetricAnalysis): boolean {
  if (analysis.critical !== true || verdict === 'pass') return false;
  if (verdict !== 'fail') return true;
  const { criticalIncrease, criticalDecrease } = analysis.effectSize ?? {};
  const size = superiority?.estimate ?? 1 + (change.estimate ?? Number.POSITIVE_INFINITY);
  return direction === 'decrease'
    ? criticalDecrease === undefined || size <= criticalDecrease
    : criticalIncrease === undefined || size >= criticalIncrease;
}
