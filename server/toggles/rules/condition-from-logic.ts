import {
  type Condition,
  type Conditions,
  conditionSchema,
  VERSION_COMPARISONS,
} from '@/server/domain/toggle-rules';
import type { Json } from '@/server/domain/toggles';
import { argumentsOf, isJsonObject, operationOf } from '@/server/toggles/json';
import { referenceOf } from '@/server/toggles/references';

/** The conditions that an expression stands for; null when it says what conditions cannot say. */
export function fromLogic(logic: Json): Conditions | null {
  if (logic === true || isEveryone(logic)) return { match: 'all', conditions: [] };
  // A comparison of numbers is written as an `and`, too, so a single condition is looked for first.
  const single = fromConditionLogic(logic);
  if (single) return { match: 'all', conditions: [single] };
  const operation = isJsonObject(logic) ? operationOf(logic) : null;
  if (!operation || !Array.isArray(operation.operand) || operation.operand.length === 0) return null;
  if (operation.operator !== 'and' && operation.operator !== 'or') return null;
  const conditions = operation.operand.map(fromConditionLogic);
  const known = conditions.filter((condition) => condition !== null);
  if (known.length < conditions.length) return null;
  return { match: operation.operator === 'and' ? 'all' : 'any', conditions: known };
}

function isEveryone(logic: Json): boolean {
  const operation = isJsonObject(logic) ? operationOf(logic) : null;
  return operation?.operator === '!!' && argumentsOf(operation.operand)[0] === true;
}

export function fromConditionLogic(logic: Json): Condition | null {
  const found = conditionSchema.safeParse(candidate(logic));
  return found.success ? found.data : null;
}

/** What the expression would be as a condition; the schema then says whether it is one. */
function candidate(logic: Json): unknown {
  const segment = referenceOf(logic);
  if (segment !== null) return { operator: 'inSegment', segment };
  const operation = isJsonObject(logic) ? operationOf(logic) : null;
  if (!operation) return null;
  const given = argumentsOf(operation.operand);
  const [left = null, right = null, third = null] = given;
  switch (operation.operator) {
    case '===':
      return compared('equals', left, right);
    case '!==':
      return compared('notEquals', left, right);
    case '==':
      return compared('looselyEquals', left, right);
    case '!=':
      return compared('looselyNotEquals', left, right);
    case 'starts_with':
      return compared('startsWith', left, right);
    case 'ends_with':
      return compared('endsWith', left, right);
    case 'in':
      return Array.isArray(right)
        ? { operator: 'in', attribute: attributeOf(left), values: right }
        : compared('contains', right, left);
    case 'sem_ver':
      return {
        operator: 'version',
        attribute: attributeOf(left),
        comparison: VERSION_COMPARISONS.find((one) => one === right),
        value: third,
      };
    case '!':
      return given.length === 1 ? denied(candidate(left)) : null;
    case 'and':
      return given.length === 2 ? numberComparison(left, right) : null;
    default:
      return null;
  }
}

function compared(operator: Condition['operator'], variable: Json, value: Json): unknown {
  return { operator, attribute: attributeOf(variable), value };
}

const DENIALS: Readonly<Record<string, string>> = {
  in: 'notIn',
  contains: 'notContains',
  inSegment: 'notInSegment',
};

function denied(inner: unknown): unknown {
  if (typeof inner !== 'object' || inner === null || !('operator' in inner)) return null;
  const { operator } = inner;
  return typeof operator === 'string' && Object.hasOwn(DENIALS, operator)
    ? { ...inner, operator: DENIALS[operator] }
    : null;
}

const COMPARISONS: Readonly<Record<string, Condition['operator']>> = {
  '>': 'greater',
  '>=': 'greaterOrEqual',
  '<': 'less',
  '<=': 'lessOrEqual',
};

/** `{"and": [{"!==": [x, null]}, {">": [x, 5]}]}`: without the first part, those who lack it would count as 0. */
function numberComparison(guard: Json, comparison: Json): unknown {
  const [present, compares] = [guard, comparison].map((one) => (isJsonObject(one) ? operationOf(one) : null));
  if (present?.operator !== '!==' || !compares || !Object.hasOwn(COMPARISONS, compares.operator)) return null;
  const [guarded = null, nothing] = argumentsOf(present.operand);
  const [left = null, right = null, ...more] = argumentsOf(compares.operand);
  const attribute = attributeOf(left);
  const isGuard = nothing === null && attribute !== null && attributeOf(guarded) === attribute;
  return isGuard && more.length === 0
    ? { operator: COMPARISONS[compares.operator], attribute, value: right }
    : null;
}

/** The attribute of `{"var": "email"}` or `{"var": ["email"]}`. */
export function attributeOf(node: Json): string | null {
  const operation = isJsonObject(node) ? operationOf(node) : null;
  if (operation?.operator !== 'var') return null;
  const [name, ...defaults] = argumentsOf(operation.operand);
  return typeof name === 'string' && name !== '' && defaults.length === 0 ? name : null;
}
