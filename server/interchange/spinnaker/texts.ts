import { holdsExpression, splitTemplate } from '@/server/expressions/template';
import { Unmappable } from '@/server/interchange/spinnaker/report';
import type { Source } from '@/server/interchange/spinnaker/source';
import type { SpelScope } from '@/server/interchange/spinnaker/spel/scope';
import { spelToCel } from '@/server/interchange/spinnaker/spel/to-cel';

/** Puts the expressions within texts into our language. */
export class Texts {
  constructor(private readonly scope: SpelScope) {}

  /** @throws Unmappable naming the first expression that has no equivalent. */
  template(text: string): string {
    if (!holdsExpression(text)) return text;
    return parts(text)
      .map((part) => (part.kind === 'text' ? escaped(part.text) : `\${${this.expression(part.source)}}`))
      .join('');
  }

  /** Texts anywhere within a value. */
  deep(value: unknown): unknown {
    if (typeof value === 'string') return this.template(value);
    if (Array.isArray(value)) return value.map((one) => this.deep(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.deep(one)]));
  }

  /** A condition, with or without braces around it. */
  condition(text: string): string {
    const [only, ...more] = holdsExpression(text) ? parts(text) : [];
    if (only === undefined) return this.expression(text);
    if (only.kind === 'expression' && more.length === 0) return this.expression(only.source);
    throw new Unmappable(`"${text}" is not one expression.`);
  }

  /** A text of the source, translated; what it was becomes a note. */
  read(source: Source, key: string): string | undefined {
    const text = source.text(key);
    if (text === undefined) return undefined;
    const ours = this.template(text);
    if (ours !== text) source.note('info', key, `is now ${ours}`);
    return ours;
  }

  /** A whole number, or an expression that gives one: values of parameters are texts there. */
  whole(source: Source, key: string): number | string | undefined {
    const number = source.number(key);
    if (number !== undefined) return Math.round(number);
    const text = source.text(key);
    if (text === undefined) return undefined;
    if (!holdsExpression(text)) throw new Unmappable(`"${key}" is "${text}", which is not a number.`);
    const ours = `\${toInt(${this.condition(text)})}`;
    source.note('info', key, `is now ${ours}`);
    return ours;
  }

  /** Words for people: what cannot be translated stands as it was written. */
  words(source: Source, key: string): string | undefined {
    const text = source.text(key);
    if (text === undefined) return undefined;
    try {
      return this.template(text);
    } catch (error) {
      if (!(error instanceof Unmappable)) throw error;
      source.note('changed', key, `Its expressions are not evaluated any more. ${error.message}`);
      return escaped(text);
    }
  }

  private expression(source: string): string {
    try {
      return spelToCel(source, this.scope);
    } catch (error) {
      if (error instanceof Unmappable) throw new Unmappable(`\${${source}}: ${error.message}`);
      throw error;
    }
  }
}

function parts(text: string) {
  try {
    return splitTemplate(text);
  } catch (error) {
    throw new Unmappable(`"${text}": ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** So that nothing in it is taken for an expression. */
export function escaped(text: string): string {
  // A function, because `$$` in a replacement text stands for one `$`.
  return text.replaceAll('${', () => '$${');
}
