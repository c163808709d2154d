import { readBody } from '@/server/api/http/body';
import type { Answer, Handler } from '@/server/api/ofrep/exchange';

/** Chunks that a client has not taken: it is gone, and its proxy does not say so. */
const MOST_WAITING = 100;

/** A handler as Next calls it. */
export function asRoute(handler: Handler): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const answer = await handler({
      method: request.method,
      pathname,
      query: searchParams,
      header: (name) => request.headers.get(name),
      body: (limit) => readBody(request, limit),
    });
    const { status, headers } = answer;
    return new Response(bodyOf(answer, request), { status, headers });
  };
}

/**
 * @param request is held for as long as the stream is: once it is collected, its signal no longer hears that the client
 * has gone (Node's fetch holds the controller behind it weakly).
 */
function bodyOf({ body, open }: Answer, request: Request): string | ReadableStream<Uint8Array> | null {
  if (!open) return body;
  const encoder = new TextEncoder();
  let leave = () => undefined as void;
  let close = () => undefined as void;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      close = () => {
        leave();
        try {
          controller.close();
        } catch {
          // The client closed it first.
        }
      };
      const send = (text: string) => {
        if ((controller.desiredSize ?? 0) < -MOST_WAITING) close();
        else controller.enqueue(encoder.encode(text));
      };
      send(body ?? '');
      leave = open({ send, close });
      request.signal.addEventListener('abort', close, { once: true });
    },
    cancel() {
      request.signal.removeEventListener('abort', close);
      leave();
    },
  });
}
