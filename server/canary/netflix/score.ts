import type { GroupScore, MetricResult, ScoreThresholds } from '@/server/domain/canary';

export interface Summary {
  readonly score: number;
  readonly reason: string | null;
  readonly groupScores: readonly GroupScore[];
}

/** From so many percent of metrics without data on, nothing is known. */
const TOO_FEW = 50;

/**
 * Scores of the groups and of the whole, 0..100. Muted metrics and those without data or in error count in
 * no group; a group that has none left counts as if it had passed.
 */
export function score(all: readonly MetricResult[], weights: Readonly<Record<string, number>>): Summary {
  const results = all.filter(({ muted }) => !muted);
  const groupScores = groupsOf(results).map((name) => scoreGroup(name, results));
  const failed = results.find(({ critical, classification }) => critical && classification !== 'Pass');
  if (failed) {
    return { score: 0, reason: `Canary Failed: ${failed.classificationReason ?? failed.name}`, groupScores };
  }
  const missing = results.filter(({ classification }) => classification === 'Nodata').length;
  if ((100 * missing) / results.length >= TOO_FEW)
    return { score: 0, reason: `${TOO_FEW} % of the metrics or more have no data`, groupScores };
  return { score: weighted(groupScores, weights), reason: null, groupScores };
}

function groupsOf(results: readonly MetricResult[]): string[] {
  return [...new Set(results.flatMap(({ groups }) => groups))];
}

function scoreGroup(name: string, results: readonly MetricResult[]): GroupScore {
  const counted = results.filter(
    ({ groups, classification }) =>
      groups.includes(name) && classification !== 'Nodata' && classification !== 'Error',
  );
  if (counted.length === 0) return { name, score: 0, noData: true };
  const passed = counted.filter(({ classification }) => classification === 'Pass').length;
  return { name, score: (100 * passed) / counted.length, noData: false };
}

/** Groups without a weight share what the given weights leave of 100; nothing is normalised. */
function weighted(groups: readonly GroupScore[], weights: Readonly<Record<string, number>>): number {
  const given = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const unweighted = groups.filter(({ name }) => !Object.hasOwn(weights, name)).length;
  const rest = unweighted > 0 ? (100 - given) / unweighted : 0;
  const total = groups.reduce((sum, { name, score: own, noData }) => {
    return sum + ((noData ? 100 : own) * (Object.hasOwn(weights, name) ? (weights[name] ?? 0) : rest)) / 100;
  }, 0);
  return roundHalfUp(total);
}

/** Two decimals, halves away from zero. */
function roundHalfUp(value: number): number {
  const size = Math.abs(value);
  // Smaller ones are written with an exponent, which does not take a second one.
  if (size < 1e-6) return 0;
  // The nearest decimal first, so that 1.005 is what it says.
  return Math.sign(value) * Number(`${Math.round(Number(`${size}e2`))}e-2`);
}

export function judge(value: number, { pass, marginal }: ScoreThresholds): 'Pass' | 'Marginal' | 'Fail' {
  if (value >= pass) return 'Pass';
  return value >= marginal ? 'Marginal' : 'Fail';
}
