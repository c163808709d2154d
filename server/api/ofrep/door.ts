import { observe } from '@/server/api/http/observe';
import { isAppError } from '@/server/domain/errors';
import type { EvaluationErrorCode } from '@/server/domain/toggles';
import { runtime } from '@/server/services/runtime';
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
  server: { perSecond: 5_000, burst: 10_000 },
  web: { perSecond: 2_000, burst: 4_000 },
};

const limit = new RateLimit();

/** An answer in the form of OFREP's failures, which all carry an error code, or old providers do not read them. */
export function failure(
  status: number,
  errorCode: EvaluationErrorCode,
  errorDetails: string,
  extra: { readonly key?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  const body = { ...(extra.key === undefined ? {} : { key: extra.key }), errorCode, errorDetails };
  return Response.json(body, { status, headers: { ...extra.headers } });
}

/**
 * A door that opens by a client key alone; a session in the dashboard means nothing here.
 * @param key of the flag that is asked for, which failures repeat.
 */
export function clientDoor(
  request: Request,
  key: string | undefined,
  handle: (caller: Caller) => Promise<Response> | Response,
): Promise<Response> {
  return observe('ofrep', request, async () => {
    const extra = key === undefined ? {} : { key };
    let kind: ClientKey['kind'] = 'web';
    try {
      const serving = toggleServing();
      await serving.ready();
      const client = clientOf(request, serving);
      if (client === null) return withCors(noClient(extra), kind);
      kind = client.kind;
      const wait = limit.admit(client.id, RATES[client.kind]);
      if (wait > 0) return withCors(tooMany(wait, extra), kind);
      return withCors(await handle({ serving, client }), kind);
    } catch (error) {
      return withCors(unexpected(error, extra), kind);
    }
  });
}

/** Pages of any origin may ask, as their key is public; a server's key has no business in a page. */
export function withCors(response: Response, kind: ClientKey['kind']): Response {
  response.headers.set('vary', 'origin, authorization, x-api-key');
  if (kind === 'web') {
    response.headers.set('access-control-allow-origin', '*');
    response.headers.set('access-control-expose-headers', 'etag, retry-after');
  }
  return response;
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

function clientOf(request: Request, serving: ToggleServing): ClientKey | null {
  const { headers } = request;
  const text = headers.get('x-api-key') ?? /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  return text ? serving.client(text) : null;
}

function noClient(extra: { key?: string }): Response {
  const details =
    'A client key of a toggle environment is needed, as X-API-Key or as Authorization: Bearer. It is missing, unknown or revoked.';
  return failure(401, 'GENERAL', details, { ...extra, headers: { 'www-authenticate': 'Bearer' } });
}

function tooMany(wait: number, extra: { key?: string }): Response {
  const details = `Too many requests with this client key. Ask again in ${wait} s.`;
  return failure(429, 'GENERAL', details, { ...extra, headers: { 'retry-after': String(wait) } });
}

function unexpected(error: unknown, extra: { key?: string }): Response {
  if (isAppError(error) && error.code === 'too_large')
    return failure(413, 'INVALID_CONTEXT', error.message, extra);
  runtime().log.error({ err: error }, 'an evaluation failed');
  return failure(500, 'GENERAL', 'Something broke on our side. Use the default in the code.', extra);
}
