import { describe, expect, it } from 'vitest';
import { DOMAIN_MESSAGES } from '@/components/i18n/messages';
import { messageRenderer } from '@/components/i18n/render-message';

describe('rendering a message of the engine', () => {
  const render = messageRenderer('en', {
    'a.b': 'to {place}',
    c: { d: '{n, plural, one {# cat} other {# cats}}' },
  });

  it('finds dotted and nested keys', () => {
    expect(render({ key: 'a.b', values: { place: 'prod' } })).toBe('to prod');
    expect(render({ key: 'c.d', values: { n: 2 } })).toBe('2 cats');
  });
  it('says the values of a message whose key is unknown', () => {
    expect(render({ key: 'from.the.future', values: { cluster: 'shop-prod', count: 3 } })).toBe(
      'shop-prod · 3',
    );
  });
  it('says the values of a message that lacks one its text needs', () => {
    expect(render({ key: 'a.b', values: { other: 'x' } })).toBe('x');
  });
  it('shows a literal as it stands in every language', () => {
    for (const locale of ['en', 'ko'] as const) {
      const literal = messageRenderer(locale, DOMAIN_MESSAGES[locale]);
      expect(literal({ key: 'literal', values: { text: 'Approve {x} <b>' } })).toBe('Approve {x} <b>');
    }
  });
});
