import { compile, ExpressionError } from '@/server/expressions/compile';
import { Unmappable } from '@/server/interchange/spinnaker/report';
import { type Node, node, value } from '@/server/interchange/spinnaker/spel/node';
import { callOf, memberOf, methodOf, rootOf } from '@/server/interchange/spinnaker/spel/reads';
import type { SpelScope } from '@/server/interchange/spinnaker/spel/scope';
import { ourStatuses } from '@/server/interchange/spinnaker/spel/statuses';
import { type Token, tokensOf } from '@/server/interchange/spinnaker/spel/tokens';

/**
 * Puts an expression of Spring's language, without its braces, into ours.
 * @throws Unmappable for what reads or does something that is not there here.
 */
export function spelToCel(source: string, scope: SpelScope): string {
  const parser = new Parser(tokensOf(source), scope);
  const cel = value(parser.whole()).cel;
  try {
    compile(cel);
  } catch (error) {
    if (error instanceof ExpressionError)
      throw new Unmappable(`As "${cel}" it is not valid here: ${error.message}`);
    throw error;
  }
  return cel;
}

const WORDS: Readonly<Record<string, string>> = {
  and: '&&',
  or: '||',
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  div: '/',
  mod: '%',
};
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<', '<=', '>', '>=', 'matches'],
  ['+', '-'],
  ['*', '/', '%'],
];

class Parser {
  private index = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly scope: SpelScope,
  ) {}

  whole(): Node {
    const parsed = this.choice();
    if (this.token.kind !== 'end') throw this.unexpected();
    return parsed;
  }

  /** `a ? b : c` and `a ?: b`. */
  private choice(): Node {
    const condition = this.binary(0);
    if (this.takes('?:')) {
      const { cel } = value(condition);
      return node(`(${cel} != null ? ${cel} : ${value(this.choice()).cel})`);
    }
    if (!this.takes('?')) return condition;
    const yes = value(this.choice());
    this.expect(':');
    return node(`(${value(condition).cel} ? ${yes.cel} : ${value(this.choice()).cel})`);
  }

  private binary(level: number): Node {
    const signs = LEVELS[level];
    if (!signs) return this.unary();
    let left = this.binary(level + 1);
    for (let sign = this.operator(signs); sign; sign = this.operator(signs)) {
      left = join(left, sign, this.binary(level + 1));
    }
    return left;
  }

  private operator(signs: readonly string[]): string | undefined {
    const { kind, value: word } = this.token;
    const sign = kind === 'sign' ? word : kind === 'name' ? (WORDS[word.toLowerCase()] ?? word) : undefined;
    if (sign === undefined || !signs.includes(sign)) return undefined;
    this.index += 1;
    return sign;
  }

  private unary(): Node {
    if (this.takes('!') || this.takesWord('not')) return node(`!${value(this.unary()).cel}`);
    if (this.takes('-')) return node(`-${value(this.unary()).cel}`);
    return this.postfix(this.primary());
  }

  private postfix(start: Node): Node {
    let read = start;
    for (;;) {
      if (this.takes('.')) {
        const name = this.expectName();
        read = this.takes('(')
          ? methodOf(read, name, this.given(), this.scope)
          : memberOf(read, name, this.scope);
      } else if (this.takes('[')) {
        const key = value(this.choice());
        this.expect(']');
        read =
          key.literal === undefined
            ? node(`${value(read).cel}[${key.cel}]`)
            : memberOf(read, key.literal, this.scope);
      } else return read;
    }
  }

  private primary(): Node {
    const { kind, value: word } = this.token;
    this.index += 1;
    switch (kind) {
      case 'text':
        return { ...node(JSON.stringify(word)), literal: word };
      case 'number':
        return node(word);
      case 'function':
        this.expect('(');
        return callOf(word, this.given(), this.scope);
      case 'name':
        if (this.token.value === '(')
          throw new Unmappable(`"${word}(…)" has no equivalent in expressions here.`);
        return rootOf(word, this.scope);
      case 'sign':
        if (word === '(') {
          const inner = this.choice();
          this.expect(')');
          return inner.kind === 'value' ? node(`(${inner.cel})`) : inner;
        }
        if (word === '{') return this.list();
        throw this.unexpected(word);
      case 'end':
        throw new Unmappable('The expression ends too early.');
      default:
        return kind satisfies never;
    }
  }

  private list(): Node {
    const items: string[] = [];
    while (!this.takes('}')) {
      items.push(value(this.choice()).cel);
      if (this.token.value !== '}') this.expect(',');
    }
    return node(`[${items.join(', ')}]`);
  }

  private given(): Node[] {
    const given: Node[] = [];
    while (!this.takes(')')) {
      given.push(this.choice());
      if (this.token.value !== ')') this.expect(',');
    }
    return given;
  }

  private get token(): Token {
    return this.tokens[this.index] ?? { kind: 'end', value: '' };
  }

  private takes(sign: string): boolean {
    const there = this.token.kind === 'sign' && this.token.value === sign;
    if (there) this.index += 1;
    return there;
  }

  private takesWord(word: string): boolean {
    const there = this.token.kind === 'name' && this.token.value === word;
    if (there) this.index += 1;
    return there;
  }

  private expect(sign: string): void {
    if (!this.takes(sign)) throw this.unexpected();
  }

  private expectName(): string {
    const { kind, value: word } = this.token;
    if (kind !== 'name') throw this.unexpected();
    this.index += 1;
    return word;
  }

  private unexpected(word = this.token.value): Unmappable {
    return new Unmappable(word ? `"${word}" has no equivalent there.` : 'The expression ends too early.');
  }
}

function join(left: Node, sign: string, right: Node): Node {
  if (sign === '==' || sign === '!=') {
    const status = left.kind === 'status' ? left : right.kind === 'status' ? right : undefined;
    const literal = (status === left ? right : left).literal;
    if (status && literal !== undefined) return statusIs(status, literal, sign === '==');
  }
  if (sign === 'matches') return node(`${value(left).cel}.matches(${value(right).cel})`);
  return node(`${value(left).cel} ${sign} ${value(right).cel}`);
}

/** `status == "succeeded"`, or whether it is one of several where our words are finer. */
export function statusIs(status: Node, theirs: string, so: boolean): Node {
  const ours = ourStatuses(theirs).map((word) => JSON.stringify(word));
  if (ours.length === 1) return node(`${status.cel} ${so ? '==' : '!='} ${ours[0]}`);
  const among = `${status.cel} in [${ours.join(', ')}]`;
  return node(so ? `(${among})` : `!(${among})`);
}
