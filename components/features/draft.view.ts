import {
  type Condition,
  type ConditionOperator,
  type ConditionValue,
  type RuleList,
  ruleListSchema,
  type Serve,
} from '@/server/domain/toggle-rules';
import { type ToggleDefinition, toggleDefinitionSchema, type Variants } from '@/server/domain/toggles';
import { fromTargeting } from '@/server/toggles/rules/from-targeting';
import { toTargeting } from '@/server/toggles/rules/to-targeting';

/** How a feature would stand in an environment, while somebody works at it. */
export interface FeatureDraft {
  /** Its targeting is stale while there are rules. */
  readonly definition: ToggleDefinition;
  /** Null when the targeting says more than rules can; then it is changed as JSON. */
  readonly rules: RuleList | null;
}

/** Something that keeps a draft from being saved; `path` is dotted into the rules. */
export interface DraftProblem {
  readonly path: string;
  readonly message: string;
}

export function draftOf(definition: ToggleDefinition): FeatureDraft {
  return { definition, rules: fromTargeting(definition.targeting) };
}

/** What would be saved. */
export function definitionOf({ definition, rules }: FeatureDraft): ToggleDefinition {
  return rules ? { ...definition, targeting: toTargeting(rules) } : definition;
}

/** What is missing in the rules, by place. */
export function draftProblems({ rules }: FeatureDraft): DraftProblem[] {
  if (!rules) return [];
  const read = ruleListSchema.safeParse(rules);
  if (read.success) return [];
  return read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
}

/** Whether two definitions say the same, whatever the order of their fields. */
export function isSame(a: unknown, b: unknown): boolean {
  return sortedText(a) === sortedText(b);
}

/** JSON with its fields in one and the same order, for comparing and for the eye. */
export function sortedText(value: unknown): string {
  return value === null || value === undefined ? '' : JSON.stringify(sorted(value), null, 2);
}

function sorted(value: unknown): unknown {
  // The order of a JSONLogic list means something; that of fields does not.
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
}

/** The definition as text, in the order in which people read it. */
export function definitionText(definition: ToggleDefinition): string {
  const { on, defaultVariant, offVariant, targeting, ...rest } = definition;
  return JSON.stringify({ on, defaultVariant, offVariant, targeting, ...rest }, null, 2);
}

export type ReadDefinition =
  | { readonly draft: FeatureDraft; readonly problems: readonly DraftProblem[] }
  /** Null in place of problems: it is no JSON. */
  | { readonly draft: null; readonly problems: readonly DraftProblem[] | null };

/** Reads what somebody typed as JSON. */
export function readDefinition(text: string): ReadDefinition {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { draft: null, problems: null };
  }
  const read = toggleDefinitionSchema.safeParse(value);
  if (read.success) return { draft: draftOf(read.data), problems: [] };
  const problems = read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  return { draft: null, problems };
}

/** The list with one of its items one place further up (-1) or down (1). */
export function moved<Item>(list: readonly Item[], from: number, by: -1 | 1): Item[] {
  const to = from + by;
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length) return [...list];
  const rest = list.toSpliced(from, 1);
  return rest.toSpliced(to, 0, item);
}

export const OPERATORS = [
  'equals',
  'notEquals',
  'in',
  'notIn',
  'contains',
  'notContains',
  'startsWith',
  'endsWith',
  'greater',
  'greaterOrEqual',
  'less',
  'lessOrEqual',
  'version',
  'inSegment',
  'notInSegment',
  'looselyEquals',
  'looselyNotEquals',
] as const satisfies readonly ConditionOperator[];

export function isOperator(value: string): value is ConditionOperator {
  return OPERATORS.some((operator) => operator === value);
}

/** The condition with another operator, keeping of the rest what still makes sense. */
export function withOperator(
  condition: Condition,
  operator: ConditionOperator,
  segments: readonly string[],
): Condition {
  const attribute = 'attribute' in condition ? condition.attribute : '';
  const value = valueOf(condition);
  switch (operator) {
    case 'equals':
    case 'notEquals':
    case 'looselyEquals':
    case 'looselyNotEquals':
      return { operator, attribute, value };
    case 'in':
    case 'notIn':
      return {
        operator,
        attribute,
        values: 'values' in condition ? condition.values : value === '' ? [] : [value],
      };
    case 'contains':
    case 'notContains':
    case 'startsWith':
    case 'endsWith':
      return { operator, attribute, value: String(value) };
    case 'greater':
    case 'greaterOrEqual':
    case 'less':
    case 'lessOrEqual':
      return { operator, attribute, value: Number(value) || 0 };
    case 'version':
      return { operator, attribute, comparison: '>=', value: String(value) };
    case 'inSegment':
    case 'notInSegment':
      return { operator, segment: 'segment' in condition ? condition.segment : (segments[0] ?? '') };
    default: {
      const unreachable: never = operator;
      return unreachable;
    }
  }
}

function valueOf(condition: Condition): ConditionValue {
  if ('values' in condition) return condition.values[0] ?? '';
  return 'value' in condition ? condition.value : '';
}

/** What was typed as a value: true, false and numbers are themselves, and text in quotes is text whatever it says. */
export function readValue(text: string): ConditionValue {
  const plain = text.trim();
  const quoted = /^"(.*)"$/.exec(plain);
  if (quoted) return quoted[1] ?? '';
  if (plain === 'true' || plain === 'false') return plain === 'true';
  // Untrimmed: a space may be the beginning of the next word.
  return plain !== '' && String(Number(plain)) === plain ? Number(plain) : text;
}

/** A value as it is typed. */
export function valueText(value: ConditionValue): string {
  return typeof value === 'string' && readValue(value) !== value ? `"${value}"` : String(value);
}

/** The first thing that somebody may want to serve where nothing is said yet. */
export function firstServe(variants: Variants, fallback: string | null): Serve {
  return { kind: 'variant', variant: fallback ?? Object.keys(variants)[0] ?? '' };
}
