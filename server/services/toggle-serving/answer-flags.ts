import type { Evaluation, EvaluationContext } from '@/server/domain/toggles';
import type { ClientKey } from '@/server/services/toggle-serving/client-keys';
import type { EnvironmentFlags } from '@/server/services/toggle-serving/environment-flags';
import type { ToggleServing } from '@/server/services/toggle-serving/serving';
import { etagOf, isNoneMatch } from '@/server/toggles/etag';
import { evaluateAll } from '@/server/toggles/evaluate';
import type { FlagSet } from '@/server/toggles/flag-set';

export interface FlagsAnswer {
  readonly etag: string;
  /** JSON in OFREP's form; null when the client has it already. */
  readonly text: string | null;
}

/**
 * All flags of a client's environment for one context.
 * @param ifNoneMatch the header, as it came.
 * @returns null before there is a first set.
 */
export function answerFlags(
  serving: ToggleServing,
  client: ClientKey,
  flags: EnvironmentFlags,
  context: EvaluationContext,
  ifNoneMatch: string | null,
): FlagsAnswer | null {
  const { set } = flags.store;
  if (!set) return null;
  const evaluations = set.readsTime || !ifNoneMatch ? evaluateAll(set, context) : null;
  const token = serving.tokens.issue(client.id, serving.now);
  // The answer holds the stream's address, so it is another one when that changes. A client whose stream was ended
  // because its address is too old would otherwise never be told the new one.
  const etag = `"${etagOf(set, context, evaluations ?? undefined).slice(1, -1)}-${serving.tokens.period(serving.now)}"`;
  if (isNoneMatch(ifNoneMatch, etag)) return { etag, text: null };
  const all = evaluations ?? evaluateAll(set, context);
  serving.counts.add(client.environment, all);
  const streams = [{ type: 'sse', endpoint: { requestUri: `/ofrep/v1/stream?token=${token}` } }];
  const rest = JSON.stringify({ metadata: set.metadata, eventStreams: streams });
  return { etag, text: `{"flags":[${textOf(set, all)}],${rest.slice(1)}` };
}

/** OFREP's form of an answer to one flag. */
export function flagAnswer(evaluation: Evaluation): Record<string, unknown> {
  const { reason, ...rest } = evaluation;
  return reason === 'ERROR' ? rest : { ...rest, reason };
}

interface ServedText {
  readonly reason: string;
  readonly variant: string | undefined;
  readonly text: string;
}

/**
 * The same variant of the same set is always the same text: writing it anew costs more than deciding for it. By flag,
 * as few as its variants: looking through them is quicker than making a name for each.
 */
const texts = new WeakMap<FlagSet, Map<string, ServedText[]>>();

function textOf(set: FlagSet, evaluations: readonly Evaluation[]): string {
  const known = texts.get(set) ?? new Map<string, ServedText[]>();
  texts.set(set, known);
  let text = '';
  for (const evaluation of evaluations) {
    if (text !== '') text += ',';
    text += evaluation.reason === 'ERROR' ? written(evaluation) : servedText(known, evaluation);
  }
  return text;
}

function servedText(known: Map<string, ServedText[]>, evaluation: Evaluation): string {
  const { key, reason, variant } = evaluation;
  const served = known.get(key) ?? [];
  for (const one of served) if (one.variant === variant && one.reason === reason) return one.text;
  const text = written(evaluation);
  served.push({ reason, variant, text });
  known.set(key, served);
  return text;
}

function written(evaluation: Evaluation): string {
  return JSON.stringify(flagAnswer(evaluation));
}
