import type { z } from 'zod';

/**
 * Where measurements come from. A source answers points on the grid it was asked for, with gaps as null and
 * the literal query that was sent. It never judges.
 */
export interface MetricsSourceType<Config = unknown, Query = unknown> {
  readonly kind: string;
  readonly label: string;
  /** How late its points are complete, as a rule; 0 when it is not said. Younger ones are not to be judged yet. */
  readonly lagSeconds?: number;
  /** What an administrator gives: address, how to sign in. Secrets are named `…Secret` and kept apart. */
  readonly configSchema: z.ZodType<Config>;
  /** What one metric asks, in a canary configuration. `type` is the kind. */
  readonly querySchema: z.ZodType<Query>;
  open(config: Config, context: SourceContext): MetricsSource<Query>;
}

export interface SourceContext {
  /**
   * Which private places it may be at; see server/outbound. Follows no redirect.
   * @throws MetricsError when it may not be sent, any other Error when no answer came.
   */
  fetch(request: SourceRequest): Promise<SourceResponse>;
}

export interface SourceRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

export interface SourceResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** One of `maxBytes` or more was cut off there. */
  readonly body: string;
}

export interface MetricsSource<Query = unknown> {
  /** @throws MetricsError when it cannot be reached or does not let us in. */
  check(signal: AbortSignal): Promise<void>;
  /** @throws MetricsError */
  read(query: Query, scope: Scope, grid: Grid, signal: AbortSignal): Promise<Measurement>;
}

/** What `${…}` in a query stands for. */
export interface Scope {
  /** Name of the server group, or whatever the source labels with. */
  readonly scope: string;
  readonly location: string;
  readonly extra: Readonly<Record<string, string>>;
}

/** Points at start, start + step, …, before end. Start and end are multiples of the step. Unix milliseconds. */
export interface Grid {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

export interface Measurement {
  readonly series: readonly MeasuredSeries[];
  /** As it was sent; people need it to understand a result. */
  readonly literalQuery: string;
  /** What the source itself had to say. */
  readonly warnings: readonly string[];
}

export interface MeasuredSeries {
  readonly tags: Readonly<Record<string, string>>;
  /** One for each point of the grid; null where there is none or it is no number. ±Infinity is kept. */
  readonly values: readonly (number | null)[];
}

/** Why a source gave no measurement. */
export class MetricsError extends Error {
  constructor(
    /**
     * - query         the query is wrong; asking again changes nothing
     * - access        it does not let us in, or something else is at its address
     * - tooMuch       more points or series than it answers at once
     * - unavailable   it is away, too slow or overloaded; worth another try
     */
    readonly kind: 'query' | 'access' | 'tooMuch' | 'unavailable',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'MetricsError';
  }
}
