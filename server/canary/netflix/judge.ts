import { completePairs } from '@/server/canary/complete-pairs';
import type { Judge, JudgeInput } from '@/server/canary/judge';
import { classify } from '@/server/canary/netflix/classify';
import { judge as judgeScore, score } from '@/server/canary/netflix/score';
import { judgementSentence, metricSentence } from '@/server/canary/netflix/sentences';
import { transform } from '@/server/canary/netflix/transform';
import { describeFinite } from '@/server/canary/stats/describe-series';
import type {
  CanaryAction,
  CanaryConfig,
  Judgement,
  MetricPair,
  MetricResult,
  ScoreThresholds,
} from '@/server/domain/canary';

/**
 * Judges as Kayenta's NetflixACAJudge v1.0 does, its oddities included, so that what a configuration meant
 * there it means here.
 */
export const netflix: Judge = {
  name: 'netflix-aca-v1',
  label: 'Netflix ACA (compatible with Kayenta)',
  // The first is Kayenta's own name, the second that of its older samples.
  aliases: ['NetflixACAJudge-v1.0', 'dredd-v1.0'],
  judge: judgeAsNetflix,
};

function judgeAsNetflix({ config, thresholds, pairs, random }: JudgeInput): Judgement {
  const complete = completePairs(config, pairs);
  const results = complete.map((pair) => judgeMetric(config, pair, random));
  const summary = score(results, config.classifier.groupWeights);
  const measured = { judge: netflix.name, groupScores: summary.groupScores, results };
  const broken = results.find(
    ({ id, muted }) => !muted && complete.some((pair) => pair.id === id && pair.error),
  );
  if (broken) {
    // There no judgement is made at all when a query fails; a score of the rest would be none of theirs.
    return {
      ...measured,
      score: 0,
      highestScore: 100,
      classification: 'Inconclusive',
      classificationReason: broken.classificationReason,
      action: 'askPerson',
      sentence: broken.sentence,
    };
  }
  const classification = judgeScore(summary.score, thresholds);
  return {
    ...measured,
    score: summary.score,
    highestScore: summary.score,
    classification,
    classificationReason: summary.reason,
    action: actionOf(summary.score, thresholds),
    sentence: judgementSentence(results, classification === 'Pass'),
  };
}

/** A score that is just marginal fails at once, as in Orca's stage; one above it may still become better. */
function actionOf(value: number, { pass, marginal }: ScoreThresholds): CanaryAction {
  if (value >= pass) return 'pass';
  return value > marginal ? 'continue' : 'fail';
}

function judgeMetric(config: CanaryConfig, pair: MetricPair, random?: () => number): MetricResult {
  const metric = config.metrics.find(({ name }) => name === pair.name);
  const analysis = metric?.analysisConfigurations.canary ?? {};
  const experiment = transform(pair.experiment, analysis);
  const control = transform(pair.control, analysis);
  const { label, reason, ratio, critical } =
    pair.error === undefined
      ? classify(experiment, control, analysis, random)
      : ({ label: 'Error', reason: pair.error, ratio: null, critical: false } as const);
  return {
    name: pair.name,
    id: pair.id,
    tags: pair.tags,
    groups: metric?.groups ?? [],
    muted: analysis.muted === true,
    classification: label,
    classificationReason: reason,
    critical,
    experimentStats: describeFinite(experiment),
    controlStats: describeFinite(control),
    ratio,
    sentence: metricSentence(pair, label, ratio),
  };
}
