import type { NextAuthOptions } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import type { OAuthConfig } from 'next-auth/providers/oauth';
import { sessionCookie, sessionSecret } from '@/server/api/auth/session';
import { clientAddress } from '@/server/api/http/address';
import { isAppError } from '@/server/domain/errors';
import type { Environment } from '@/server/env';
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
      async jwt({ token, user, account, profile }) {
        if (account?.provider === 'oidc') {
          const settings = { issuer: env.OIDC_ISSUER ?? '', roleClaim: env.OIDC_ROLE_CLAIM };
          const { userId, signedInAt } = await signInOidc(runtime().db, profile, settings);
          return { sub: userId, signedInAt };
        }
        // Only `authorize` below makes users, and it puts this in.
        if (user) return { sub: user.id, signedInAt: (user as PasswordUser).signedInAt };
        return token;
      },
      // The page asks the API who is signed in; the session says only that someone is.
      session: ({ session }) => ({ expires: session.expires }),
    },
  };
}

interface PasswordUser {
  readonly id: string;
  readonly signedInAt: SessionClaims['signedInAt'];
}

function passwordProvider() {
  return Credentials({
    id: 'credentials',
    name: 'Password',
    credentials: { username: { type: 'text' }, password: { type: 'password' } },
    async authorize(given, request): Promise<PasswordUser | null> {
      const credentials = credentialsSchema.safeParse(given);
      if (!credentials.success) return null;
      try {
        const claims = await signIn(runtime().db, credentials.data, clientAddress(request.headers ?? {}));
        return { id: claims.userId, signedInAt: claims.signedInAt };
      } catch (error) {
        if (!isAppError(error)) throw error;
        // The text reaches the sign-in page as its `error`.
        if (error.code === 'rate_limited') throw new Error('RateLimited', { cause: error });
        return null;
      }
    },
  });
}

function oidcProvider(env: Environment): OAuthConfig<{ sub: string }> {
  return {
    id: 'oidc',
    name: 'OpenID Connect',
    type: 'oauth',
    wellKnown: `${(env.OIDC_ISSUER ?? '').replace(/\/$/, '')}/.well-known/openid-configuration`,
    clientId: env.OIDC_CLIENT_ID,
    clientSecret: env.OIDC_CLIENT_SECRET,
    authorization: { params: { scope: 'openid profile email' } },
    checks: ['pkce', 'state', 'nonce'],
    idToken: true,
    profile: (profile) => ({ id: profile.sub }),
  };
}
