import { bulkhead } from 'cockatiel';
import type { OpenSource } from '@/server/analysis/open-source';
import { type PairedSeries, pairId, pairSeries } from '@/server/analysis/pairs';
import { problemOf } from '@/server/analysis/problem';
import type { AnalysisWindow, MetricMeasurement, ScopePair, ScopeSide } from '@/server/domain/analysis';
import type { CanaryConfig, CanaryMetric, MetricPair } from '@/server/domain/canary';
import { withNamedTemplate } from '@/server/metrics/named-template';
import { type Measurement, MetricsError } from '@/server/metrics/source';

/** More at once would rather wait in the source than be quicker. */
const AT_ONCE = 8;
/** What has not answered by then counts as not measured: a look must end before its lease of a minute. */
const PATIENCE_MS = 40_000;

export interface Measured {
  /** For the judge; NaN where there is no value. */
  readonly pairs: readonly MetricPair[];
  /** The same for people and for the record, with what was asked. */
  readonly measurements: readonly MetricMeasurement[];
}

export interface MeasureInput {
  readonly config: CanaryConfig;
  readonly source: OpenSource;
  readonly scopes: ScopePair;
  readonly window: AnalysisWindow;
  readonly signal: AbortSignal;
}

/**
 * Asks the source for every metric on both sides. Never throws for what a source does: a metric that could not be
 * measured says why, and the others are measured all the same.
 */
export async function measure(input: MeasureInput): Promise<Measured> {
  const limit = bulkhead(AT_ONCE, Number.MAX_SAFE_INTEGER);
  const signal = AbortSignal.any([input.signal, AbortSignal.timeout(PATIENCE_MS)]);
  const all = await Promise.all(
    input.config.metrics.map((metric) =>
      limit.execute(() => measureMetric({ ...input, signal }, metric), input.signal),
    ),
  );
  input.signal.throwIfAborted();
  return { pairs: all.flatMap((one) => one.pairs), measurements: all.flatMap((one) => one.measurements) };
}

async function measureMetric(input: MeasureInput, metric: CanaryMetric): Promise<Measured> {
  const query = queryOf(input, metric);
  if ('error' in query) return unmeasured(metric, query.error);
  const { baseline: left, canary: right } = input.scopes;
  const [baseline, canary] = await Promise.all([
    side(input, query.query, left),
    side(input, query.query, right),
  ]);
  const queries = { baseline: literal(baseline), canary: literal(canary) };
  if ('error' in baseline) return unmeasured(metric, baseline.error, queries);
  if ('error' in canary) return unmeasured(metric, canary.error, queries);
  const pairing = pairSeries(baseline.series, canary.series);
  if ('problem' in pairing) return unmeasured(metric, pairing.problem, queries);
  const warnings = [...new Set([...baseline.warnings, ...canary.warnings])];
  const paired = pairing.pairs.length > 0 ? pairing.pairs : [{ tags: {}, baseline: null, canary: null }];
  return {
    pairs: paired.map((pair) => toPair(metric, pair, input.window)),
    measurements: paired.map((pair) => toMeasurement(metric, pair, input.window, queries, warnings)),
  };
}

type Answer = Measurement | { readonly error: string };

async function side(input: MeasureInput, query: unknown, asked: ScopeSide): Promise<Answer> {
  const { source, scopes, window, signal } = input;
  const { scope, location } = asked;
  const extra = { ...scopes.extra, ...asked.extra };
  try {
    return await source.source.read(query, { scope, location, extra }, window, signal);
  } catch (error) {
    if (error instanceof MetricsError) return { error: error.message };
    if (signal.aborted)
      return { error: `The metrics source did not answer within ${PATIENCE_MS / 1_000} s.` };
    throw error;
  }
}

function literal(answer: Answer): string | null {
  return 'literalQuery' in answer ? answer.literalQuery : null;
}

function queryOf(
  { config, source }: MeasureInput,
  metric: CanaryMetric,
): { readonly query: unknown } | { readonly error: string } {
  const { kind, label, querySchema } = source.type;
  if (metric.query.type !== kind) {
    return { error: `The query is one of "${metric.query.type}", and the metrics source is ${label}.` };
  }
  try {
    const query = querySchema.safeParse(withNamedTemplate(metric.query, config.templates));
    return query.success ? { query: query.data } : { error: problemOf(query.error) };
  } catch (error) {
    if (error instanceof MetricsError) return { error: error.message };
    throw error;
  }
}

function toPair(
  { name }: CanaryMetric,
  { tags, baseline, canary }: PairedSeries,
  window: AnalysisWindow,
): MetricPair {
  return {
    name,
    id: pairId(name, tags),
    tags,
    control: onGrid(baseline?.values, window).map((value) => value ?? Number.NaN),
    experiment: onGrid(canary?.values, window).map((value) => value ?? Number.NaN),
  };
}

function toMeasurement(
  { name }: CanaryMetric,
  { tags, baseline, canary }: PairedSeries,
  window: AnalysisWindow,
  queries: MetricMeasurement['queries'],
  warnings: readonly string[],
): MetricMeasurement {
  const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null);
  const sides = {
    baseline: onGrid(baseline?.values, window),
    canary: onGrid(canary?.values, window),
  };
  const infinite = [...sides.baseline, ...sides.canary].filter(
    (value) => value !== null && !Number.isFinite(value),
  );
  return {
    name,
    id: pairId(name, tags),
    tags,
    queries,
    warnings:
      infinite.length > 0 ? [...warnings, `${infinite.length} values are infinite and not drawn.`] : warnings,
    baseline: sides.baseline.map(finite),
    canary: sides.canary.map(finite),
    error: null,
  };
}

/** One value for each point, whatever the source answered. */
function onGrid(values: readonly (number | null)[] = [], window: AnalysisWindow): (number | null)[] {
  const points = Math.round((window.endMs - window.startMs) / window.stepMs);
  return Array.from({ length: points }, (_, index) => values[index] ?? null);
}

function unmeasured(
  { name }: CanaryMetric,
  error: string,
  queries: MetricMeasurement['queries'] = { baseline: null, canary: null },
): Measured {
  const id = pairId(name, {});
  return {
    pairs: [{ name, id, tags: {}, experiment: [], control: [], error }],
    measurements: [{ name, id, tags: {}, queries, warnings: [], baseline: [], canary: [], error }],
  };
}
