import { describe, expect, it } from 'vitest';
import { flatten } from '@/components/i18n/flatten';
import { DOMAIN_MESSAGES, MESSAGES } from '@/components/i18n/messages';

/** Argument names of an ICU text, those inside the branches of a plural or select included. */
function placeholders(text: string): string[] {
  const names = new Set<string>();
  // Depth 0 is text, odd depths are inside an argument, even ones inside a branch (text again).
  let depth = 0;
  for (const [token, name] of text.matchAll(/\{\s*([a-zA-Z_]\w*)\s*(?=[,}])|[{}]/g)) {
    if (token === '}') depth -= 1;
    else {
      if (depth % 2 === 0 && name) names.add(name);
      depth += 1;
    }
  }
  return [...names].sort();
}

it('placeholders are told from the words of a plural', () => {
  expect(placeholders('{n, plural, =0 {none} one {# of {total}} other {#}} in {place}')).toEqual([
    'n',
    'place',
    'total',
  ]);
});

describe.each([
  ['screens', MESSAGES.en, MESSAGES.ko],
  ['engine', DOMAIN_MESSAGES.en, DOMAIN_MESSAGES.ko],
])('the catalogues of the %s', (_name, english, korean) => {
  const en = flatten(english);
  const ko = flatten(korean);

  it('say the same things in English and Korean', () => {
    expect(Object.keys(ko).sort()).toEqual(Object.keys(en).sort());
  });
  it('use the same placeholders in English and Korean', () => {
    const differing = Object.keys(en).filter(
      (key) => placeholders(en[key] ?? '').join() !== placeholders(ko[key] ?? '').join(),
    );
    expect(differing).toEqual([]);
  });
  it('leave no text empty', () => {
    expect([...Object.entries(en), ...Object.entries(ko)].filter(([, text]) => text.trim() === '')).toEqual(
      [],
    );
  });
});
