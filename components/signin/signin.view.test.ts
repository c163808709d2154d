import { describe, expect, it } from 'vitest';
import { safeNext, signInError } from '@/components/signin/signin.view';

const ORIGIN = 'http://localhost:3000';

describe('where sign-in leads', () => {
  it('is the page that was asked for', () => {
    expect(safeNext('/applications/catalog?tab=history#x', ORIGIN)).toBe(
      '/applications/catalog?tab=history#x',
    );
  });
  it('is that page too when the sign-in routes send it back with its origin', () => {
    expect(safeNext(`${ORIGIN}/applications/catalog?tab=history`, ORIGIN)).toBe(
      '/applications/catalog?tab=history',
    );
  });
  it.each([
    null,
    '',
    'https://evil.example',
    'https://localhost:3000/applications',
    'http://localhost:3000//evil.example',
    'http://localhost:3000@evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/..//evil.example',
    '/signin?next=/',
  ])('is the board for %j', (next) => {
    expect(safeNext(next, ORIGIN)).toBe('/');
  });
});

describe('what went wrong', () => {
  it('is told apart where the person can do something about it', () => {
    expect(signInError('CredentialsSignin')).toBe('errorCredentials');
    expect(signInError('RateLimited')).toBe('errorRateLimited');
    expect(signInError('AccessDenied')).toBe('errorDenied');
    expect(signInError('OidcRefused')).toBe('errorOidcRefused');
    expect(signInError('Unavailable')).toBe('errorUnavailable');
  });
  it('is single sign-on for every other code, and nothing for none', () => {
    expect(signInError('OAuthCallback')).toBe('errorOidc');
    expect(signInError(null)).toBeNull();
  });
});
