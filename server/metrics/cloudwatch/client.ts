import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataInput,
  type GetMetricDataOutput,
  type MessageData,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { CloudWatchConfig } from '@/server/metrics/cloudwatch/config';
import { credentialsOf } from '@/server/metrics/cloudwatch/credentials';
import { failureOf } from '@/server/metrics/cloudwatch/failure';
import { type Service, sdkTransport } from '@/server/metrics/cloudwatch/transport';
import { TryAgain, withRetries } from '@/server/metrics/retry';
import { MetricsError, type SourceContext } from '@/server/metrics/source';

const CLOUDWATCH: Service = { name: 'CloudWatch', answers: /^\s*\{/ };
/** Each has up to 100,800 points. */
const MAX_PAGES = 50;

export interface Page {
  readonly results: readonly MetricDataResult[];
  readonly warnings: readonly string[];
}

/** Asks CloudWatch by its SDK; every failure is a `MetricsError`. */
export class MetricDataClient {
  readonly #client: CloudWatchClient;

  constructor(config: CloudWatchConfig, context: SourceContext) {
    const credentials = credentialsOf(config, context);
    this.#client = new CloudWatchClient({
      region: config.region,
      ...(config.endpoint ? { endpoint: config.endpoint } : {}),
      ...(credentials ? { credentials } : {}),
      // It is tried again as with every source, and ends at once when nobody waits any more.
      maxAttempts: 1,
      requestHandler: sdkTransport(context, CLOUDWATCH, config.timeoutSeconds),
    });
  }

  /** Every page, in order. @throws MetricsError */
  async *pages(input: GetMetricDataInput, signal: AbortSignal): AsyncGenerator<Page> {
    const unfinished = new Map<string, MetricDataResult>();
    let token: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const asked = { ...input, NextToken: token };
      const answer = await withRetries(() => this.#page(asked, signal), signal);
      for (const result of answer.results) {
        const key = JSON.stringify([result.Id, result.Label]);
        if (result.StatusCode === 'Complete') unfinished.delete(key);
        else unfinished.set(key, result);
      }
      yield answer;
      token = answer.nextToken;
      if (!token) {
        for (const result of unfinished.values()) throw incomplete(result);
        return;
      }
    }
    throw new MetricsError(
      'tooMuch',
      `The answer has more than ${MAX_PAGES} pages. Aggregate to fewer series or take a longer step.`,
    );
  }

  async #page(input: GetMetricDataInput, signal: AbortSignal): Promise<Page & { nextToken?: string }> {
    const {
      MetricDataResults: results,
      Messages: messages,
      NextToken: nextToken,
    } = await this.#send(input, signal);
    if (!results)
      throw new MetricsError('access', 'This is not CloudWatch: it has no results. Check the endpoint.');
    for (const result of results) {
      // Without a next page this one may be better the next time.
      const final =
        result.StatusCode === 'Forbidden' || (!nextToken && result.StatusCode === 'InternalError');
      if (final) throw incomplete(result);
    }
    const said = [...(messages ?? []), ...results.flatMap((result) => result.Messages ?? [])];
    return { results, warnings: said.map(wordsOf), nextToken };
  }

  async #send(input: GetMetricDataInput, signal: AbortSignal): Promise<GetMetricDataOutput> {
    signal.throwIfAborted();
    try {
      return await untilAborted(
        this.#client.send(new GetMetricDataCommand(input), { abortSignal: signal }),
        signal,
      );
    } catch (error) {
      signal.throwIfAborted();
      throw failureOf(error, CLOUDWATCH.name);
    }
  }
}

/** The SDK looks for credentials without heed of the signal. @throws the signal's reason, at once. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const stop = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted', { cause: signal.reason })), {
      signal: stop.signal,
    });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stop.abort();
  }
}

function incomplete({
  StatusCode: status,
  Label: label,
  Messages: messages,
}: MetricDataResult): MetricsError {
  const said = (messages ?? []).map(wordsOf).join(' ');
  const about =
    `CloudWatch says ${status ?? 'nothing of how complete it is'} of ${label ?? 'the metric'}. ${said}`.trim();
  switch (status) {
    case 'Forbidden':
      return new MetricsError('access', about);
    case 'PartialData':
      return new MetricsError('tooMuch', `${about} Take a longer step, a shorter window or fewer series.`);
    case 'InternalError':
      return new TryAgain(about);
    case 'Complete':
    case undefined:
      return new MetricsError('access', `${about} Check the endpoint.`);
    default:
      return status satisfies never;
  }
}

function wordsOf({ Code: code, Value: value }: MessageData): string {
  return [code, value].filter(Boolean).join(': ');
}
