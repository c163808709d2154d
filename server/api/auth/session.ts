import { getToken } from 'next-auth/jwt';
import { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import type { Environment } from '@/server/env';
import type { SessionClaims } from '@/server/services/auth/authenticate-session';

const claimsSchema = z.object({ sub: z.string(), signedInAt: z.number() });

/** Browsers keep a `__Secure-` cookie only when it came over https. */
export function sessionCookie(env: Environment): { name: string; secure: boolean } {
  const secure = env.SIGNALBOX_URL.startsWith('https://');
  return { name: `${secure ? '__Secure-' : ''}signalbox.session`, secure };
}

/** @throws AppError when no secret is set. */
export function sessionSecret(env: Environment): string {
  const secret = env.SIGNALBOX_SECRET ?? process.env.NEXTAUTH_SECRET;
  if (secret) return secret;
  throw new AppError(
    'unavailable',
    'SIGNALBOX_SECRET is not set: sessions cannot be signed. Set it, or run `npm start`.',
  );
}

/** What a request's session cookie says; null without one, or when it is not ours or has expired. */
export async function readSession(
  cookieHeader: string | null,
  env: Environment,
): Promise<SessionClaims | null> {
  const cookie = sessionCookie(env);
  const cookies = parseCookies(cookieHeader ?? '');
  if (!Object.keys(cookies).some((name) => name.startsWith(cookie.name))) return null;
  // getToken asks for a whole request but reads only cookies and the authorization header.
  const req = { cookies, headers: {} } as unknown as Parameters<typeof getToken>[0]['req'];
  const token = await getToken({
    req,
    cookieName: cookie.name,
    secureCookie: cookie.secure,
    secret: sessionSecret(env),
  });
  const claims = claimsSchema.safeParse(token);
  return claims.success ? { userId: claims.data.sub, signedInAt: claims.data.signedInAt } : null;
}

function parseCookies(header: string): Record<string, string> {
  const pairs = header.split(';').flatMap((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [] : [[part.slice(0, at).trim(), decode(part.slice(at + 1).trim())] as const];
  });
  return Object.fromEntries(pairs);
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
