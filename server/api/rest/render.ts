import type { Message } from '@/server/domain/message';
import { renderEnglish } from '@/server/services/shared/render-english';

/** The same with every message as an English sentence: machines get no catalogue. */
export type Rendered<T> = T extends Message
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Rendered<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Rendered<T[Key]> }
      : T;

export function render<T>(view: T): Rendered<T> {
  // The walk below does to the value what `Rendered` does to its type.
  return renderUnknown(view) as Rendered<T>;
}

function renderUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renderUnknown);
  if (typeof value !== 'object' || value === null) return value;
  if (isMessage(value)) return renderEnglish(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, renderUnknown(inner)]));
}

function isMessage(value: object): value is Message {
  const keys = Object.keys(value);
  return keys.length === 2 && 'key' in value && 'values' in value && typeof value.key === 'string';
}
