import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import {
  type Destination,
  type OutboundPolicy,
  OutboundRefusal,
  resolveAllowed,
} from '@/server/outbound/policy';

export interface OutboundRequest {
  readonly url: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** More of an answer is not read. Bytes. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

export interface OutboundResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const MAX_BYTES = 256 * 1024;

/**
 * Sends one request to a place that somebody configured: never to where it must not go, never after a
 * redirect, never for longer or with a larger answer than allowed.
 * @throws OutboundRefusal when it may not be sent; any other Error when it could not be.
 */
export async function sendOutbound(
  request: OutboundRequest,
  policy: OutboundPolicy,
): Promise<OutboundResponse> {
  const url = parseUrl(request.url);
  const destination = await resolveAllowed(url.hostname, policy);
  const limit = AbortSignal.timeout(request.timeoutMs);
  const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
  try {
    return await exchange(url, request, destination, signal);
  } catch (error) {
    if (limit.aborted)
      throw new Error(`no answer from ${url.host} within ${request.timeoutMs / 1_000} s`, { cause: error });
    throw error;
  }
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) throw new OutboundRefusal(`"${text}" is not an address.`);
  const url = new URL(text);
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  throw new OutboundRefusal(`${url.protocol} addresses cannot be called; use https.`);
}

function exchange(
  url: URL,
  { method, headers = {}, body, maxBytes = MAX_BYTES }: OutboundRequest,
  { address, family }: Destination,
  signal: AbortSignal,
): Promise<OutboundResponse> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const sent = send(
      url,
      {
        method,
        headers: { 'user-agent': 'Signalbox', ...headers },
        signal,
        agent: false,
        ...(isIP(url.hostname) ? {} : { servername: url.hostname }),
        // The checked address, not what the name may mean a moment later.
        lookup: (_host, options, callback) => {
          if (options.all) callback(null, [{ address, family }]);
          else callback(null, address, family);
        },
      },
      (response) => {
        read(response, maxBytes).then(resolve, reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

async function read(response: IncomingMessage, maxBytes: number): Promise<OutboundResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    // Node types the chunks of a stream as any; without an encoding they are Buffers.
    const bytes = chunk as Buffer;
    chunks.push(bytes.subarray(0, Math.max(0, maxBytes - size)));
    size += bytes.length;
    if (size >= maxBytes) break;
  }
  const headers = Object.fromEntries(
    Object.entries(response.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
  return { status: response.statusCode ?? 0, headers, body: Buffer.concat(chunks).toString('utf8') };
}
