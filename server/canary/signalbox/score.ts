import type {
  CanaryAction,
  GroupScore,
  JudgementLabel,
  MetricResult,
  ScoreThresholds,
} from '@/server/domain/canary';

/** Metrics without a group are scored in this one; left out they would be judged for nothing. */
export const UNGROUPED = 'ungrouped';

export interface Outcome {
  readonly score: number;
  readonly highestScore: number;
  readonly classification: JudgementLabel;
  readonly action: CanaryAction;
  readonly groupScores: readonly GroupScore[];
  /** The metric that decided, if one did. */
  readonly decidedBy: MetricResult | null;
}

/** What a metric counts as. */
type Standing = 'passed' | 'failed' | 'open';

/**
 * The score of what is known, as an interval: metrics without verdict, and without a policy that stands in for one,
 * count as failed for the lowest and as passed for the highest. As long as they could change the outcome there is none.
 */
export function decide(
  all: readonly MetricResult[],
  weights: Readonly<Record<string, number>>,
  thresholds: ScoreThresholds,
): Outcome {
  const results = all.filter(({ muted }) => !muted);
  const groupScores = scoresOf(results, false);
  const score = weighted(groupScores, weights);
  const highestScore = weighted(scoresOf(results, true), weights);
  const figures = { score, highestScore, groupScores };
  const failed =
    results.find(failsAlone) ?? results.find((result) => standingOf(result) === 'failed') ?? null;
  if (results.some(failsAlone))
    return {
      ...figures,
      score: 0,
      highestScore: 0,
      classification: 'Fail',
      action: 'fail',
      decidedBy: failed,
    };
  const best = standOf(highestScore, thresholds);
  if (results.length > 0 && best.action === 'fail') return { ...figures, ...best, decidedBy: failed };
  const open = openThatMatters(results, score, thresholds);
  if (open || results.length === 0) {
    const action = open?.assessment?.policy === 'extend' ? 'extend' : 'askPerson';
    return { ...figures, classification: 'Inconclusive', action, decidedBy: open };
  }
  const stand = standOf(score, thresholds);
  return { ...figures, ...stand, decidedBy: stand.action === 'pass' ? null : failed };
}

/**
 * A metric without verdict that could change the outcome; one that a person must look at before one that only needs
 * more points. Where the score would do even if all of them were bad none does, unless it is critical.
 */
function openThatMatters(
  results: readonly MetricResult[],
  lowest: number,
  { pass }: ScoreThresholds,
): MetricResult | null {
  const open = results.filter((result) => standingOf(result) === 'open');
  if (lowest >= pass && !open.some(({ critical }) => critical)) return null;
  return open.find(({ assessment }) => assessment?.policy !== 'extend') ?? open[0] ?? null;
}

/** A score that is just marginal fails, as it does in Orca's stage. */
function standOf(
  score: number,
  { pass, marginal }: ScoreThresholds,
): { classification: JudgementLabel; action: CanaryAction } {
  if (score >= pass) return { classification: 'Pass', action: 'pass' };
  if (score > marginal) return { classification: 'Marginal', action: 'continue' };
  return { classification: score < marginal ? 'Fail' : 'Marginal', action: 'fail' };
}

function standingOf({ assessment }: MetricResult): Standing {
  if (assessment?.verdict === 'pass' || assessment?.policy === 'pass') return 'passed';
  return assessment?.verdict === 'fail' || assessment?.policy === 'fail' ? 'failed' : 'open';
}

function failsAlone(result: MetricResult): boolean {
  return result.critical && standingOf(result) === 'failed';
}

function scoresOf(results: readonly MetricResult[], openPass: boolean): GroupScore[] {
  const groups = new Map<string, Standing[]>();
  for (const result of results) {
    for (const name of result.groups.length > 0 ? result.groups : [UNGROUPED])
      groups.set(name, [...(groups.get(name) ?? []), standingOf(result)]);
  }
  return [...groups].map(([name, standings]) => {
    const passed = standings.filter((one) => one === 'passed' || (openPass && one === 'open')).length;
    const noData = standings.every((one) => one === 'open');
    return { name, score: (100 * passed) / standings.length, noData };
  });
}

/**
 * The weights are made to be 100 for the groups that there are. One without a weight has its part of what the others
 * leave, or as much as they have in the mean when they leave nothing: no group goes without.
 */
function weighted(groups: readonly GroupScore[], weights: Readonly<Record<string, number>>): number {
  const given = groups.flatMap(({ name }) => (Object.hasOwn(weights, name) ? [weights[name] ?? 0] : []));
  const sum = given.reduce((total, weight) => total + Math.max(0, weight), 0);
  const without = groups.length - given.length;
  const rest = sum < 100 ? (100 - sum) / without : sum / given.length;
  let [total, points] = [0, 0];
  for (const { name, score } of groups) {
    const weight = Object.hasOwn(weights, name) ? Math.max(0, weights[name] ?? 0) : rest;
    total += weight;
    points += weight * score;
  }
  return total > 0 ? Math.round((100 * points) / total) / 100 : 0;
}
