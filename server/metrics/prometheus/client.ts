import { z } from 'zod';
import { type PrometheusConfig, requestHeaders } from '@/server/metrics/prometheus/config';
import { retryAfterMs, TryAgain, withRetries } from '@/server/metrics/retry';
import { MetricsError, type SourceContext, type SourceResponse } from '@/server/metrics/source';

/** About half a million points. */
const MAX_BYTES = 16 * 1024 * 1024;
const SHOWN_CHARACTERS = 500;

const errorSchema = z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() });
const successSchema = z.object({
  status: z.literal('success'),
  data: z.unknown(),
  warnings: z.array(z.string()).nullish(),
  infos: z.array(z.string()).nullish(),
});

export interface Answer {
  readonly data: unknown;
  readonly warnings: readonly string[];
}

/** Speaks Prometheus's HTTP API; every failure is a `MetricsError` with Prometheus's own words. */
export class PrometheusClient {
  readonly #config: PrometheusConfig;
  readonly #context: SourceContext;

  constructor(config: PrometheusConfig, context: SourceContext) {
    this.#config = config;
    this.#context = context;
  }

  /** POST, because a long query does not fit into an address. It changes nothing, so it may be repeated. */
  query(
    path: 'query' | 'query_range',
    parameters: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Answer> {
    const timeout = `${this.#config.timeoutSeconds}s`;
    const body = new URLSearchParams({ ...parameters, timeout }).toString();
    return withRetries(
      async () => answerOf(await this.#send('POST', `api/v1/${path}`, signal, body)),
      signal,
    );
  }

  /** @throws MetricsError `unavailable` while it is starting or ending, `access` when it does not let us in. */
  async ready(signal: AbortSignal): Promise<void> {
    const response = await this.#send('GET', '-/ready', signal);
    // What only speaks Prometheus's API has no such address; the query that follows tells.
    if (response.status === 503)
      throw new MetricsError('unavailable', `It is not ready: ${excerpt(response.body)}`);
  }

  async #send(
    method: 'GET' | 'POST',
    path: string,
    signal: AbortSignal,
    body?: string,
  ): Promise<SourceResponse> {
    const url = `${this.#config.url.replace(/\/+$/, '')}/${path}`;
    const headers = requestHeaders(this.#config);
    if (body !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded';
    // A little longer than Prometheus itself, which says better than a cut connection what took so long.
    const timeoutMs = (this.#config.timeoutSeconds + 2) * 1_000;
    try {
      return await this.#context.fetch({
        url,
        method,
        headers,
        body,
        timeoutMs,
        maxBytes: MAX_BYTES,
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof MetricsError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new TryAgain(`Prometheus at ${this.#config.url} cannot be reached: ${reason}`, null, {
        cause: error,
      });
    }
  }
}

function answerOf(response: SourceResponse): Answer {
  if (Buffer.byteLength(response.body) >= MAX_BYTES) {
    throw new MetricsError(
      'tooMuch',
      `The answer has more than ${MAX_BYTES / 1024 / 1024} MB. Aggregate to fewer series or take a longer step.`,
    );
  }
  const content = parseJson(response.body);
  if (response.status < 300) {
    const answer = successSchema.safeParse(content);
    if (answer.success) return { data: answer.data.data, warnings: remarks(answer.data) };
  }
  const refusal = errorSchema.safeParse(content);
  throw refusal.success
    ? refused(response, refusal.data.errorType, refusal.data.error)
    : unexpected(response, content);
}

function remarks({ warnings, infos }: z.infer<typeof successSchema>): string[] {
  return [...(warnings ?? []), ...(infos ?? [])];
}

/** Texts of Prometheus itself, then those of Thanos and Mimir, which put their limits in the same envelope. */
const TOO_MUCH =
  /exceeded maximum resolution|too many (?:samples|series|points|chunks|bytes)|exceeds? the (?:\S+ )?limit/i;

function refused(response: SourceResponse, errorType: string, text: string): MetricsError {
  const said = `Prometheus says: ${text}`;
  if (isAccess(response.status)) return new MetricsError('access', said);
  if (isPassing(response.status)) return new TryAgain(said, waitOf(response));
  switch (errorType) {
    case 'timeout':
    case 'canceled':
    case 'internal':
    case 'unavailable':
      return new TryAgain(said, waitOf(response));
    default:
      return new MetricsError(TOO_MUCH.test(text) ? 'tooMuch' : 'query', said);
  }
}

/** An answer that is not Prometheus's: a proxy, a sign-in page, another service, half an answer. */
function unexpected(response: SourceResponse, content: unknown): MetricsError {
  const { status, body } = response;
  const said = `It answered ${status}: ${excerpt(body)}`;
  if (isAccess(status)) return new MetricsError('access', `It does not let us in. ${said}`);
  if (isPassing(status)) return new TryAgain(said, waitOf(response));
  if (status === 413) return new MetricsError('tooMuch', said);
  if (status >= 300 && status < 400) {
    const to = response.headers.location ?? 'elsewhere';
    return new MetricsError('access', `It sends us on to ${to}. Give that address, if it is Prometheus.`);
  }
  const json = /json/.test(response.headers['content-type'] ?? '');
  if (status < 300 && json && content === undefined)
    return new TryAgain(`Its answer is broken off: ${excerpt(body)}`);
  return new MetricsError('access', `This is not Prometheus's API. ${said} Check the address.`);
}

function isAccess(status: number): boolean {
  return status === 401 || status === 403 || status === 407;
}

function isPassing(status: number): boolean {
  return status >= 500 || status === 429 || status === 408;
}

function waitOf(response: SourceResponse): number | null {
  return retryAfterMs(response.headers['retry-after']);
}

/** Undefined when it is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function excerpt(body: string): string {
  const text = body
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (text === '') return 'nothing.';
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
