import type { Evaluators, FlagIssue, Json } from '@/server/domain/toggles';
import { isJsonObject, operationOf } from '@/server/toggles/json';
import { referenceOf } from '@/server/toggles/references';
import { BOOLEAN } from '@/server/toggles/validate/operators';

interface Result {
  readonly path: string;
  /** What is surely a possible answer there. */
  readonly variant: string;
}

/**
 * What targeting may answer and no variant is called like. Only what can be told without a context: literals at the
 * places of answers, and operators that answer true or false. Call it on an expression whose grammar is right.
 */
export function variantIssues(
  targeting: Json,
  path: string,
  variants: readonly string[],
  evaluators: Evaluators,
): FlagIssue[] {
  const known = new Set(variants);
  return resultsOf(targeting, path, evaluators)
    .filter(({ variant }) => !known.has(variant))
    .map((result) => ({
      path: result.path,
      message: noVariant(result.variant, variants),
    }));
}

export function noVariant(name: string, variants: readonly string[]): string {
  return `there is no variant “${name}”; the variants are ${variants.join(', ')}`;
}

function resultsOf(node: Json, path: string, evaluators: Evaluators): Result[] {
  // flagd makes text of whatever comes out; null stands for the default variant.
  if (node === null) return [];
  if (typeof node !== 'object') return [{ path, variant: String(node) }];
  if (!isJsonObject(node)) return [];
  const reference = referenceOf(node);
  if (reference !== null) {
    const target = Object.hasOwn(evaluators, reference) ? evaluators[reference] : undefined;
    return target ? resultsOf(target, `${path}.$ref`, evaluators).map((one) => ({ ...one, path })) : [];
  }
  const operation = operationOf(node);
  if (!operation) return [];
  const { operator, operand } = operation;
  if (BOOLEAN.has(operator)) {
    return ['true', 'false'].map((variant) => ({ path: `${path}.${operator}`, variant }));
  }
  if (!Array.isArray(operand)) return [];
  const at = (index: number) =>
    resultsOf(operand[index] ?? null, `${path}.${operator}[${index}]`, evaluators);
  const indices = operand.map((_, index) => index);
  switch (operator) {
    case 'if':
      // Odd places answer, the even ones ask; what is left over at the end is the else.
      return indices
        .filter((index) => index % 2 === 1 || index === operand.length - 1)
        .flatMap((index) => at(index));
    case 'fractional':
      return indices.flatMap((index) =>
        bucketResults(operand[index] ?? null, `${path}.fractional[${index}]`),
      );
    case 'or':
    case 'and':
      return at(operand.length - 1);
    default:
      return [];
  }

  function bucketResults(bucket: Json, own: string): Result[] {
    return Array.isArray(bucket) ? resultsOf(bucket[0] ?? null, `${own}[0]`, evaluators) : [];
  }
}
