import { type Place, placeIn, positionOf, scanJson } from '@/components/editor/json-places.view';
import {
  type CanaryConfig,
  type CanaryMetric,
  canaryConfigSchema,
  type MetricAnalysis,
  type ScoreThresholds,
  type UnresolvedPolicies,
} from '@/server/domain/canary';
import { pipelineNameSchema } from '@/server/domain/pipeline';

/** Judge of a new configuration. */
export const USUAL_JUDGE = 'signalbox-v1';
/** Scores to pass and to be marginal where a configuration says none; those of the stage. */
export const USUAL_THRESHOLDS: ScoreThresholds = { pass: 95, marginal: 75 };

/** A configuration to begin with. */
export function newConfig(
  name: string,
  application: string,
  metrics: readonly CanaryMetric[] = [],
): CanaryConfig {
  const config: CanaryConfig = {
    name,
    configVersion: '1',
    applications: [application],
    judge: { name: USUAL_JUDGE, judgeConfigurations: {} },
    metrics: [],
    templates: {},
    classifier: { groupWeights: {}, scoreThresholds: { ...USUAL_THRESHOLDS } },
  };
  return spreadWeights(addMetrics(config, metrics));
}

/** Name of the first source that most of the metrics can be asked of as they are; null when there is none. */
export function sourceFor(
  { metrics }: CanaryConfig,
  sources: readonly { readonly name: string; readonly kind: string }[],
): string | null {
  const fitting = ({ kind }: { readonly kind: string }) =>
    metrics.filter(({ query }) => query.type === kind).length;
  const most = Math.max(0, ...sources.map(fitting));
  return most === 0 ? null : (sources.find((source) => fitting(source) === most)?.name ?? null);
}

/** Whether a configuration can be reached under a name; `new` is the address of the page for new ones. */
export function isName(name: string): boolean {
  return name !== 'new' && pipelineNameSchema.safeParse(name).success;
}

export function analysisOf(metric: CanaryMetric): MetricAnalysis {
  return metric.analysisConfigurations.canary ?? {};
}

/** An object without the fields that are undefined: the text of a configuration shows what was said and no more. */
function said<Fields extends object>(fields: Fields): Fields {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  // Only fields that may be left out are ever set to undefined.
  return Object.fromEntries(kept) as Fields;
}

export function withMetric(config: CanaryConfig, index: number, metric: CanaryMetric): CanaryConfig {
  return { ...config, metrics: config.metrics.with(index, said(metric)) };
}

/** A metric under another name; ratios that name it as their traffic follow. */
export function renameMetric(config: CanaryConfig, index: number, name: string): CanaryConfig {
  const before = config.metrics[index]?.name;
  const metrics = config.metrics.map((metric, at) => {
    if (at === index) return { ...metric, name };
    return metric.traffic === before && before !== undefined ? { ...metric, traffic: name } : metric;
  });
  return { ...config, metrics };
}

export function withAnalysis(metric: CanaryMetric, change: Partial<MetricAnalysis>): CanaryMetric {
  const canary = said({ ...analysisOf(metric), ...change });
  return { ...metric, analysisConfigurations: { ...metric.analysisConfigurations, canary } };
}

export function withEffect(
  metric: CanaryMetric,
  change: Partial<NonNullable<MetricAnalysis['effectSize']>>,
): CanaryMetric {
  const effectSize = said({ ...analysisOf(metric).effectSize, ...change });
  return withAnalysis(metric, {
    effectSize: Object.keys(effectSize).length > 0 ? effectSize : undefined,
  });
}

export function policiesOf(config: CanaryConfig): UnresolvedPolicies {
  return config.judge?.judgeConfigurations ?? {};
}

export function withPolicies(config: CanaryConfig, change: UnresolvedPolicies): CanaryConfig {
  const judge = config.judge ?? { name: USUAL_JUDGE };
  const judgeConfigurations = said({ ...policiesOf(config), ...change });
  return { ...config, judge: { ...judge, judgeConfigurations } };
}

export function thresholdsOf(config: CanaryConfig): ScoreThresholds {
  return config.classifier.scoreThresholds ?? USUAL_THRESHOLDS;
}

export function withThresholds(config: CanaryConfig, change: Partial<ScoreThresholds>): CanaryConfig {
  const scoreThresholds = { ...thresholdsOf(config), ...change };
  return { ...config, classifier: { ...config.classifier, scoreThresholds } };
}

/** The name itself, or with the first number behind it that is free. */
export function freeName(used: readonly string[], name: string): string {
  if (!used.includes(name)) return name;
  let count = 2;
  while (used.includes(`${name} ${count}`)) count += 1;
  return `${name} ${count}`;
}

/** Adds metrics at the end, under names that are not taken yet. */
export function addMetrics(config: CanaryConfig, metrics: readonly CanaryMetric[]): CanaryConfig {
  const used = config.metrics.map(({ name }) => name);
  const renamed = new Map<string, string>();
  for (const { name } of metrics) {
    const free = freeName(used, name);
    used.push(free);
    renamed.set(name, free);
  }
  const added = metrics.map((metric) =>
    said({
      ...metric,
      name: renamed.get(metric.name) ?? metric.name,
      // A ratio goes on meaning the traffic that came along with it.
      traffic: metric.traffic === undefined ? undefined : (renamed.get(metric.traffic) ?? metric.traffic),
    }),
  );
  return { ...config, metrics: [...config.metrics, ...added] };
}

