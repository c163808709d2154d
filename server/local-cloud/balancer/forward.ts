import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Target } from '@/server/local-cloud/balancer/rotation';
import { type ServedVariant, VARIANTS_HEADER, variantsOf } from '@/server/local-cloud/balancer/variants';

/** Hop-by-hop headers (RFC 9110 §7.6.1) belong to one connection and are not passed on. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
/** A client may not have these dropped: the next server would read the request differently. */
const FRAMING = new Set(['content-length', 'host']);
const SMALL_BODY_BYTES = 64 * 1024;
const ANSWER_TIMEOUT_MS = 60_000;

/** What became of one attempt to have an instance answer. */
export type Attempt =
  | { readonly kind: 'answered'; readonly status: number; readonly variants: readonly ServedVariant[] }
  /** Nothing reached the client and the instance cannot have acted: another may try. */
  | { readonly kind: 'retry'; readonly reason: string }
  | { readonly kind: 'failed'; readonly status: 502 | 504; readonly reason: string }
  /** The client went away; nobody is left to answer. */
  | { readonly kind: 'abandoned' };

/** A request's body: kept when small, so that it can be sent again; else passed through once. */
export type Body = { readonly kind: 'kept'; readonly bytes: Buffer } | { readonly kind: 'streamed' };

/** Reads a small body whole. @throws when the client breaks off. */
export async function takeBody(incoming: IncomingMessage): Promise<Body> {
  const declared = incoming.headers['content-length'];
  if (declared === undefined && incoming.headers['transfer-encoding'] === undefined) {
    return { kind: 'kept', bytes: Buffer.alloc(0) };
  }
  if (declared === undefined || Number(declared) > SMALL_BODY_BYTES) return { kind: 'streamed' };
  return { kind: 'kept', bytes: await buffer(incoming) };
}

/** Sends the request to one instance and streams its answer back. Never rejects. */
export function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  body: Body,
  target: Target,
): Promise<Attempt> {
  return new Promise((resolve) => {
    const upstream = request({
      host: '127.0.0.1',
      port: target.instance.port,
      method: incoming.method,
      path: incoming.url,
      headers: requestHeaders(incoming),
      agent: target.instance.agent,
    });
    const answerBy = setTimeout(() => upstream.destroy(new Error('no answer in time')), ANSWER_TIMEOUT_MS);
    let begun = false;
    let timedOut = false;
    const finish = (attempt: Attempt) => {
      clearTimeout(answerBy);
      outgoing.off('close', onClientGone);
      resolve(attempt);
    };
    const onClientGone = () => {
      upstream.destroy();
      finish({ kind: 'abandoned' });
    };
    outgoing.once('close', onClientGone);
    upstream.once('response', (response) => {
      begun = true;
      clearTimeout(answerBy);
      outgoing.off('close', onClientGone);
      void relay(response, outgoing, target).then(finish);
    });
    upstream.on('error', (error) => {
      timedOut ||= error.message === 'no answer in time';
      if (begun) return;
      if (!timedOut && canRetry(upstream, incoming, body)) finish({ kind: 'retry', reason: error.message });
      else finish({ kind: 'failed', status: timedOut ? 504 : 502, reason: error.message });
    });
    send(upstream, incoming, body);
  });
}

function send(upstream: ClientRequest, incoming: IncomingMessage, body: Body): void {
  if (body.kind === 'kept') {
    upstream.end(body.bytes);
    return;
  }
  // Not before the connection stands: bytes once taken from the client cannot be sent to another instance.
  upstream.once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', () => incoming.pipe(upstream));
    else incoming.pipe(upstream);
  });
}

/** Only before an instance can have acted on it, unless acting twice is the same as once. */
function canRetry(upstream: ClientRequest, incoming: IncomingMessage, body: Body): boolean {
  const untouched = body.kind === 'kept' || !incoming.readableDidRead;
  if (!untouched) return false;
  const neverConnected =
    upstream.socket === null || upstream.socket.connecting || upstream.socket.bytesWritten === 0;
  return neverConnected || IDEMPOTENT.has(incoming.method ?? '');
}

/** Passes the answer on as it comes. An answer cut off by the instance is cut off for the client. */
function relay(response: IncomingMessage, outgoing: ServerResponse, target: Target): Promise<Attempt> {
  const status = response.statusCode ?? 502;
  const variants = variantsOf(response.headers[VARIANTS_HEADER]);
  return new Promise((resolve) => {
    outgoing.writeHead(status, response.statusMessage, [
      ...endToEnd(response.rawHeaders, response.headers.connection, PLATFORMS_OWN),
      'x-served-by',
      target.labels.server_group,
    ]);
    outgoing.once('close', () => {
      response.destroy();
      resolve(outgoing.writableFinished ? { kind: 'answered', status, variants } : { kind: 'abandoned' });
    });
    response.once('aborted', () => {
      resolve({ kind: 'failed', status: 502, reason: 'the instance broke off its answer' });
      outgoing.destroy();
    });
    response.on('error', () => outgoing.destroy());
    response.pipe(outgoing);
  });
}

function requestHeaders(incoming: IncomingMessage): string[] {
  const client = incoming.socket.remoteAddress ?? 'unknown';
  const earlier = incoming.headers['x-forwarded-for'];
  const headers = endToEnd(incoming.rawHeaders, incoming.headers.connection, REPLACED);
  headers.push('x-forwarded-for', earlier === undefined ? client : `${String(earlier)}, ${client}`);
  headers.push('x-forwarded-proto', 'http', 'x-forwarded-host', incoming.headers.host ?? '');
  if (isChunked(incoming.headers)) headers.push('transfer-encoding', 'chunked');
  return headers;
}

/** Told to us, and nobody else's concern. */
const PLATFORMS_OWN = new Set([VARIANTS_HEADER]);

const REPLACED = new Set(['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host']);

function isChunked(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined;
}

/** Raw headers without those of the connection, among them any that `Connection` names. */
function endToEnd(
  raw: readonly string[],
  connection: string | undefined,
  without?: ReadonlySet<string>,
): string[] {
  const named = new Set(
    connection
      ?.toLowerCase()
      .split(/\s*,\s*/)
      .filter((name) => !FRAMING.has(name)) ?? [],
  );
  const kept: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const lower = name.toLowerCase();
    if (HOP_BY_HOP.has(lower) || named.has(lower) || without?.has(lower)) continue;
    kept.push(name, raw[index + 1] ?? '');
  }
  return kept;
}
