import type { MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { RESULT_ID } from '@/server/metrics/cloudwatch/query';
import { type Grid, type MeasuredSeries, MetricsError } from '@/server/metrics/source';

/** Each is judged by itself: more come from a forgotten aggregation. */
const MAX_SERIES = 500;

/** How the results of an expression are told apart. */
export interface Telling {
  readonly isExpression: boolean;
  /** Stands in labels, and would keep the two sides of a comparison apart. */
  readonly scope: string;
}

/** Joins the pages of an answer into series on the whole grid. */
export class ResultsOnGrid {
  readonly #grid: Grid;
  readonly #points: number;
  readonly #telling: Telling;
  readonly #series = new Map<string, (number | null)[]>();

  constructor(grid: Grid, points: number, telling: Telling) {
    this.#grid = grid;
    this.#points = points;
    this.#telling = telling;
  }

  /** @throws MetricsError `tooMuch` for more series than allowed, `access` for what CloudWatch does not answer. */
  add(results: readonly MetricDataResult[]): void {
    for (const result of results) {
      const { Timestamps: stamps = [], Values: values = [] } = result;
      if (stamps.length !== values.length) throw strange('has other numbers of times and of values');
      // What has no data has an empty result in CloudWatch; here it is no series, as in every source.
      if (stamps.length === 0) continue;
      const into = this.#valuesOf(this.#nameOf(result));
      for (const [index, stamp] of stamps.entries()) into[this.#indexOf(stamp)] = numberOf(values[index]);
    }
  }

  /** Ordered by their labels, so that the same measurements are the same answer. */
  all(): MeasuredSeries[] {
    return [...this.#series]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([label, values]): MeasuredSeries => ({ tags: label === '' ? {} : { label }, values }));
  }

  /** The same on both sides, or '' where there is nothing to tell apart. */
  #nameOf({ Label: label = '' }: MetricDataResult): string {
    const { isExpression, scope } = this.#telling;
    // CloudWatch labels a plain expression with its id, a metric with its name.
    if (!isExpression || label === RESULT_ID) return '';
    return scope === '' ? label : label.replaceAll(scope, '${scope}');
  }

  #valuesOf(name: string): (number | null)[] {
    const known = this.#series.get(name);
    if (known) return known;
    if (this.#series.size === MAX_SERIES) {
      throw new MetricsError(
        'tooMuch',
        `The expression gives more than ${MAX_SERIES} series. Aggregate them, for example with SUM(…).`,
      );
    }
    const values = Array.from({ length: this.#points }, (): number | null => null);
    this.#series.set(name, values);
    return values;
  }

  #indexOf(stamp: Date): number {
    const { startMs, stepMs } = this.#grid;
    const index = (stamp.getTime() - startMs) / stepMs;
    if (Number.isInteger(index) && index >= 0 && index < this.#points) return index;
    const at = Number.isNaN(stamp.getTime()) ? 'no time at all' : stamp.toISOString();
    throw strange(`has a point at ${at}, which was not asked for`);
  }
}

function numberOf(value: unknown): number | null {
  if (typeof value !== 'number') throw strange('has values that are no numbers');
  return Number.isNaN(value) ? null : value;
}

function strange(what: string): MetricsError {
  return new MetricsError('access', `The answer is not CloudWatch's: it ${what}. Check the endpoint.`);
}
