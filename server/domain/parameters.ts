import type { ParameterDefinition, ParameterValue, ParameterValues } from '@/server/domain/pipeline';

export type Parsed =
  | { readonly values: Readonly<Record<string, ParameterValue>>; readonly problems: readonly [] }
  | { readonly values: null; readonly problems: readonly string[] };

/** Longer text has no business in a parameter, and would be copied into every stage that uses it. */
const MAX_TEXT = 16_384;

/**
 * Gives parameters their types and defaults. Text is taken for a number, a boolean or a date where it
 * plainly is one, because forms, commands and webhooks send text. Empty text counts as not given,
 * unless the parameter is a text.
 * @returns one sentence for each that does not fit.
 */
export function parseParameters(definitions: readonly ParameterDefinition[], given: ParameterValues): Parsed {
  const known = new Set(definitions.map((definition) => definition.name));
  const problems = Object.keys(given)
    .filter((name) => !known.has(name))
    .map((name) => `The pipeline has no parameter "${name}".`);
  const values: Record<string, ParameterValue> = {};
  for (const definition of definitions) {
    const { name } = definition;
    const raw = Object.hasOwn(given, name) ? given[name] : undefined;
    const value = isGiven(definition, raw) ? raw : definition.default;
    if (value === undefined) {
      if (definition.required) problems.push(`The pipeline needs the parameter "${name}".`);
      continue;
    }
    const typed = asTyped(definition, value);
    if (typed === null)
      problems.push(`The parameter "${name}" must be ${EXPECTED[definition.type ?? 'string']}.`);
    else if (
      definition.options &&
      !definition.options.some((option) => asTyped(definition, option) === typed)
    )
      problems.push(`The parameter "${name}" must be one of: ${definition.options.join(', ')}.`);
    else values[name] = typed;
  }
  return problems.length > 0 ? { values: null, problems } : { values, problems: [] };
}

const EXPECTED = {
  string: `a text of at most ${MAX_TEXT} characters`,
  number: 'a number such as 2 or 0.5',
  boolean: 'true or false',
  date: 'a date such as 2026-11-21',
} as const;

function isGiven({ type }: ParameterDefinition, value: ParameterValue | undefined): value is ParameterValue {
  return value !== undefined && (value !== '' || type === undefined || type === 'string');
}

function asTyped({ type = 'string' }: ParameterDefinition, value: ParameterValue): ParameterValue | null {
  const text = String(value).trim();
  switch (type) {
    case 'string':
      return String(value).length <= MAX_TEXT ? String(value) : null;
    case 'number':
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text))
        ? Number(text)
        : null;
    case 'boolean':
      return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : null;
    case 'date':
      return isDate(text) ? text : null;
    default:
      return type satisfies never;
  }
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
