/** Shorter values are words like `true` or `info`: hiding them would make every log unreadable. */
const SHORTEST = 6;
const HIDDEN = '•••';

/** The text without these values. What a command writes may repeat configuration, which nobody may be shown. */
export function maskText(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= SHORTEST)
    .toSorted((a, b) => b.length - a.length)
    .reduce((masked, secret) => masked.replaceAll(secret, HIDDEN), text);
}

/** The same for all text within a JSON value. */
export function maskJson(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return maskText(value, secrets);
  if (Array.isArray(value)) return value.map((one) => maskJson(one, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return maskRecord({ ...value }, secrets);
}

export function maskRecord(
  record: Readonly<Record<string, unknown>>,
  secrets: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, one]) => [key, maskJson(one, secrets)]));
}
