import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import {
  createTRPCClient,
  httpBatchStreamLink,
  httpSubscriptionLink,
  splitLink,
  TRPCClientError,
} from '@trpc/client';
import type { AppRouter } from '@/server/api/types';
import { transformer } from '@/server/domain/transformer';

const URL = '/api/trpc';

export function makeTrpcClient() {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({ url: URL, transformer }),
        // Streamed, so that a quick answer does not wait for a slow one of the same batch.
        false: httpBatchStreamLink({ url: URL, transformer, maxURLLength: 2_000 }),
      }),
    ],
  });
}

/** The HTTP status of an API error; null when the request did not arrive at all. */
export function httpStatus(error: unknown): number | null {
  if (!(error instanceof TRPCClientError)) return null;
  const data: unknown = error.data;
  if (typeof data !== 'object' || data === null || !('httpStatus' in data)) return null;
  return typeof data.httpStatus === 'number' ? data.httpStatus : null;
}

/**
 * The cache of the browser. Data stays good until an event says otherwise, so nothing is polled and
 * coming back to a tab refetches only what the stream made stale.
 */
export function makeQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (httpStatus(error) === 401) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        refetchOnWindowFocus: false,
        // A refusal stays one; only what did not arrive or broke on the way is worth asking again.
        retry: (failures, error) => failures < 2 && (httpStatus(error) ?? 500) >= 500,
      },
      mutations: { retry: false },
    },
  });
}
