import { MetricsError, type Scope } from '@/server/metrics/source';

/** `$\{` is how Kayenta keeps a template through its pipelines; it means the same. */
const PLACEHOLDER = /\$\\?\{([^{}]*)\}/g;
const QUOTING = /['"\\]/;

/** Whether both sides of a comparison would ask different things. */
export function mentionsScope(template: string): boolean {
  return /\$\\?\{/.test(template);
}

/**
 * The value of a dimension with every `${name}` replaced: `scope`, `location` and the extra parameters by name.
 * @throws MetricsError `query` that names what is not known.
 */
export function expandValue(template: string, scope: Scope): string {
  return expand(template, scope, (_name, value) => value);
}

/**
 * The same for an expression, in which strings have no escapes.
 * @throws MetricsError `query`, also for a value that would end its string.
 */
export function expandExpression(template: string, scope: Scope): string {
  return expand(template, scope, (name, value) => {
    if (!QUOTING.test(value)) return value;
    throw new MetricsError(
      'query',
      `The value of "\${${name}}" has a quote or a backslash and cannot stand in an expression. Use it in a dimension.`,
    );
  });
}

function expand(template: string, scope: Scope, write: (name: string, value: string) => string): string {
  const values = new Map(Object.entries(scope.extra));
  values.set('scope', scope.scope).set('location', scope.location);
  return template.replaceAll(PLACEHOLDER, (_found, inner: string) => {
    const name = inner.trim();
    const value = values.get(name);
    if (value !== undefined) return write(name, value);
    const known = [...values.keys()].map((key) => `\${${key}}`).join(', ');
    throw new MetricsError('query', `"\${${name}}" stands for nothing here. Known are ${known}.`);
  });
}
