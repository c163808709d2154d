import type { ASTNode, ParseResult } from '@marcbachmann/cel-js';
import safeRegex from 'safe-regex2';
import { storableText } from '@/server/domain/storable';
import { environment } from '@/server/expressions/environment';

/** What is wrong with an expression, and where. */
export interface ExpressionProblem {
  readonly expression: string;
  /** What is wrong, in words. */
  readonly reason: string;
  /** First character it is about, from 1. */
  readonly column: number;
}

export class ExpressionError extends Error {
  constructor(readonly problem: ExpressionProblem) {
    super(describe(problem));
    this.name = 'ExpressionError';
  }
}

/** `${parameters.dela}: No such key: dela (at character 12)` */
export function describe({ expression, reason, column }: ExpressionProblem): string {
  return `\${${expression}}: ${reason} (at character ${column})`;
}

export interface Compiled {
  readonly source: string;
  readonly run: ParseResult;
  readonly ast: ASTNode;
}

const MAX_LENGTH = 4_000;
/** Expressions of definitions come again with every execution. */
const CACHED = 2_000;
const cache = new Map<string, Compiled>();

/** @throws ExpressionError for what is not an expression over the scope. */
export function compile(source: string): Compiled {
  const known = cache.get(source);
  if (known) return known;
  if (source === '') throw problem(source, 'there is nothing between the braces');
  if (source.length > MAX_LENGTH) throw problem(source, `it is longer than ${MAX_LENGTH} characters`);
  const compiled = parse(source);
  const pattern = unsafePattern(compiled.ast);
  if (pattern) throw problem(source, pattern.reason, pattern.column);
  if (cache.size >= CACHED) cache.clear();
  cache.set(source, compiled);
  return compiled;
}

function parse(source: string): Compiled {
  try {
    const run = environment.parse(source);
    const check = run.check();
    if (!check.valid) throw check.error ?? new Error('it does not fit together');
    return { source, run, ast: run.ast };
  } catch (error) {
    throw asProblem(source, error);
  }
}

/** Any error of the language as one of ours. */
export function asProblem(source: string, error: unknown): ExpressionError {
  if (error instanceof ExpressionError) return error;
  const place: unknown = error instanceof Error && 'range' in error ? error.range : undefined;
  const start =
    typeof place === 'object' && place !== null && 'start' in place && typeof place.start === 'number'
      ? place.start
      : 0;
  const words = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  return problem(source, words, start + 1);
}

function problem(expression: string, reason: string, column = 1): ExpressionError {
  const shown = expression.length > 200 ? `${expression.slice(0, 200)}…` : expression;
  return new ExpressionError({ expression: shown, reason: storableText(reason), column });
}

/** A pattern can take for ever over a short text: only plain ones, written out, are taken. */
function unsafePattern(ast: ASTNode): { reason: string; column: number } | null {
  let found: { reason: string; column: number } | null = null;
  walk(ast, (node) => {
    if (node.op !== 'rcall' || node.args[0] !== 'matches') return;
    const [pattern] = node.args[2];
    if (!pattern) return;
    const column = pattern.start + 1;
    if (pattern.op !== 'value' || typeof pattern.args !== 'string')
      found = { reason: 'the pattern of matches() must be a text written here', column };
    else if (!safeRegex(pattern.args))
      found = {
        reason: 'this pattern could take too long; write it without repetition inside repetition',
        column,
      };
  });
  return found;
}

/** Visits a node and everything below it. */
export function walk(node: ASTNode, visit: (node: ASTNode) => void): void {
  visit(node);
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look);
    else if (isNode(value)) walk(value, visit);
  };
  look(node.args);
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
