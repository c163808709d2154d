import { readValue } from '@/components/features/draft.view';
import type { EvaluationContext } from '@/server/domain/toggles';

/** What somebody says about a person; in the order in which they said it. */
export interface Attribute {
  readonly id: number;
  readonly name: string;
  readonly text: string;
}

/** The attributes as an application would send them; `plan.name` becomes an object. Those without a name or a value are left out. */
export function contextOf(targetingKey: string, attributes: readonly Attribute[]): EvaluationContext {
  const context: Record<string, unknown> = {};
  for (const { name, text } of attributes) {
    const path = name.trim().split('.').filter(Boolean);
    if (path.length > 0 && text !== '' && !path.includes('__proto__')) put(context, path, readValue(text));
  }
  return targetingKey.trim() === '' ? context : { ...context, targetingKey: targetingKey.trim() };
}

function put(into: Record<string, unknown>, [first = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    into[first] = value;
    return;
  }
  const there = into[first];
  const below: Record<string, unknown> = typeof there === 'object' && there !== null ? { ...there } : {};
  put(below, rest, value);
  into[first] = below;
}
