import { Unmappable } from '@/server/interchange/spinnaker/report';

export interface Token {
  readonly kind: 'text' | 'number' | 'name' | 'function' | 'sign' | 'end';
  /** Of a text: what it says, without quotes. */
  readonly value: string;
}

/** Longer signs first. */
const SIGNS = [
  '.?[',
  '.![',
  '.^[',
  '.$[',
  '==',
  '!=',
  '<=',
  '>=',
  '&&',
  '||',
  '?.',
  '?:',
  '<',
  '>',
  '+',
  '-',
  '*',
  '/',
  '%',
  '!',
  '?',
  ':',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  '.',
  '=',
] as const;

/** Cuts an expression of Spring's language into its words. Quotes within texts are doubled there. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let rest = source.trimStart();
  while (rest !== '') {
    const { token, length } = next(rest);
    tokens.push(token);
    rest = rest.slice(length).trimStart();
  }
  return [...tokens, { kind: 'end', value: '' }];
}

function next(rest: string): { token: Token; length: number } {
  const text = /^'((?:[^']|'')*)'|^"((?:[^"]|"")*)"/.exec(rest);
  if (text) {
    const value = text[1]?.replaceAll("''", "'") ?? text[2]?.replaceAll('""', '"') ?? '';
    return { token: { kind: 'text', value }, length: text[0].length };
  }
  const number = /^\d+(\.\d+)?/.exec(rest);
  if (number) return { token: { kind: 'number', value: number[0] }, length: number[0].length };
  const name = /^(#?)([A-Za-z_][A-Za-z0-9_]*)/.exec(rest);
  if (name) {
    const kind = name[1] === '#' ? 'function' : 'name';
    return { token: { kind, value: name[2] ?? '' }, length: name[0].length };
  }
  const sign = SIGNS.find((one) => rest.startsWith(one));
  if (!sign) throw new Unmappable(`"${rest.slice(0, 10)}" has no equivalent in expressions here.`);
  return { token: { kind: 'sign', value: sign }, length: sign.length };
}
