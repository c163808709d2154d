import { AppError } from '@/server/domain/errors';
import type { Evaluators, Json, Targeting } from '@/server/domain/toggles';
import { isJsonObject } from '@/server/toggles/json';

const REFERENCE = '$ref';

/** The name that `{"$ref": "name"}` stands for; null for everything else. */
export function referenceOf(node: Json): string | null {
  if (!isJsonObject(node)) return null;
  const name = node[REFERENCE];
  return typeof name === 'string' && Object.keys(node).length === 1 ? name : null;
}

/** All names that an expression refers to, each once. */
export function referencesIn(node: Json): string[] {
  const found = new Set<string>();
  const walk = (value: Json): void => {
    const name = referenceOf(value);
    if (name !== null) found.add(name);
    else if (Array.isArray(value)) value.forEach(walk);
    else if (isJsonObject(value)) Object.values(value).forEach(walk);
  };
  walk(node);
  return [...found];
}

/**
 * The expression with every reference replaced, through all levels.
 * @throws AppError unprocessable at a name that is missing or leads back to itself; validation says so before, and
 * where.
 */
export function inlined(node: Json, evaluators: Evaluators, within: readonly string[] = []): Json {
  const name = referenceOf(node);
  if (name !== null) {
    const target = Object.hasOwn(evaluators, name) ? evaluators[name] : undefined;
    if (!target)
      throw new AppError('unprocessable', `There is no segment “${name}”; add it, or use another.`);
    if (within.includes(name)) {
      throw new AppError('unprocessable', `The segment “${name}” refers to itself; take one reference out.`);
    }
    return inlined(target, evaluators, [...within, name]);
  }
  if (Array.isArray(node)) return node.map((item) => inlined(item, evaluators, within));
  if (!isJsonObject(node)) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, own]) => [key, inlined(own, evaluators, within)]),
  );
}

/** `inlined` for a whole targeting, which stays an object. */
export function inlinedTargeting(targeting: Targeting, evaluators: Evaluators): Targeting {
  const whole = inlined(targeting, evaluators);
  return isJsonObject(whole) ? whole : {};
}

/** The first circle of references, as the names along it; null when there is none. */
export function referenceCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): string[] | null => {
    const at = path.indexOf(name);
    if (at >= 0) return [...path.slice(at), name];
    if (done.has(name)) return null;
    for (const next of graph.get(name) ?? []) {
      const cycle = visit(next, [...path, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return null;
  };
  for (const name of graph.keys()) {
    const cycle = visit(name, []);
    if (cycle) return cycle;
  }
  return null;
}
