/** A NUL, or half of a character of two: JSON may hold them, the database keeps neither. */
export function isStorable(text: string): boolean {
  return !text.includes('\u0000') && !/[\ud800-\udfff]/u.test(text);
}

/** The text with U+FFFD, Unicode's sign for what was lost, where a character cannot be kept. */
export function storableText(text: string): string {
  if (isStorable(text)) return text;
  return text.replaceAll('\u0000', '\ufffd').replaceAll(/[\ud800-\udfff]/gu, '\ufffd');
}

/**
 * JSON that came from outside, as the database can keep it, keys included. A value that is fine is
 * answered as it is, because nearly all are.
 */
export function storable<T>(value: T): T {
  // The walk below gives back the shape that it was given.
  return cleaned(value) as T;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = value.map(cleaned);
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  if (!isPlain(value)) return value;
  const fields = Object.entries(value);
  const clean = fields.map(([key, one]) => [storableText(key), cleaned(one)] as const);
  const isClean = clean.every(([key, one], at) => key === fields[at]?.[0] && one === fields[at]?.[1]);
  return isClean ? value : Object.fromEntries(clean);
}

/** Dates and the like are no JSON, and hold no text. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
