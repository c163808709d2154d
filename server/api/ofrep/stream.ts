import { failure, withCors } from '@/server/api/ofrep/door';
import type { ClientKey } from '@/server/services/toggle-serving/client-keys';
import type { EnvironmentFlags } from '@/server/services/toggle-serving/environment-flags';
import { refetchEvent } from '@/server/services/toggle-serving/flag-streams';
import { toggleServing } from '@/server/services/toggle-serving/process';
import type { ToggleServing } from '@/server/services/toggle-serving/serving';

/** A client that evaluated just before it connected may have missed a change this recent. */
const RECENT_MS = 60_000;
/** Chunks that a client has not taken: it is gone, and its proxy does not say so. */
const MOST_WAITING = 100;
const RECONNECT_MS = 1_000;

/** GET /ofrep/v1/stream?token=…: tells when to evaluate again. Browsers can send no key with it, so a token stands for one. */
export async function streamChanges(request: Request): Promise<Response> {
  const serving = toggleServing();
  await serving.ready();
  const token = new URL(request.url).searchParams.get('token') ?? '';
  const id = serving.tokens.read(token, serving.now);
  const client = id === null ? null : serving.clientWithId(id);
  const flags = client && serving.environment(client.environment);
  if (!client || !flags) {
    const details =
      'The token is too old, or its client key is revoked. Evaluate all flags again for another.';
    return withCors(failure(401, 'GENERAL', details), 'web');
  }
  const first = greeting(flags, request.headers.get('last-event-id'), serving.now);
  const body = openStream(serving, client, first, request.signal);
  const headers = {
    'content-type': 'text/event-stream',
    // Compression would hold events back until there are enough of them.
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  };
  return withCors(new Response(body, { headers }), client.kind);
}

/** What a client is told at once: how soon to come back, and whether it has missed something. */
function greeting(flags: EnvironmentFlags, seen: string | null, now: Date): string {
  const retry = `retry: ${RECONNECT_MS}\n\n`;
  const { etag, changedAt } = flags;
  if (etag === null) return retry;
  const hasMissed = seen === null ? now.getTime() - changedAt.getTime() < RECENT_MS : seen !== etag;
  return hasMissed ? retry + refetchEvent(etag, changedAt) : retry;
}

function openStream(
  serving: ToggleServing,
  client: ClientKey,
  first: string,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let leave = () => undefined as void;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const close = () => {
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
      leave = serving.streams.add({ clientKeyId: client.id, environment: client.environment, send, close });
      signal.addEventListener('abort', close, { once: true });
      send(first);
    },
    cancel: () => leave(),
  });
}