/** A metric of which nothing is said yet but how its source is asked. */
export function emptyMetric(name: string, kind: string): CanaryMetric {
  return {
    name,
    query: { type: kind },
    groups: [],
    analysisConfigurations: { canary: { direction: 'increase' } },
    scopeName: 'default',
  };
}

export function duplicateMetric(config: CanaryConfig, index: number): CanaryConfig {
  const metric = config.metrics[index];
  if (!metric) return config;
  const name = freeName(
    config.metrics.map((one) => one.name),
    metric.name,
  );
  return { ...config, metrics: config.metrics.toSpliced(index + 1, 0, { ...metric, name }) };
}

/** Puts a metric that was taken out back where it was, as far as that place is still there. */
export function restoreMetric(config: CanaryConfig, index: number, metric: CanaryMetric): CanaryConfig {
  const name = freeName(
    config.metrics.map((one) => one.name),
    metric.name,
  );
  return { ...config, metrics: config.metrics.toSpliced(index, 0, { ...metric, name }) };
}

export function removeMetric(config: CanaryConfig, index: number): CanaryConfig {
  return { ...config, metrics: config.metrics.toSpliced(index, 1) };
}

export function moveMetric(config: CanaryConfig, from: number, to: number): CanaryConfig {
  const metric = config.metrics[from];
  if (!metric || to < 0 || to >= config.metrics.length) return config;
  return { ...config, metrics: config.metrics.toSpliced(from, 1).toSpliced(to, 0, metric) };
}

export interface GroupRow {
  readonly name: string;
  /** How many of its metrics count for the score. */
  readonly counted: number;
  readonly muted: number;
  /** Null where none is given. */
  readonly weight: number | null;
}

/** The groups that metrics are in, and those that only have a weight. */
export function groupRows(config: CanaryConfig): readonly GroupRow[] {
  const { groupWeights } = config.classifier;
  const names = new Set([...config.metrics.flatMap(({ groups }) => groups), ...Object.keys(groupWeights)]);
  return [...names].map((name) => {
    const metrics = config.metrics.filter(({ groups }) => groups.includes(name));
    const muted = metrics.filter((metric) => analysisOf(metric).muted === true).length;
    const weight = Object.hasOwn(groupWeights, name) ? (groupWeights[name] ?? 0) : null;
    return { name, counted: metrics.length - muted, muted, weight };
  });
}

/** Whether every given weight is there and all of them are a hundred: what people mean by weights. */
export function weightSum(config: CanaryConfig): number {
  return Object.values(config.classifier.groupWeights).reduce((sum, weight) => sum + weight, 0);
}

/** Undefined takes the weight away. */
export function withWeight(config: CanaryConfig, group: string, weight: number | undefined): CanaryConfig {
  const { [group]: _before, ...others } = config.classifier.groupWeights;
  const groupWeights = weight === undefined ? others : { ...config.classifier.groupWeights, [group]: weight };
  return { ...config, classifier: { ...config.classifier, groupWeights } };
}

/** The same weight for every group that counts, together a hundred; groups without metrics lose theirs. */
export function spreadWeights(config: CanaryConfig): CanaryConfig {
  const groups = groupRows(config).filter(({ counted }) => counted > 0);
  const each = Math.floor(100 / groups.length);
  const groupWeights = Object.fromEntries(
    groups.map(({ name }, index) => [name, index === 0 ? 100 - each * (groups.length - 1) : each]),
  );
  return { ...config, classifier: { ...config.classifier, groupWeights } };
}

/** Names of groups as they are typed into one field. */
export function readGroups(text: string): string[] {
  return [
    ...new Set(
      text
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    ),
  ];
}

export function configText(config: CanaryConfig): string {
  return JSON.stringify(config, null, 2);
}

export interface TextProblem extends Place {
  readonly line: number;
  readonly column: number;
  /** Dotted; null when the text is not JSON at all. */
  readonly path: string | null;
  /** Null when the text is not JSON at all. */
  readonly message: string | null;
}

export type ReadConfig =
  | { readonly config: CanaryConfig; readonly problems: readonly [] }
  | { readonly config: null; readonly problems: readonly TextProblem[] };

/** Reads what someone typed or pasted: the JSON of Kayenta, or ours, which is the same with more in it. */
export function readConfig(text: string): ReadConfig {
  const scan = scanJson(text);
  if (!scan.ok) {
    const place = { from: scan.at, to: Math.min(scan.at + 1, text.length) };
    const problem = { ...place, ...positionOf(text, scan.at), path: null, message: null };
    return { config: null, problems: [problem] };
  }
  const read = canaryConfigSchema.safeParse(JSON.parse(text));
  if (read.success) return { config: read.data, problems: [] };
  const problems = read.error.issues.map((issue) => {
    const path = issue.path.map(String).join('.');
    const place = placeIn(scan.places, path);
    return { ...place, ...positionOf(text, place.from), path, message: issue.message };
  });
  return { config: null, problems };
}

/** The text of a configuration with its fields in one order: the database keeps them in one of its own. */
export function comparableText(config: CanaryConfig): string {
  return JSON.stringify(sorted(config), null, 2);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, own]) => [key, sorted(own)]));
}
