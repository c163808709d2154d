import type { IncomingMessage, ServerResponse } from 'node:http';
import { evaluateFlag } from '@/server/api/ofrep/evaluate-flag';
import { evaluateFlags } from '@/server/api/ofrep/evaluate-flags';
import type { Answer, Handler } from '@/server/api/ofrep/exchange';
import { streamChanges } from '@/server/api/ofrep/stream';
import { AppError } from '@/server/domain/errors';

const ALL = '/ofrep/v1/evaluate/flags';
/** What a client has not taken of a stream: it is gone, and its proxy does not say so. Bytes. */
const MOST_WAITING = 100_000;

/**
 * Answers what is asked for by applications all the time without going through Next.
 * @returns false for everything else.
 */
export function answerDirectly(request: IncomingMessage, response: ServerResponse): boolean {
  if (!request.url?.startsWith('/ofrep/')) return false;
  const [pathname = '', search = ''] = request.url.split('?', 2);
  const handler = handlerOf(request.method ?? '', pathname);
  if (!handler) return false;
  const exchange = {
    method: request.method ?? '',
    pathname,
    query: new URLSearchParams(search),
    header: (name: string) => headerOf(request, name),
    body: (limit: number) => readAll(request, limit),
  };
  // The doors answer every failure themselves; what remains is a connection that has gone.
  handler(exchange).then(
    (answer) => send(response, answer),
    () => response.destroy(),
  );
  return true;
}

function handlerOf(method: string, pathname: string): Handler | null {
  if (method === 'POST' && pathname === ALL) return evaluateFlags;
  if (method === 'POST' && pathname.startsWith(`${ALL}/`)) return evaluateFlag;
  if (method === 'GET' && pathname === '/ofrep/v1/stream') return streamChanges;
  return null;
}

function headerOf({ headers }: IncomingMessage, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' ? value : null;
}

function send(response: ServerResponse, { status, headers, body, open }: Answer): void {
  if (!open) {
    const length = body === null ? {} : { 'content-length': Buffer.byteLength(body) };
    response.writeHead(status, { ...headers, ...length });
    response.end(body);
    return;
  }
  response.writeHead(status, headers);
  response.write(body ?? '');
  const leave = open({
    send(text) {
      if (response.writableLength > MOST_WAITING) response.destroy();
      else response.write(text);
    },
    close: () => response.end(),
  });
  response.once('close', leave);
}

function readAll(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on('data', (part: Buffer) => {
      size += part.byteLength;
      if (size <= limitBytes) parts.push(part);
      else {
        // What still comes is not kept; the answer goes out at once.
        parts.length = 0;
        const message = `The body is larger than ${limitBytes / 1_000} kB. Send less at once.`;
        reject(new AppError('too_large', message));
      }
    });
    request.once('end', () => resolve(Buffer.concat(parts)));
    request.once('error', reject);
  });
}
