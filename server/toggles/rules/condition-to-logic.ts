import type { Condition, Conditions } from '@/server/domain/toggle-rules';
import type { Json, JsonObject, Targeting } from '@/server/domain/toggles';

/** A condition of nothing: everyone. Targeting must be an object, the condition of a rule may be this literal. */
export const EVERYONE = true;
const EVERYONE_AS_OBJECT: JsonObject = { '!!': [EVERYONE] };

/** What a segment of these conditions is in flagd's `$evaluators`. */
export function toSegment(conditions: Conditions): Targeting {
  const logic = toLogic(conditions);
  return typeof logic === 'object' ? logic : EVERYONE_AS_OBJECT;
}

export function toLogic({ match, conditions }: Conditions): JsonObject | typeof EVERYONE {
  const [first, ...more] = conditions.map(conditionLogic);
  if (!first) return EVERYONE;
  if (match === 'any') return { or: [first, ...more] };
  return more.length === 0 ? first : { and: [first, ...more] };
}

export function conditionLogic(condition: Condition): JsonObject {
  switch (condition.operator) {
    case 'equals':
      // Strict, because flagd's loose comparison fails on lists and objects, and the flag with it.
      return { '===': [attribute(condition.attribute), condition.value] };
    case 'notEquals':
      return { '!==': [attribute(condition.attribute), condition.value] };
    case 'looselyEquals':
      return { '==': [attribute(condition.attribute), condition.value] };
    case 'looselyNotEquals':
      return { '!=': [attribute(condition.attribute), condition.value] };
    case 'in':
      return { in: [attribute(condition.attribute), [...condition.values]] };
    case 'notIn':
      return not({ in: [attribute(condition.attribute), [...condition.values]] });
    case 'contains':
      return { in: [condition.value, attribute(condition.attribute)] };
    case 'notContains':
      return not({ in: [condition.value, attribute(condition.attribute)] });
    case 'startsWith':
      return { starts_with: [attribute(condition.attribute), condition.value] };
    case 'endsWith':
      return { ends_with: [attribute(condition.attribute), condition.value] };
    case 'greater':
      return present(condition.attribute, { '>': [attribute(condition.attribute), condition.value] });
    case 'greaterOrEqual':
      return present(condition.attribute, { '>=': [attribute(condition.attribute), condition.value] });
    case 'less':
      return present(condition.attribute, { '<': [attribute(condition.attribute), condition.value] });
    case 'lessOrEqual':
      return present(condition.attribute, { '<=': [attribute(condition.attribute), condition.value] });
    case 'version':
      return { sem_ver: [attribute(condition.attribute), condition.comparison, condition.value] };
    case 'inSegment':
      return { $ref: condition.segment };
    case 'notInSegment':
      return not({ $ref: condition.segment });
    default:
      return condition satisfies never;
  }
}

export function attribute(name: string): JsonObject {
  return { var: name };
}

/** JSONLogic counts a missing attribute as 0, so everyone without an age would be younger than 18. */
function present(name: string, comparison: JsonObject): JsonObject {
  return { and: [{ '!==': [attribute(name), null] }, comparison] };
}

function not(logic: Json): JsonObject {
  return { '!': [logic] };
}
