import type { NextAuthOptions } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import { oidcProvider } from '@/server/api/auth/oidc-provider';
import { sessionCookie, sessionSecret } from '@/server/api/auth/session';
import { clientAddress } from '@/server/api/http/address';
import { isAppError } from '@/server/domain/errors';
import type { SessionClaims } from '@/server/services/auth/authenticate-session';
import { credentialsSchema, signIn } from '@/server/services/auth/sign-in';
import { signInOidc } from '@/server/services/auth/sign-in-oidc';
import { runtime } from '@/server/services/runtime';

const SESSION_SECONDS = 7 * 24 * 3600;

/** Sign-in by password always, by OpenID Connect when OIDC_ISSUER is set. */
export function authOptions(): NextAuthOptions {
  const { env } = runtime();
  const cookie = sessionCookie(env);
  return {
    secret: sessionSecret(env),
    session: { strategy: 'jwt', maxAge: SESSION_SECONDS },
    pages: { signIn: '/signin', error: '/signin' },
    useSecureCookies: cookie.secure,
    cookies: {
      sessionToken: {
        name: cookie.name,
        options: { httpOnly: true, sameSite: 'lax', path: '/', secure: cookie.secure },
      },
    },
    providers: [passwordProvider(), ...(env.OIDC_ISSUER ? [oidcProvider(env)] : [])],
    callbacks: {
      async signIn({ user, account, profile }) {
        if (account?.provider !== 'oidc') return true;
        const claims = await admitOidc(profile);
        // Whoever may come in is known from here on; `jwt` below gets the same object.
        if (claims) Object.assign(user, { id: claims.userId, signedInAt: claims.signedInAt });
        return claims !== null;
      },
      jwt({ token, user }) {
        // Only `authorize` and `signIn` make users, and both put this in.
        if (user) return { sub: user.id, signedInAt: (user as SignedInUser).signedInAt };
        return token;
      },
      // The page asks the API who is signed in; the session says only that someone is.
      session: ({ session }) => ({ expires: session.expires }),
    },
  };
}

interface SignedInUser {
  readonly id: string;
  readonly signedInAt: SessionClaims['signedInAt'];
}

function passwordProvider() {
  return Credentials({
    id: 'credentials',
    name: 'Password',
    credentials: { username: { type: 'text' }, password: { type: 'password' } },
    async authorize(given, request): Promise<SignedInUser | null> {
      const credentials = credentialsSchema.safeParse(given);
      if (!credentials.success) return null;
      try {
        const claims = await signIn(runtime().db, credentials.data, clientAddress(request.headers ?? {}));
        return { id: claims.userId, signedInAt: claims.signedInAt };
      } catch (error) {
        if (!isAppError(error)) throw broken(error);
        // The text reaches the sign-in page as its `error`.
        if (error.code === 'rate_limited') throw new Error('RateLimited', { cause: error });
        return null;
      }
    },
  });
}

/** Null for someone who may not come in. */
async function admitOidc(profile: unknown): Promise<SessionClaims | null> {
  const { db, env } = runtime();
  try {
    return await signInOidc(db, profile, { issuer: env.OIDC_ISSUER ?? '', roleClaim: env.OIDC_ROLE_CLAIM });
  } catch (error) {
    if (isAppError(error) && error.code === 'forbidden') return null;
    throw broken(error);
  }
}

/** next-auth puts the text of what is thrown into an address: it must be a code, and the cause goes to the log. */
function broken(cause: unknown): Error {
  runtime().log.error({ err: cause }, 'sign-in failed');
  return new Error('Unavailable', { cause });
}
