import { failure, measured, withCors } from '@/server/api/ofrep/door';
import type { Answer } from '@/server/api/ofrep/exchange';
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
  const seen = exchange.header('last-event-id');
  const open = (sink: Sink) => {
    const leave = serving.streams.add({ clientKeyId: client.id, environment, ...sink });
    // Looked at once it listens, so that nothing comes in between.
    const { etag, changedAt } = flags;
    if (etag !== null && hasMissed(seen, etag, serving.now.getTime() - changedAt.getTime()))
      sink.send(refetchEvent(etag, changedAt));
    return leave;
  };
  const body = `retry: ${RECONNECT_MS}\n\n`;
  return withCors({ status: 200, headers: HEADERS, body, open }, client.kind);
});

type Sink = Parameters<NonNullable<Answer['open']>>[0];

/** Those who come back say which set they know; of others it is not known whether they evaluated before it changed. */
function hasMissed(seen: string | null, etag: string, ageMs: number): boolean {
  return seen === null ? ageMs < RECENT_MS : seen !== etag;
}
