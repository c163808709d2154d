import { Optional } from '@marcbachmann/cel-js';

/** Deeper values have no business in a pipeline; the limit keeps conversion from running away. */
const MAX_DEPTH = 24;

/** JSON as CEL sees it: whole numbers are ints, so that `parameters.count + 1` means what it says. */
export function toCel(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) return null;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((one) => toCel(one, depth + 1));
  if (value instanceof Date) return value;
  if (typeof value !== 'object' || value === null) return value ?? null;
  // Without a prototype, so that no name leads anywhere but to the value's own fields.
  const fields = Object.create(null) as Record<string, unknown>;
  for (const [key, one] of Object.entries(value)) fields[key] = toCel(one, depth + 1);
  return fields;
}

/** What CEL answers as JSON. */
export function fromCel(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) return null;
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (value instanceof Date) return value.toISOString();
  if (isUnsigned(value)) return Number(value.value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Optional) return fromCel(value.orValue(null), depth + 1);
  if (Array.isArray(value)) return value.map((one) => fromCel(one, depth + 1));
  if (value instanceof Map) return fromCel(Object.fromEntries(value), depth + 1);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fromCel(one, depth + 1)]));
}

/** The library does not export the class of CEL's uint. */
function isUnsigned(value: unknown): value is { readonly value: bigint } {
  return typeof value === 'object' && value !== null && 'value' in value && typeof value.value === 'bigint';
}
