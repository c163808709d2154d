import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { CLOUD_ERROR_STATUS, CloudError } from '@/server/local-cloud/errors';
import type { Exchange, Route } from '@/server/local-cloud/http/route';

export interface ApiOptions {
  readonly token: string;
  readonly routes: readonly Route[];
  readonly log: Logger;
  /** Requests that come before the platform is ready wait for it. */
  readonly ready: Promise<void>;
}

/** Longer than clients keep idle connections, so that none writes to one that we are closing. */
const KEEP_ALIVE_MS = 75_000;

/** The platform's HTTP API: finds the route, checks the token, turns refusals into answers. */
export function createApi(options: ApiOptions): Server {
  const server = createServer((request, response) => void answer(options, request, response));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = KEEP_ALIVE_MS + 5_000;
  return server;
}

async function answer(
  options: ApiOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const url = new URL(request.url ?? '/', 'http://local');
    const found = findRoute(options.routes, request.method ?? 'GET', url.pathname);
    if (!found?.route.open) authorize(options.token, request.headers.authorization);
    if (!found)
      throw new CloudError('not_found', `${request.method} ${url.pathname} is not part of this API`);
    await options.ready;
    const exchange: Exchange = { request, response, params: found.params, query: url.searchParams };
    const result = await found.route.handle(exchange);
    if (response.headersSent || response.destroyed) return;
    sendJson(response, 200, result ?? {});
  } catch (error) {
    refuse(options.log, request, response, error);
  }
}

function findRoute(routes: readonly Route[], method: string, path: string) {
  for (const route of routes) {
    if (route.method !== method) continue;
    const params = match(route.path, path);
    if (params) return { route, params };
  }
  return null;
}

/** `/a/:b` against `/a/x` → `{b: 'x'}`. */
function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':') && value !== '') params[part.slice(1)] = decode(value);
    else if (part !== value) return null;
  }
  return params;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new CloudError('invalid', `"${part}" in the address is not valid percent-encoding`);
  }
}

function authorize(token: string, header: string | undefined): void {
  const given = /^Bearer (.+)$/.exec(header ?? '')?.[1] ?? '';
  // Digests have one length, which timingSafeEqual needs, and hide the token's own.
  if (!timingSafeEqual(digest(given), digest(token))) {
    throw new CloudError('unauthorized', 'send the platform’s token as "Authorization: Bearer …"');
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function refuse(log: Logger, request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const expected = error instanceof CloudError;
  if (!expected) log.error({ err: error, url: request.url }, 'request failed');
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const code = expected ? error.code : 'internal';
  const message = expected ? error.message : 'the platform failed; its log has the reason';
  // A body that was not read whole would be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close');
  sendJson(response, CLOUD_ERROR_STATUS[code], { error: { code, message } });
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
