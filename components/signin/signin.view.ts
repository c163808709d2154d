/**
 * Where to go after sign-in: the page that was asked for, only when it is one of ours; the sign-in
 * routes name it with its origin. An address of another origin in `next` would let a link to our sign-in page lead people to someone else's.
 */
export function safeNext(next: string | null, origin: string): string {
  if (!next) return '/';
  try {
    const url = new URL(next, origin);
    const back = url.pathname + url.search + url.hash;
    return url.origin === origin && !url.pathname.startsWith('/signin') && !back.startsWith('//')
      ? back
      : '/';
  } catch {
    return '/';
  }
}

export type SignInError =
  | 'errorCredentials'
  | 'errorRateLimited'
  | 'errorOidc'
  | 'errorOidcRefused'
  | 'errorDenied'
  | 'errorSession'
  | 'errorUnavailable'
  | 'errorNetwork';

/** What an error code of the sign-in routes means to a person; null for none. */
export function signInError(code: string | null | undefined): SignInError | null {
  switch (code) {
    case null:
    case undefined:
    case '':
      return null;
    case 'CredentialsSignin':
      return 'errorCredentials';
    case 'RateLimited':
      return 'errorRateLimited';
    case 'OidcRefused':
      return 'errorOidcRefused';
    case 'Unavailable':
      return 'errorUnavailable';
    case 'AccessDenied':
      return 'errorDenied';
    case 'SessionRequired':
      return 'errorSession';
    default:
      return 'errorOidc';
  }
}
