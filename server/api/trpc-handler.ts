import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { readBody } from '@/server/api/http/body';
import { sessionContext } from '@/server/api/http/context';
import { errorResponse } from '@/server/api/http/errors';
import { observe } from '@/server/api/http/observe';
import { requireSameOrigin } from '@/server/api/http/origin';
import { appRouter } from '@/server/api/root';
import { asTrpcError } from '@/server/api/trpc';
import { runtime } from '@/server/services/runtime';

const ENDPOINT = '/api/trpc';
const BODY_LIMIT = 1_000_000;

/** The door that the dashboard uses. */
export function handleTrpc(request: Request): Promise<Response> {
  return observe('trpc', request, () => answer(request));
}

async function answer(request: Request): Promise<Response> {
  const { env, log } = runtime();
  try {
    requireSameOrigin(request, env.SIGNALBOX_URL);
    return await fetchRequestHandler({
      endpoint: ENDPOINT,
      req: await withLimitedBody(request),
      router: appRouter,
      createContext: () =>
        sessionContext(request.headers).catch((error: unknown) => {
          throw asTrpcError(error) ?? error;
        }),
      onError({ error, path }) {
        if (error.code === 'INTERNAL_SERVER_ERROR')
          log.error({ err: error.cause ?? error, path }, 'procedure failed');
      },
    });
  } catch (error) {
    return errorResponse(error);
  }
}

async function withLimitedBody(request: Request): Promise<Request> {
  if (request.method !== 'POST') return request;
  const body = new Uint8Array(await readBody(request, BODY_LIMIT));
  return new Request(request.url, { method: 'POST', headers: request.headers, body, signal: request.signal });
}
