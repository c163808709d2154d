import { failure, measured, withCors } from '@/server/api/ofrep/door';
import type { Answer } from '@/server/api/ofrep/exchange';
import type { EnvironmentFlags } from '@/server/services/toggle-serving/environment-flags';
import { refetchEvent } from '@/server/services/toggle-serving/flag-streams';
import { toggleServing } from '@/server/services/toggle-serving/process';

/** A client that evaluated just before it connected may have missed a change this recent. */
const RECENT_MS = 60_000;
const RECONNECT_MS = 1_000;
const HEADERS = {
  'content-type': 'text/event-stream',
  // Compression would hold events back until there are enough of them.
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** GET /ofrep/v1/stream?token=…: tells when to evaluate again. Browsers can send no key with it, so a token stands for one. */
export const streamChanges = measured(async (exchange) => {
  const serving = toggleServing();
  try {
    await serving.ready();
  } catch {
    return withCors(
      failure(503, 'PROVIDER_NOT_READY', 'The flags cannot be read yet. Connect again.'),
      'web',
    );
  }
  const id = serving.tokens.read(exchange.query.get('token') ?? '', serving.now);
  const client = id === null ? null : serving.clientWithId(id);
  const flags = client && serving.environment(client.environment);
  if (!client || !flags) {
    const details =
      'The token is too old, or its client key is revoked. Evaluate all flags again for another.';
    return withCors(failure(401, 'GENERAL', details), 'web');
  }
  const { environment } = client;
  const body = greeting(flags, exchange.header('last-event-id'), serving.now);
  const open = (sink: Sink) => serving.streams.add({ clientKeyId: client.id, environment, ...sink });
  return withCors({ status: 200, headers: HEADERS, body, open }, client.kind);
});

type Sink = Parameters<NonNullable<Answer['open']>>[0];

/** What a client is told at once: how soon to come back, and whether it has missed something. */
function greeting(flags: EnvironmentFlags, seen: string | null, now: Date): string {
  const retry = `retry: ${RECONNECT_MS}\n\n`;
  const { etag, changedAt } = flags;
  if (etag === null) return retry;
  const hasMissed = seen === null ? now.getTime() - changedAt.getTime() < RECENT_MS : seen !== etag;
  return hasMissed ? retry + refetchEvent(etag, changedAt) : retry;
}
