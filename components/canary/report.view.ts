import { byGravity, verdictOf } from '@/components/canary/verdict.view';
import type { AnalysisWindow, MetricMeasurement } from '@/server/domain/analysis';
import {
  type CanaryConfig,
  type Judgement,
  METRIC_VERDICTS,
  type MetricResult,
  type MetricVerdict,
} from '@/server/domain/canary';
import type { LookView } from '@/server/domain/views/canary';

/** More places for looks to come would only say "many". */
const LOOKS_AHEAD = 24;

/** How many looks are still to come, for the strip; none once the analysis has ended. */
export function looksAhead(analysis: {
  readonly endedAt: string | null;
  readonly looks: number;
  readonly plannedLooks: number;
}): number {
  if (analysis.endedAt !== null) return 0;
  return Math.min(LOOKS_AHEAD, Math.max(0, analysis.plannedLooks - analysis.looks));
}

/** The series to draw for a look and the grid that they stand on, which may reach beyond the look's own window. */
export interface DrawnSeries {
  readonly grid: AnalysisWindow;
  readonly byId: ReadonlyMap<string, MetricMeasurement>;
}

/** Those of the first look that has kept its points; null when none has. */
export function seriesFor(looks: readonly (LookView | null | undefined)[]): DrawnSeries | null {
  const holder = looks.find((look) => look?.measurements != null);
  if (!holder?.measurements) return null;
  const { startMs, endMs, stepMs } = holder;
  return {
    grid: { startMs, endMs, stepMs },
    byId: new Map(holder.measurements.map((measurement) => [measurement.id, measurement])),
  };
}

export interface GroupRow {
  readonly name: string;
  /** 0..100 */
  readonly score: number;
  readonly noData: boolean;
  /** Of the whole score: 0..1. */
  readonly weight: number;
  readonly metrics: number;
  readonly failed: number;
}

/** As the judge signalbox-v1 names the group of metrics without one. */
const UNGROUPED = 'ungrouped';

const groupsOf = ({ groups }: Pick<MetricResult, 'groups'>) => (groups.length > 0 ? groups : [UNGROUPED]);

/** The judge's groups with their part of the score: given weights first, the rest shared by those without one. */
export function groupRows({ groupScores, results }: Judgement, config: CanaryConfig): GroupRow[] {
  const weights = config.classifier.groupWeights;
  const given = groupScores.flatMap(({ name }) => {
    const weight = Object.hasOwn(weights, name) ? weights[name] : undefined;
    return weight === undefined ? [] : [Math.max(0, weight)];
  });
  const sum = given.reduce((total, weight) => total + weight, 0);
  const others = groupScores.length - given.length;
  const share = others === 0 ? 0 : sum < 100 ? (100 - sum) / others : sum / Math.max(1, given.length);
  const weightOf = (name: string) => (Object.hasOwn(weights, name) ? Math.max(0, weights[name] ?? 0) : share);
  const total = groupScores.reduce((all, { name }) => all + weightOf(name), 0);
  return groupScores.map(({ name, score, noData }) => {
    const own = results.filter((result) => !result.muted && groupsOf(result).includes(name));
    return {
      name,
      score,
      noData,
      weight: total === 0 ? 0 : weightOf(name) / total,
      metrics: own.length,
      failed: own.filter((result) => verdictOf(result) === 'fail').length,
    };
  });
}

export interface MetricFilter {
  readonly group: string | null;
  readonly verdict: MetricVerdict | null;
  readonly name: string;
}

/** What is left of the metrics, gravest first. */
export function filteredResults(
  results: readonly MetricResult[],
  { group, verdict, name }: MetricFilter,
): MetricResult[] {
  const wanted = name.trim().toLowerCase();
  return byGravity(results).filter(
    (result) =>
      (group === null || groupsOf(result).includes(group)) &&
      (verdict === null || verdictOf(result) === verdict) &&
      result.id.toLowerCase().includes(wanted),
  );
}

/** Groups that metrics are in, in the order in which they come. */
export function groupNames(results: readonly MetricResult[]): string[] {
  return [...new Set(results.flatMap(groupsOf))];
}

/** How many metrics have each verdict, verdicts of none left out. */
export function verdictCounts(results: readonly MetricResult[]): { verdict: MetricVerdict; count: number }[] {
  return METRIC_VERDICTS.map((verdict) => ({
    verdict,
    count: results.filter((result) => verdictOf(result) === verdict).length,
  })).filter(({ count }) => count > 0);
}

/** Up to so many metrics are open when the page opens. */
const OPEN_AT_FIRST = 3;

/** The metrics that decided are open at once; of a report in which all is well only the first. */
export function openAtFirst(results: readonly MetricResult[]): ReadonlySet<string> {
  const sorted = byGravity(results);
  const grave = sorted.filter((result) => !result.muted && verdictOf(result) !== 'pass');
  const open = grave.length > 0 ? grave.slice(0, OPEN_AT_FIRST) : sorted.slice(0, 1);
  return new Set(open.map(({ id }) => id));
}

/** The gravest metrics, for places with little room. */
export function worst(results: readonly MetricResult[], most: number): MetricResult[] {
  return byGravity(results.filter(({ muted }) => !muted)).slice(0, most);
}
