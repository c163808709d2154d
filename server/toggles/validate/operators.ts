/**
 * flagd's operators and how many arguments each takes, after its published schema for targeting (v0, May 2026).
 * `single` may be written without the brackets around its only argument.
 */
export interface Arity {
  readonly min: number;
  readonly max: number;
}

const any = (min: number): Arity => ({ min, max: Number.POSITIVE_INFINITY });
const exactly = (count: number): Arity => ({ min: count, max: count });

const ARITIES: Readonly<Record<string, Arity>> = {
  if: any(1),
  '==': exactly(2),
  '===': exactly(2),
  '!=': exactly(2),
  '!==': exactly(2),
  '>': exactly(2),
  '>=': exactly(2),
  '<': { min: 2, max: 3 },
  '<=': { min: 2, max: 3 },
  '!': exactly(1),
  '!!': exactly(1),
  or: any(1),
  and: any(1),
  in: exactly(2),
  '+': any(1),
  '-': any(1),
  '*': any(2),
  '/': exactly(2),
  '%': exactly(2),
  max: any(1),
  min: any(1),
  merge: any(1),
  cat: any(1),
  substr: { min: 2, max: 3 },
  map: exactly(2),
  filter: exactly(2),
  all: exactly(2),
  none: exactly(2),
  some: exactly(2),
  reduce: exactly(3),
  starts_with: exactly(2),
  ends_with: exactly(2),
  sem_ver: exactly(3),
};

/** Their operands are not lists of expressions, so they have grammars of their own. */
const SPECIAL = ['var', 'missing', 'missing_some', 'fractional', '$ref'];

/** Undefined for an operator that flagd does not know, or one with a grammar of its own. */
export function arityOf(operator: string): Arity | undefined {
  return Object.hasOwn(ARITIES, operator) ? ARITIES[operator] : undefined;
}

/** May stand without brackets around their argument. */
export const UNARY = new Set(['!', '!!']);

/** Their second argument is worked out for each item of a list, where the context is out of sight. */
export const ITERATING = new Set(['map', 'filter', 'all', 'none', 'some', 'reduce']);

/** Answer true or false whatever comes in, so as a result they mean the variants of these names. */
export const BOOLEAN = new Set([
  '==',
  '===',
  '!=',
  '!==',
  '>',
  '>=',
  '<',
  '<=',
  '!',
  '!!',
  'in',
  'all',
  'none',
  'some',
  'starts_with',
  'ends_with',
  'sem_ver',
]);

export const VERSION_COMPARISON = new Set(['=', '!=', '>', '<', '>=', '<=', '~', '^']);

/** The operator that was probably meant: the same letters in another case, or one that is a letter away. */
export function similarOperator(unknown: string): string | null {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z=<>!]/g, '');
  const known = [...Object.keys(ARITIES), ...SPECIAL];
  const wanted = plain(unknown);
  if (wanted === '') return null;
  return (
    known.find((operator) => plain(operator) === wanted) ??
    known.find((operator) => operator.length > 2 && isOneEditAway(plain(operator), wanted)) ??
    null
  );
}

function isOneEditAway(a: string, b: string): boolean {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && long[at] === short[at]) at++;
  const rest = long.slice(at + 1);
  return rest === short.slice(at) || rest === short.slice(at + 1);
}
