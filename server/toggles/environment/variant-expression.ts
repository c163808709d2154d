import type { Flag, Json, JsonObject } from '@/server/domain/toggles';
import { argumentsOf, isJsonObject, operationOf } from '@/server/toggles/json';
import { ITERATING } from '@/server/toggles/validate/operators';

/** The variant that a flag serves: always the same one (null for none), or an expression that answers it. */
export type VariantAnswer =
  | { readonly kind: 'constant'; readonly variant: string | null }
  | { readonly kind: 'expression'; readonly logic: JsonObject };

/**
 * What another flag's targeting can ask to learn which variant this flag serves. flagd knows no prerequisites, so the
 * answer must be worked out inside the other flag, where `$flagd.flagKey` is another one: everything that depends on
 * it is written out, the buckets of splits first of all.
 * @param flag as served, with every `$ref` replaced.
 */
export function variantAnswer(key: string, flag: Flag): VariantAnswer {
  const otherwise = flag.defaultVariant ?? null;
  if (flag.state === 'DISABLED') return { kind: 'constant', variant: null };
  if (!flag.targeting || Object.keys(flag.targeting).length === 0) {
    return { kind: 'constant', variant: otherwise };
  }
  const logic = asVariant(withOwnKey(flag.targeting, key), otherwise);
  return isJsonObject(logic)
    ? { kind: 'expression', logic }
    : { kind: 'constant', variant: typeof logic === 'string' ? logic : null };
}

/** Whether the expression hands on the whole context, in which the key of the flag cannot be replaced. */
export function readsWholeContext(node: Json): boolean {
  if (Array.isArray(node)) return node.some(readsWholeContext);
  if (!isJsonObject(node)) return false;
  const operation = operationOf(node);
  if (operation?.operator === 'var') {
    const [name] = argumentsOf(operation.operand);
    return name === '' || name === '$flagd';
  }
  // Inside a list's test the empty name is the item.
  const skip = operation && ITERATING.has(operation.operator) ? 1 : Number.POSITIVE_INFINITY;
  return Object.values(node).some((own) => argumentsOf(own).slice(0, skip).some(readsWholeContext));
}

function withOwnKey(node: Json, key: string): Json {
  if (Array.isArray(node)) return node.map((item) => withOwnKey(item, key));
  const operation = isJsonObject(node) ? operationOf(node) : null;
  if (!operation) return node;
  const { operator, operand } = operation;
  if (operator === 'var') return argumentsOf(operand)[0] === '$flagd.flagKey' ? key : node;
  if (ITERATING.has(operator) && Array.isArray(operand)) {
    // The test of each item does not see flagd's properties.
    return { [operator]: operand.map((item, at) => (at === 0 ? withOwnKey(item, key) : item)) };
  }
  const own = withOwnKey(operand, key);
  if (operator !== 'fractional' || !Array.isArray(own)) return { [operator]: own };
  const [first = null] = own;
  if (!Array.isArray(first)) return { fractional: own };
  const targetingKey = { var: 'targetingKey' };
  // As flagd does without a bucketing value of its own: the flag's key and the targeting key, or nothing.
  return {
    if: [{ '!!': [targetingKey] }, { fractional: [{ cat: [key, targetingKey] }, ...own] }, null],
  };
}

/** The expression with text for every answer, and the default variant for null. */
function asVariant(node: Json, otherwise: string | null): Json {
  if (node === null) return otherwise;
  if (typeof node !== 'object') return String(node);
  const operation = isJsonObject(node) ? operationOf(node) : null;
  if (!operation) return node;
  const { operator, operand } = operation;
  if (operator === 'if' && Array.isArray(operand)) {
    const hasElse = operand.length % 2 === 1;
    const branches = operand.map((item, at) =>
      at % 2 === 1 || at === operand.length - 1 ? asVariant(item, otherwise) : item,
    );
    return { if: hasElse ? branches : [...branches, otherwise] };
  }
  if (operator === 'fractional' && isPlainSplit(operand)) {
    return otherwise === null ? node : { or: [node, otherwise] };
  }
  // Answers true and false mean the variants of these names.
  return { if: [{ '===': [node, null] }, otherwise, { cat: [node] }] };
}

/** Every bucket names its variant as text, so the answer is text or null. */
function isPlainSplit(operand: Json): boolean {
  return argumentsOf(operand).every((one) => !Array.isArray(one) || typeof one[0] === 'string');
}
