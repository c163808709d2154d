import { describe, expect, it } from 'vitest';
import { chooseLocale } from '@/components/i18n/locale';

describe('choosing a language', () => {
  it('prefers the cookie over what the browser asks for', () => {
    expect(chooseLocale('ko', 'en-GB,en;q=0.9')).toBe('ko');
  });
  it('takes the best language of the browser that we speak', () => {
    expect(chooseLocale(undefined, 'fr-FR,en;q=0.5,ko-KR;q=0.8')).toBe('ko');
  });
  it('does not take a language the browser refuses', () => {
    expect(chooseLocale(undefined, 'ko;q=0, en;q=0.1')).toBe('en');
  });
  it('falls back to English for a cookie or a browser that says nothing we know', () => {
    expect(chooseLocale('xx', null)).toBe('en');
    expect(chooseLocale(undefined, 'fr;q=abc')).toBe('en');
  });
});
