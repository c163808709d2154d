import { describe, expect, it } from 'vitest';
import { flatten } from '@/components/i18n/flatten';
import { DOMAIN_MESSAGES, MESSAGES } from '@/components/i18n/messages';

/** Argument names of an ICU text: `{name}` and `{name, plural, …}`, not the branches of a plural. */
function placeholders(text: string): string[] {
  const names = new Set<string>();
  for (const [, name] of text.matchAll(/\{\s*([a-zA-Z_]\w*)\s*(?=[,}])/g)) if (name) names.add(name);
  return [...names].sort();
}

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
