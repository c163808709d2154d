export interface Difference {
  /** Dotted path of the value; empty for the whole. */
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What a change did, value by value; values that stayed are left out. */
export function differences(before: unknown, after: unknown): readonly Difference[] {
  const was = flatten(before);
  const is = flatten(after);
  const paths = [...new Set([...was.keys(), ...is.keys()])];
  return paths
    .map((path) => ({ path, before: was.get(path) ?? null, after: is.get(path) ?? null }))
    .filter((d) => d.before !== d.after);
}

function flatten(value: unknown, path = '', into = new Map<string, string>()): Map<string, string> {
  if (value === null || value === undefined) return into;
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null)) {
    into.set(path, value.join(', '));
  } else if (typeof value === 'object') {
    for (const [key, inner] of Object.entries(value))
      flatten(inner, path === '' ? key : `${path}.${key}`, into);
  } else {
    into.set(path, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return into;
}
