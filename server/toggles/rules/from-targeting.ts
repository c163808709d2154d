import { type RuleList, type Serve, type Split, splitSchema } from '@/server/domain/toggle-rules';
import type { Json, Targeting } from '@/server/domain/toggles';
import { argumentsOf, isJsonObject, operationOf } from '@/server/toggles/json';
import { attributeOf, fromLogic } from '@/server/toggles/rules/condition-from-logic';

/**
 * The rules that targeting stands for: what `toTargeting` wrote, and the usual other ways to write the same, such as
 * an `if` in the else. Null when it was written by hand and says what rules cannot say.
 */
export function fromTargeting(targeting: Targeting | null | undefined): RuleList | null {
  if (!targeting || Object.keys(targeting).length === 0) return { rules: [], otherwise: null };
  const split = fromSplitLogic(targeting);
  return split ? { rules: [], otherwise: split } : fromBranches(targeting);
}

function fromBranches(node: Json): RuleList | null {
  const operation = isJsonObject(node) ? operationOf(node) : null;
  if (operation?.operator !== 'if' || !Array.isArray(operation.operand)) return null;
  const [condition, answer, ...rest] = operation.operand;
  if (condition === undefined || answer === undefined) return null;
  const conditions = fromLogic(condition);
  const serve = fromServeLogic(answer);
  if (!conditions || !serve) return null;
  const remaining = fromElse(rest);
  return (
    remaining && { rules: [{ ...conditions, serve }, ...remaining.rules], otherwise: remaining.otherwise }
  );
}

function fromElse(rest: readonly Json[]): RuleList | null {
  const [first = null] = rest;
  if (rest.length > 1) return fromBranches({ if: [...rest] });
  if (first === null) return { rules: [], otherwise: null };
  const otherwise = fromServeLogic(first);
  return otherwise ? { rules: [], otherwise } : fromBranches(first);
}

function fromServeLogic(node: Json): Serve | null {
  if (typeof node === 'string' && node !== '') return { kind: 'variant', variant: node };
  // As flagd reads it.
  if (typeof node === 'boolean') return { kind: 'variant', variant: String(node) };
  return fromSplitLogic(node);
}

function fromSplitLogic(node: Json): Split | null {
  const operation = isJsonObject(node) ? operationOf(node) : null;
  if (operation?.operator === 'fractional') return splitOf(null, argumentsOf(operation.operand));
  if (operation?.operator !== 'if') return null;
  const [condition = null, split = null, otherwise = null, ...more] = argumentsOf(operation.operand);
  const by = presentAttribute(condition);
  const inner = isJsonObject(split) ? operationOf(split) : null;
  if (by === null || otherwise !== null || more.length > 0 || inner?.operator !== 'fractional') return null;
  const [key = null, ...buckets] = argumentsOf(inner.operand);
  return bucketAttribute(key) === by ? splitOf(by, buckets) : null;
}

/** `{"!!": [{"var": "email"}]}` */
function presentAttribute(node: Json): string | null {
  const operation = isJsonObject(node) ? operationOf(node) : null;
  return operation?.operator === '!!' ? attributeOf(argumentsOf(operation.operand)[0] ?? null) : null;
}

/** `{"cat": [{"var": "$flagd.flagKey"}, {"var": "email"}]}` */
function bucketAttribute(node: Json): string | null {
  const operation = isJsonObject(node) ? operationOf(node) : null;
  if (operation?.operator !== 'cat') return null;
  const [flagKey = null, by = null, ...more] = argumentsOf(operation.operand);
  return attributeOf(flagKey) === '$flagd.flagKey' && more.length === 0 ? attributeOf(by) : null;
}

function splitOf(by: string | null, buckets: readonly Json[]): Split | null {
  const parsed = splitSchema.safeParse({
    kind: 'split',
    by,
    buckets: buckets.map((bucket) => {
      if (!Array.isArray(bucket) || bucket.length > 2) return null;
      const [variant, weight = 1] = bucket;
      return { variant, weight };
    }),
  });
  return parsed.success ? parsed.data : null;
}
