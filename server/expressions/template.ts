/** A text cut into what stands as it is and what is evaluated. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly source: string };

/** Whether there is anything to evaluate, as cheaply as possible. */
export function holdsExpression(text: string): boolean {
  return text.includes('${');
}

/**
 * Cuts a text at its `${…}`. `$${` stands for a literal `${`. Braces and quotes within an expression are
 * its own.
 * @throws SyntaxError when one is not closed.
 */
export function splitTemplate(text: string): Part[] {
  const parts: Part[] = [];
  let plain = '';
  for (let at = 0; at < text.length; ) {
    if (text.startsWith('$${', at)) {
      plain += '${';
      at += 3;
    } else if (text.startsWith('${', at)) {
      if (plain) parts.push({ kind: 'text', text: plain });
      plain = '';
      const end = endOfExpression(text, at + 2);
      parts.push({ kind: 'expression', source: text.slice(at + 2, end).trim() });
      at = end + 1;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  if (plain || parts.length === 0) parts.push({ kind: 'text', text: plain });
  return parts;
}

function endOfExpression(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"' || character === "'") at = endOfQuote(text, at);
    else if (character === '{') depth += 1;
    else if (character === '}' && depth === 0) return at;
    else if (character === '}') depth -= 1;
  }
  throw new SyntaxError('"${" is not closed by "}"');
}

function endOfQuote(text: string, from: number): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
  }
  return text.length;
}
