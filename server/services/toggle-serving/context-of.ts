import { type EvaluationContext, evaluationContextSchema } from '@/server/domain/toggles';
import { isDeeperThan } from '@/server/toggles/json';

/** Deeper than anyone's attributes, and far from what recursion can bear. */
const DEEPEST = 32;

export type ContextReading =
  | { readonly ok: true; readonly context: EvaluationContext }
  | {
      readonly ok: false;
      readonly errorCode: 'PARSE_ERROR' | 'INVALID_CONTEXT';
      readonly errorDetails: string;
    };

/** The context in the body of an evaluation. No body at all is the empty context. */
export function readContext(body: string): ContextReading {
  if (body.trim() === '') return { ok: true, context: {} };
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { ok: false, errorCode: 'PARSE_ERROR', errorDetails: 'The body is no JSON.' };
  }
  if (!isRecord(parsed))
    return invalid('The body must be an object such as {"context": {"targetingKey": "…"}}.');
  if (parsed.context === undefined) return { ok: true, context: {} };
  if (!isRecord(parsed.context)) return invalid('"context" must be an object.');
  if (isDeeperThan(parsed.context, DEEPEST)) return invalid('"context" is nested too deep.');
  const context = evaluationContextSchema.safeParse(parsed.context);
  return context.success ? { ok: true, context: context.data } : invalid('"targetingKey" must be a text.');
}

function invalid(errorDetails: string): ContextReading {
  return { ok: false, errorCode: 'INVALID_CONTEXT', errorDetails };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
