/** What stands between the parts of a flattened key: a dot would mean nesting to the formatter. */
const SEPARATOR = '/';

/**
 * `{a: {b: 'x'}}` and `{'a.b': 'x'}` alike become `{'a/b': 'x'}`, so that a catalogue may be written
 * either way.
 */
export function flatten(catalogue: object, prefix = ''): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [key, value] of Object.entries<unknown>({ ...catalogue })) {
    const path = prefix + catalogueKey(key);
    if (typeof value === 'string') flat[path] = value;
    else if (typeof value === 'object' && value !== null)
      Object.assign(flat, flatten(value, path + SEPARATOR));
  }
  return flat;
}

/** The flattened form of a message's key. */
export function catalogueKey(key: string): string {
  return key.replaceAll('.', SEPARATOR);
}
