import { type Message, message } from '@/server/domain/message';
import type { Condition, ConditionValue } from '@/server/domain/toggle-rules';

/** A condition in words, for the builder and the playground. */
export function describeCondition(condition: Condition): Message {
  switch (condition.operator) {
    case 'inSegment':
    case 'notInSegment':
      return message(`toggle.condition.${condition.operator}`, { segment: condition.segment });
    case 'in':
    case 'notIn':
      return message(`toggle.condition.${condition.operator}`, {
        attribute: condition.attribute,
        values: condition.values.map(shown).join(', '),
      });
    case 'version':
      return message('toggle.condition.version', {
        attribute: condition.attribute,
        comparison: condition.comparison,
        value: condition.value,
      });
    case 'looselyEquals':
      return described('equals', condition);
    case 'looselyNotEquals':
      return described('notEquals', condition);
    default:
      return described(condition.operator, condition);
  }
}

function described(
  operator: string,
  { attribute, value }: { readonly attribute: string; readonly value: ConditionValue },
): Message {
  return message(`toggle.condition.${operator}`, { attribute, value: shown(value) });
}

function shown(value: ConditionValue): string {
  return value === '' ? '“”' : String(value);
}
