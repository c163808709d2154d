import { readBody } from '@/server/api/http/body';
import { type Caller, clientDoor, failure } from '@/server/api/ofrep/door';
import { CONTEXT_LIMIT } from '@/server/api/ofrep/limits';
import { answerFlags } from '@/server/services/toggle-serving/answer-flags';
import { readContext } from '@/server/services/toggle-serving/context-of';

/** POST /ofrep/v1/evaluate/flags: all flags for one context. */
export function evaluateFlags(request: Request): Promise<Response> {
  return clientDoor(request, undefined, (caller) => answer(request, caller));
}

async function answer(request: Request, { serving, client }: Caller): Promise<Response> {
  const body = await readBody(request, CONTEXT_LIMIT);
  const reading = readContext(body.toString('utf8'));
  if (!reading.ok) return failure(400, reading.errorCode, reading.errorDetails);
  // Sent by a client that was told of a change, perhaps by another process than this one.
  const told = new URL(request.url).searchParams.get('flagConfigEtag');
  if (told !== null) await serving.catchUp(client.environment, told);
  const flags = serving.environment(client.environment);
  if (!flags) return failure(403, 'GENERAL', 'The environment of this client key is gone.');
  const found = answerFlags(serving, client, flags, reading.context, request.headers.get('if-none-match'));
  if (!found) return failure(500, 'PROVIDER_NOT_READY', 'The flags of this environment cannot be used yet.');
  const { etag, text } = found;
  if (text === null) return new Response(null, { status: 304, headers: { etag } });
  return new Response(text, {
    headers: { etag, 'content-type': 'application/json', 'cache-control': 'no-cache' },
  });
}
