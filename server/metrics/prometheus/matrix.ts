import { z } from 'zod';
import { type Grid, type MeasuredSeries, MetricsError } from '@/server/metrics/source';

const matrixSchema = z.object({
  resultType: z.literal('matrix'),
  result: z.array(
    z.object({
      metric: z.record(z.string(), z.string()),
      // Absent for series of native histograms, which have no numbers.
      values: z.array(z.tuple([z.number(), z.string()])).default([]),
    }),
  ),
});
export type Matrix = z.infer<typeof matrixSchema>['result'];

/** Prometheus evaluates on whole milliseconds; its stamps may be off by their rounding. */
const STAMP_TOLERANCE_MS = 1;

/** @throws MetricsError `access`, because it is an answer that Prometheus does not give. */
export function parseMatrix(data: unknown): Matrix {
  const parsed = matrixSchema.safeParse(data);
  if (parsed.success) return parsed.data.result;
  const issue = parsed.error.issues[0];
  throw new MetricsError(
    'access',
    `The answer is not Prometheus's: ${issue?.path.join('.')} ${issue?.message}`,
  );
}

/** Joins the answers for parts of a grid into series on the whole of it. */
export class SeriesOnGrid {
  readonly #grid: Grid;
  readonly #points: number;
  readonly #maxSeries: number;
  readonly #series = new Map<string, { tags: Record<string, string>; values: (number | null)[] }>();

  constructor(grid: Grid, points: number, maxSeries: number) {
    this.#grid = grid;
    this.#points = points;
    this.#maxSeries = maxSeries;
  }

  /** @throws MetricsError `tooMuch` when there are more series than allowed. */
  add(matrix: Matrix): void {
    for (const { metric, values } of matrix) {
      const into = this.#valuesOf(metric);
      for (const [stamp, text] of values) into[this.#indexOf(stamp)] = numberOf(text);
    }
  }

  /** Ordered by their tags, so that the same measurements are the same answer. */
  all(): MeasuredSeries[] {
    return [...this.#series.keys()].sort().flatMap((key) => this.#series.get(key) ?? []);
  }

  #valuesOf({ __name__: _name, ...tags }: Readonly<Record<string, string>>): (number | null)[] {
    const key = JSON.stringify(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)));
    const known = this.#series.get(key);
    if (known) return known.values;
    if (this.#series.size === this.#maxSeries) {
      throw new MetricsError(
        'tooMuch',
        `The query gives more than ${this.#maxSeries} series. Aggregate them, for example with sum by (…).`,
      );
    }
    const values = Array.from({ length: this.#points }, (): number | null => null);
    this.#series.set(key, { tags, values });
    return values;
  }

  /** @throws MetricsError `access` when the answer is for another grid. */
  #indexOf(stamp: number): number {
    const { startMs, stepMs } = this.#grid;
    const index = Math.round((stamp * 1_000 - startMs) / stepMs);
    const off = Math.abs(startMs + index * stepMs - stamp * 1_000);
    if (off <= STAMP_TOLERANCE_MS && index >= 0 && index < this.#points) return index;
    throw new MetricsError('access', `The answer has a point at ${stamp} s, which was not asked for.`);
  }
}

/** Prometheus writes numbers as Go does. Null when it is none. */
function numberOf(text: string): number | null {
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  const value = Number(text);
  return Number.isNaN(value) || text === '' ? null : value;
}
