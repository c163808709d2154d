import type { Json, JsonObject } from '@/server/domain/toggles';

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The one operator of a JSONLogic object and its operand; null when there are none or several. */
export function operationOf(node: JsonObject): { operator: string; operand: Json } | null {
  const [first, second] = Object.entries(node);
  return first && !second ? { operator: first[0], operand: first[1] } : null;
}

/** An operand as the list of arguments that it stands for. */
export function argumentsOf(operand: Json): readonly Json[] {
  return Array.isArray(operand) ? operand : [operand];
}

/** The same text for the same content, whatever the order of keys; undefined fields are left out as JSON does. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value instanceof Date) return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, own]) => own !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, own]) => `${JSON.stringify(key)}:${canonical(own)}`);
  return `{${fields.join(',')}}`;
}

/** Every node of a JSONLogic expression, itself included. */
export function* nodesOf(value: Json): Generator<Json> {
  yield value;
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  else if (isJsonObject(value)) for (const own of Object.values(value)) yield* nodesOf(own);
}

/** How deep the value is nested, counted no further than `limit`. Not recursive: what comes from outside may be deep. */
export function isDeeperThan(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((one): unknown[] =>
      typeof one === 'object' && one !== null ? Object.values(one) : [],
    );
  }
  return false;
}
