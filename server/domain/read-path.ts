/** The value at a dotted path in JSON: `build.steps.0.status`, with or without a leading `$.`. */
export function readPath(json: unknown, path: string): unknown {
  const keys = path
    .replace(/^\$\.?/, '')
    .replaceAll(/\[['"]?([^\]'"]+)['"]?\]/g, '.$1')
    .split('.');
  let value = json;
  for (const key of keys.filter((one) => one !== '')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    // Checked above: it is an object with this key.
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

/** The status that an answer tells, as text; empty when there is none. */
export function statusIn(json: unknown, path: string): string {
  const value = readPath(json, path);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}
