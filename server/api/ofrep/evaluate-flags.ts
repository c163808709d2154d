import { type Caller, clientDoor, failure, measured } from '@/server/api/ofrep/door';
import type { Answer, Exchange } from '@/server/api/ofrep/exchange';
import { CONTEXT_LIMIT } from '@/server/api/ofrep/limits';
import { answerFlags } from '@/server/services/toggle-serving/answer-flags';
import { readContext } from '@/server/services/toggle-serving/context-of';

/** POST /ofrep/v1/evaluate/flags: all flags for one context. */
export const evaluateFlags = measured((exchange) =>
  clientDoor(exchange, undefined, (caller) => answer(exchange, caller)),
);

async function answer(exchange: Exchange, { serving, client }: Caller): Promise<Answer> {
  const body = await exchange.body(CONTEXT_LIMIT);
  const reading = readContext(body.toString('utf8'));
  if (!reading.ok) return failure(400, reading.errorCode, reading.errorDetails);
  // Sent by a client that was told of a change, perhaps by another process than this one.
  const told = exchange.query.get('flagConfigEtag');
  if (told !== null) await serving.catchUp(client.environment, told);
  const flags = serving.environment(client.environment);
  if (!flags) return failure(403, 'GENERAL', 'The environment of this client key is gone.');
  const found = answerFlags(serving, client, flags, reading.context, exchange.header('if-none-match'));
  if (!found) return failure(500, 'PROVIDER_NOT_READY', 'The flags of this environment cannot be used yet.');
  const { etag, text } = found;
  if (text === null) return { status: 304, headers: { etag }, body: null };
  const headers = { etag, 'content-type': 'application/json', 'cache-control': 'no-cache' };
  return { status: 200, headers, body: text };
}
