import { MAX_TOTAL_WEIGHT } from '@/server/domain/toggle-rules';
import type { FlagIssue, Json, JsonObject } from '@/server/domain/toggles';
import { argumentsOf, isJsonObject, operationOf } from '@/server/toggles/json';
import {
  arityOf,
  ITERATING,
  similarOperator,
  UNARY,
  VERSION_COMPARISON,
} from '@/server/toggles/validate/operators';

/** As semver.org defines a version; flagd reads more, its published schema does not. */
const VERSION =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$/;
/** Those that flagd adds to JSONLogic; a segment may hold them. */
const FLAGD_OPERATORS = new Set(['$ref', 'fractional', 'sem_ver', 'starts_with', 'ends_with']);
const FLAGD_PROPERTIES = ['$flagd.flagKey', '$flagd.timestamp'];

interface Place {
  readonly path: string;
  /** Inside the test of `map`, `filter` and the like. */
  readonly iterating: boolean;
  /** Names that `$ref` may use. */
  readonly segments: ReadonlySet<string>;
}

/** What is wrong with the grammar of one expression; where, from `path` on. */
export function grammarIssues(node: Json, path: string, segments: ReadonlySet<string>): FlagIssue[] {
  return expressionIssues(node, { path, iterating: false, segments });
}

function expressionIssues(node: Json, place: Place): FlagIssue[] {
  if (Array.isArray(node)) return node.flatMap((item, at) => expressionIssues(item, into(place, `[${at}]`)));
  if (!isJsonObject(node)) return [];
  const operation = operationOf(node);
  if (!operation) {
    const count = Object.keys(node).length;
    return [issue(place, count === 0 ? 'an empty object decides nothing' : tooMany(node))];
  }
  const { operator, operand } = operation;
  const inside = into(place, `.${operator}`);
  if (place.iterating && FLAGD_OPERATORS.has(operator)) {
    // They look for flagd's own properties, which are out of sight there, and throw.
    return [issue(inside, 'does not work on the items of a list')];
  }
  switch (operator) {
    case '$ref':
      return referenceIssues(operand, inside);
    case 'var':
      return variableIssues(operand, inside);
    case 'missing':
      return isTextList(operand) ? [] : [issue(inside, 'must be a list of attribute names')];
    case 'missing_some':
      return missingSomeIssues(operand, inside);
    case 'fractional':
      return fractionalIssues(operand, inside);
    case 'sem_ver':
      return versionIssues(operand, inside);
    default:
      return operatorIssues(operator, operand, inside);
  }
}

function operatorIssues(operator: string, operand: Json, inside: Place): FlagIssue[] {
  const arity = arityOf(operator);
  if (!arity) {
    const meant = similarOperator(operator);
    return [issue(inside, `unknown operator “${operator}”${meant ? `; did you mean “${meant}”?` : ''}`)];
  }
  if (!Array.isArray(operand) && !UNARY.has(operator)) return [issue(inside, 'must be a list of arguments')];
  const given = argumentsOf(operand);
  if (given.length < arity.min || given.length > arity.max) {
    return [issue(inside, `takes ${arityText(arity)}, not ${given.length}`)];
  }
  const isText = operator === 'starts_with' || operator === 'ends_with';
  return given.flatMap((argument, at) => {
    const own = Array.isArray(operand) ? into(inside, `[${at}]`) : inside;
    if (isText && typeof argument !== 'string' && !isJsonObject(argument)) {
      return [issue(own, 'must be text or an expression that answers text')];
    }
    return expressionIssues(argument, at > 0 && ITERATING.has(operator) ? { ...own, iterating: true } : own);
  });
}

function referenceIssues(operand: Json, inside: Place): FlagIssue[] {
  if (typeof operand !== 'string') return [issue(inside, 'must be the name of a segment')];
  return inside.segments.has(operand) ? [] : [issue(inside, `there is no segment “${operand}”`)];
}

function variableIssues(operand: Json, inside: Place): FlagIssue[] {
  const [name, ...defaults] = Array.isArray(operand) ? operand : [operand];
  if (typeof name !== 'string') return [issue(inside, 'must name an attribute')];
  if (name.startsWith('$flagd.') && !FLAGD_PROPERTIES.includes(name)) {
    return [issue(inside, `flagd gives only ${FLAGD_PROPERTIES.join(' and ')}`)];
  }
  return defaults.some((value) => typeof value === 'object' && value !== null)
    ? [issue(inside, 'a default must be text, a number, true, false or null')]
    : [];
}

