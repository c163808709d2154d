import { classify } from '@/server/canary/netflix/classify';
import { judge as judgeScore, score } from '@/server/canary/netflix/score';
import { transform } from '@/server/canary/netflix/transform';
import { describeSeries } from '@/server/canary/stats/describe-series';
import type {
  CanaryConfig,
  Judgement,
  MetricPair,
  MetricResult,
  ScoreThresholds,
} from '@/server/domain/canary';

export const NETFLIX_JUDGE = 'netflix-aca-v1';

/**
 * Judges as Kayenta's NetflixACAJudge v1.0 does, its oddities included, so that what a configuration meant
 * there it means here.
 * @param pairs one for each metric and set of tags, by the metric's name.
 */
export function judgeAsNetflix(
  config: CanaryConfig,
  thresholds: ScoreThresholds,
  pairs: readonly MetricPair[],
  random?: () => number,
): Judgement {
  const results = pairs.map((pair) => judgeMetric(config, pair, random));
  const summary = score(results, config.classifier.groupWeights);
  return {
    judge: NETFLIX_JUDGE,
    score: summary.score,
    classification: judgeScore(summary.score, thresholds),
    classificationReason: summary.reason,
    groupScores: summary.groupScores,
    results,
  };
}

function judgeMetric(config: CanaryConfig, pair: MetricPair, random?: () => number): MetricResult {
  const metric = config.metrics.find(({ name }) => name === pair.name);
  const analysis = metric?.analysisConfigurations.canary ?? {};
  const experiment = transform(pair.experiment, analysis);
  const control = transform(pair.control, analysis);
  const { label, reason, ratio, critical } = classify(experiment, control, analysis, random);
  return {
    name: pair.name,
    id: pair.id,
    tags: pair.tags,
    groups: metric?.groups ?? [],
    muted: analysis.muted === true,
    classification: label,
    classificationReason: reason,
    critical,
    experimentStats: describeSeries(experiment),
    controlStats: describeSeries(control),
    ratio,
  };
}
