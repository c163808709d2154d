import { MetricsError, type Scope } from '@/server/metrics/source';

/** `$\{` is how Kayenta keeps a template through its pipelines; it means the same. */
const PLACEHOLDER = /^\$\\?\{([^{}]*)\}/;
/** A group of a regular expression, as label_replace takes it; no name of ours. */
const GROUP_NUMBER = /^\d+$/;
const FREEMARKER = /<#(?:if|else|elseif|list|assign)\b/;

type Quote = '"' | "'" | '`' | null;

/**
 * PromQL with every `${name}` replaced: `scope`, `location` and the extra parameters by name. Within quotes a value
 * stays a value, whatever characters it has; outside it is PromQL, such as a matcher.
 * @throws MetricsError `query` that names what is not known.
 */
export function expand(template: string, scope: Scope): string {
  if (FREEMARKER.test(template)) {
    throw new MetricsError('query', 'Conditions (<#if …>) in a template are not supported. Write them out.');
  }
  const values = new Map(Object.entries(scope.extra));
  values.set('scope', scope.scope).set('location', scope.location);
  let expanded = '';
  let quote: Quote = null;
  for (let at = 0; at < template.length; ) {
    const found = PLACEHOLDER.exec(template.slice(at, at + MAX_PLACEHOLDER));
    if (found) {
      expanded += replacement(found, values, quote);
      at += found[0].length;
      continue;
    }
    const piece = pieceAt(template, at, quote);
    quote = quoteAfter(piece, quote);
    expanded += piece;
    at += piece.length;
  }
  return expanded;
}

/** Whether both sides of a comparison would ask different things. */
export function mentionsScope(template: string): boolean {
  return /\$\\?\{/.test(template);
}

const MAX_PLACEHOLDER = 260;

/** One character, a comment, or an escape with what it escapes: raw strings in backticks have none. */
function pieceAt(text: string, at: number, quote: Quote): string {
  // An apostrophe in a comment opens no string.
  if (quote === null && text[at] === '#') return text.slice(at).split('\n', 1)[0] ?? '';
  const escape = text[at] === '\\' && (quote === '"' || quote === "'");
  return text.slice(at, at + (escape ? 2 : 1));
}

function quoteAfter(piece: string, quote: Quote): Quote {
  if (quote !== null) return piece === quote ? null : quote;
  return piece === '"' || piece === "'" || piece === '`' ? piece : null;
}

function replacement(found: RegExpExecArray, values: ReadonlyMap<string, string>, quote: Quote): string {
  const name = (found[1] ?? '').trim();
  if (GROUP_NUMBER.test(name)) return found[0];
  const value = values.get(name);
  if (value === undefined) {
    const known = [...values.keys()].map((key) => `\${${key}}`).join(', ');
    throw new MetricsError('query', `"\${${name}}" stands for nothing here. Known are ${known}.`);
  }
  if (quote === null) return value;
  if (quote !== '`')
    return value.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n');
  if (!value.includes('`')) return value;
  throw new MetricsError(
    'query',
    `The value of "\${${name}}" has a backtick and cannot stand within backticks.`,
  );
}