function missingSomeIssues(operand: Json, inside: Place): FlagIssue[] {
  const [least, names, ...more] = argumentsOf(operand);
  const isRight = typeof least === 'number' && isTextList(names) && more.length === 0;
  return isRight ? [] : [issue(inside, 'must be a number and a list of attribute names')];
}

function versionIssues(operand: Json, inside: Place): FlagIssue[] {
  if (!Array.isArray(operand) || operand.length !== 3) {
    return [issue(inside, 'takes a version, a comparison and a version')];
  }
  const [left, comparison, right] = operand;
  const side = (value: Json | undefined, at: number): FlagIssue[] => {
    const own = into(inside, `[${at}]`);
    if (isJsonObject(value) && operationOf(value)?.operator === 'var') return expressionIssues(value, own);
    if (typeof value === 'string' && VERSION.test(value)) return [];
    return [issue(own, 'must be a version such as 1.2.3, or {"var": …}')];
  };
  const isKnown = typeof comparison === 'string' && VERSION_COMPARISON.has(comparison);
  return [
    ...side(left, 0),
    ...(isKnown ? [] : [issue(into(inside, '[1]'), `must be one of ${[...VERSION_COMPARISON].join(' ')}`)]),
    ...side(right, 2),
  ];
}

function fractionalIssues(operand: Json, inside: Place): FlagIssue[] {
  if (!Array.isArray(operand) || operand.length === 0) return [issue(inside, 'must be a list of buckets')];
  const [first] = operand;
  const hasKey = isJsonObject(first);
  const keyIssues = hasKey ? expressionIssues(first, into(inside, '[0]')) : [];
  const buckets = hasKey ? operand.slice(1) : operand;
  const issues = buckets.flatMap((bucket, at) =>
    bucketIssues(bucket, into(inside, `[${hasKey ? at + 1 : at}]`)),
  );
  const weights = buckets.map((bucket) => (Array.isArray(bucket) ? (bucket[1] ?? 1) : 0));
  const sum = weights.reduce<number>((total, weight) => total + (typeof weight === 'number' ? weight : 0), 0);
  const tooHeavy = sum > MAX_TOTAL_WEIGHT;
  return [
    ...keyIssues,
    ...(buckets.length === 0 ? [issue(inside, 'needs at least one bucket')] : []),
    ...issues,
    ...(tooHeavy ? [issue(inside, `the weights add up to ${sum}, more than ${MAX_TOTAL_WEIGHT}`)] : []),
  ];
}

function bucketIssues(bucket: Json, place: Place): FlagIssue[] {
  if (!Array.isArray(bucket) || bucket.length === 0 || bucket.length > 2) {
    return [issue(place, 'must be a variant and its weight, such as ["on", 10]')];
  }
  const [variant = null, weight] = bucket;
  const issues = expressionIssues(variant, into(place, '[0]'));
  if (weight === undefined) return issues;
  const own = into(place, '[1]');
  if (isJsonObject(weight)) return [...issues, ...expressionIssues(weight, own)];
  const isWeight = typeof weight === 'number' && Number.isInteger(weight) && weight >= 0;
  return isWeight ? issues : [...issues, issue(own, 'a weight must be a whole number from 0 on')];
}

function isTextList(value: Json | undefined): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function arityText({ min, max }: { readonly min: number; readonly max: number }): string {
  const noun = (count: number) => (count === 1 ? 'argument' : 'arguments');
  if (min === max) return `${min} ${noun(min)}`;
  return Number.isFinite(max) ? `${min} to ${max} ${noun(max)}` : `at least ${min} ${noun(min)}`;
}

function tooMany(node: JsonObject): string {
  return `an expression has one operator, this one has ${Object.keys(node).join(', ')}`;
}

function into(place: Place, step: string): Place {
  return { ...place, path: `${place.path}${step}` };
}

function issue(place: Place, message: string): FlagIssue {
  return { path: place.path, message };
}
