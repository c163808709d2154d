import { storable } from '@/server/domain/storable';
import { asProblem, type Compiled, compile, ExpressionError } from '@/server/expressions/compile';
import { asText } from '@/server/expressions/environment';
import { type References, referencesOf } from '@/server/expressions/references';
import { holdsExpression, splitTemplate } from '@/server/expressions/template';
import { fromCel, toCel } from '@/server/expressions/values';

/** Values by root, as JSON. */
export type Scope = Readonly<Record<string, unknown>>;

/** Where in a value an expression is wrong, and how. */
export interface TemplateProblem {
  /** Dotted, e.g. `payload.items.0`. Empty for the value itself. */
  readonly path: string;
  readonly message: string;
}

const MAX_DEPTH = 20;

/** Evaluates one expression, without `${}`. @throws ExpressionError. */
export function evaluateExpression(source: string, scope: Scope): unknown {
  return run(compile(source), celScope(scope));
}

/**
 * Evaluates every `${…}` in a value. A text that is nothing but one expression takes the expression's
 * type; in a longer one its value is written out.
 * @param objection why a value that came out of an expression may not stand there; null when it may.
 */
export function evaluateTemplate(
  value: unknown,
  scope: Scope,
  objection: (value: unknown) => string | null = () => null,
): { readonly value: unknown; readonly problems: readonly TemplateProblem[] } {
  const problems: TemplateProblem[] = [];
  const prepared = celScope(scope);
  const evaluated = mapTexts(value, '', 0, (text, path) => {
    try {
      const filled = storable(fill(text, prepared));
      const refused = objection(filled);
      if (refused !== null) problems.push({ path, message: refused });
      return filled;
    } catch (error) {
      problems.push({ path, message: messageOf(error) });
      return text;
    }
  });
  return { value: evaluated, problems };
}

/** What is wrong with the expressions in a value before any is evaluated, and what they read. */
export function inspectTemplate(value: unknown): {
  readonly problems: readonly TemplateProblem[];
  readonly references: References;
  /** Paths whose text holds an expression, so that its type is not known yet. */
  readonly dynamic: ReadonlySet<string>;
} {
  const problems: TemplateProblem[] = [];
  const found: Compiled[] = [];
  const dynamic = new Set<string>();
  mapTexts(value, '', 0, (text, path) => {
    dynamic.add(path);
    try {
      for (const part of splitTemplate(text))
        if (part.kind === 'expression') found.push(compile(part.source));
    } catch (error) {
      problems.push({ path, message: messageOf(error) });
    }
    return text;
  });
  return { problems, references: referencesOf(found.map((one) => one.ast)), dynamic };
}

function fill(text: string, scope: Record<string, unknown>): unknown {
  const parts = splitTemplate(text);
  const [only] = parts;
  if (parts.length === 1 && only) return only.kind === 'text' ? only.text : run(compile(only.source), scope);
  return parts
    .map((part) => (part.kind === 'text' ? part.text : asText(run(compile(part.source), scope))))
    .join('');
}

function run({ source, run: evaluate }: Compiled, scope: Record<string, unknown>): unknown {
  try {
    return fromCel(evaluate(scope));
  } catch (error) {
    throw asProblem(source, error);
  }
}

/** Roots that are not given are there and empty, so that has() can be asked. */
function celScope(scope: Scope): Record<string, unknown> {
  const empty = {
    parameters: {},
    trigger: {},
    artifact: null,
    execution: {},
    stages: {},
    judgments: {},
    deployedServerGroups: [],
    variables: {},
    now: new Date(0),
  };
  return Object.fromEntries(
    Object.entries({ ...empty, ...scope }).map(([name, value]) => [name, toCel(value)]),
  );
}

function mapTexts(
  value: unknown,
  path: string,
  depth: number,
  change: (text: string, path: string) => unknown,
): unknown {
  if (typeof value === 'string') return holdsExpression(value) ? change(value, path) : value;
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  const below = (key: string | number) => (path === '' ? String(key) : `${path}.${key}`);
  if (Array.isArray(value)) return value.map((one, at) => mapTexts(one, below(at), depth + 1, change));
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, mapTexts(one, below(key), depth + 1, change)]),
  );
}

function messageOf(error: unknown): string {
  if (error instanceof ExpressionError || error instanceof SyntaxError) return error.message;
  throw error;
}
