import { type Answer, type Exchange, type Handler, json } from '@/server/api/ofrep/exchange';
import { isAppError } from '@/server/domain/errors';
import type { EvaluationErrorCode } from '@/server/domain/toggles';
import { runtime } from '@/server/services/runtime';
import { webMetrics } from '@/server/services/system/metrics';
import type { ClientKey } from '@/server/services/toggle-serving/client-keys';
import { toggleServing } from '@/server/services/toggle-serving/process';
import { type Rate, RateLimit } from '@/server/services/toggle-serving/rate-limit';
import type { ToggleServing } from '@/server/services/toggle-serving/serving';

/** Who asks, and what is served to them. */
export interface Caller {
  readonly serving: ToggleServing;
  readonly client: ClientKey;
}

/**
 * Requests per second of one client key in one process. A provider that is told to wait stops asking for all of its
 * flags, so this only keeps one client gone wild from the others' share.
 */
export const RATES: Readonly<Record<ClientKey['kind'], Rate>> = {
  server: { perSecond: 10_000, burst: 20_000 },
  web: { perSecond: 2_000, burst: 4_000 },
};

const limit = new RateLimit();

/** The part of a failure that differs from door to door. */
interface Extra {
  /** Of the flag that was asked for. */
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer in the form of OFREP's failures, which all carry an error code, or old providers do not read them. */
export function failure(
  status: number,
  errorCode: EvaluationErrorCode,
  errorDetails: string,
  { key, headers }: Extra = {},
): Answer {
  return json(status, { ...(key === undefined ? {} : { key }), errorCode, errorDetails }, headers);
}

/**
 * A door that opens by a client key alone; a session in the dashboard means nothing here.
 * @param key of the flag that is asked for, which failures repeat.
 */
export async function clientDoor(
  exchange: Exchange,
  key: string | undefined,
  handle: (caller: Caller) => Promise<Answer> | Answer,
): Promise<Answer> {
  const extra = key === undefined ? {} : { key };
  // Who presents no key that we know is told so, wherever their page is.
  let kind: ClientKey['kind'] = 'web';
  try {
    const serving = toggleServing();
    await serving.ready();
    const client = clientOf(exchange, serving);
    if (client === null) return withCors(noClient(extra), kind);
    kind = client.kind;
    const wait = limit.admit(client.id, RATES[client.kind]);
    if (wait > 0) return withCors(tooMany(wait, extra), kind);
    return withCors(await handle({ serving, client }), kind);
  } catch (error) {
    return withCors(unexpected(error, extra), kind);
  }
}

/** Counts and times what a handler answers. */
export function measured(handler: Handler): Handler {
  return async (exchange) => {
    const began = performance.now();
    const answer = await handler(exchange);
    const { requests, seconds } = webMetrics();
    requests.inc({ door: 'ofrep', method: exchange.method, status: String(answer.status) });
    seconds.observe({ door: 'ofrep' }, (performance.now() - began) / 1_000);
    return answer;
  };
}

/** Pages of any origin may ask, as their key is public; a server's key has no business in a page. */
export function withCors(answer: Answer, kind: ClientKey['kind']): Answer {
  const open = {
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'etag, retry-after',
  };
  return {
    ...answer,
    headers: { vary: 'authorization, x-api-key', ...(kind === 'web' && open), ...answer.headers },
  };
}

/** What browsers ask before they send a key to another origin. */
export function preflight(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': 'authorization, x-api-key, content-type, if-none-match',
      'access-control-max-age': '7200',
    },
  });
}

function clientOf(exchange: Exchange, serving: ToggleServing): ClientKey | null {
  const bearer = () => /^Bearer +(\S+)$/i.exec(exchange.header('authorization') ?? '')?.[1];
  const text = exchange.header('x-api-key') ?? bearer();
  return text ? serving.client(text) : null;
}

function noClient(extra: Extra): Answer {
  const details =
    'A client key of a toggle environment is needed, as X-API-Key or as Authorization: Bearer. It is missing, unknown or revoked.';
  return failure(401, 'GENERAL', details, { ...extra, headers: { 'www-authenticate': 'Bearer' } });
}

function tooMany(wait: number, extra: Extra): Answer {
  const details = `Too many requests with this client key. Ask again in ${wait} s.`;
  return failure(429, 'GENERAL', details, { ...extra, headers: { 'retry-after': String(wait) } });
}

function unexpected(error: unknown, extra: Extra): Answer {
  if (isAppError(error) && error.code === 'too_large')
    return failure(413, 'INVALID_CONTEXT', error.message, extra);
  // The client hung up before it had said everything: nobody reads the answer.
  if (isGone(error)) return failure(400, 'PARSE_ERROR', 'The body is not complete.', extra);
  runtime().log.error({ err: error }, 'an evaluation failed');
  return failure(500, 'GENERAL', 'Something broke on our side. Use the default in the code.', extra);
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}
