import { type Caller, clientDoor, failure, measured } from '@/server/api/ofrep/door';
import { type Answer, type Exchange, json } from '@/server/api/ofrep/exchange';
import { CONTEXT_LIMIT } from '@/server/api/ofrep/limits';
import type { EvaluationErrorCode } from '@/server/domain/toggles';
import { flagAnswer } from '@/server/services/toggle-serving/answer-flags';
import { readContext } from '@/server/services/toggle-serving/context-of';

const PREFIX = '/ofrep/v1/evaluate/flags/';

/** POST /ofrep/v1/evaluate/flags/{key}: some providers do not encode slashes in keys, so the rest of the path is the key. */
export const evaluateFlag = measured((exchange) => {
  const key = keyIn(exchange.pathname);
  return clientDoor(exchange, key, (caller) => answer(exchange, key, caller));
});

async function answer(exchange: Exchange, key: string, { serving, client }: Caller): Promise<Answer> {
  const body = await exchange.body(CONTEXT_LIMIT);
  const reading = readContext(body.toString('utf8'));
  if (!reading.ok) return failure(400, reading.errorCode, reading.errorDetails, { key });
  const flags = serving.environment(client.environment);
  if (!flags) return failure(403, 'GENERAL', 'The environment of this client key is gone.', { key });
  const evaluation = flags.evaluate(key, reading.context);
  if (evaluation.reason === 'ERROR') return json(statusOf(evaluation.errorCode), flagAnswer(evaluation));
  serving.counts.add(client.environment, [evaluation]);
  return json(200, flagAnswer(evaluation));
}

function keyIn(pathname: string): string {
  const rest = pathname.slice(PREFIX.length);
  try {
    return decodeURIComponent(rest);
  } catch {
    return rest;
  }
}

function statusOf(code: EvaluationErrorCode): number {
  switch (code) {
    case 'FLAG_NOT_FOUND':
      return 404;
    case 'PROVIDER_NOT_READY':
      return 500;
    case 'PARSE_ERROR':
    case 'TYPE_MISMATCH':
    case 'TARGETING_KEY_MISSING':
    case 'INVALID_CONTEXT':
    case 'GENERAL':
      return 400;
    default:
      return code satisfies never;
  }
}
