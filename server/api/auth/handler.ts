import type { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { authOptions } from '@/server/api/auth/options';
import { errorResponse } from '@/server/api/http/errors';
import { runtime } from '@/server/services/runtime';

interface RouteContext {
  readonly params: Promise<{ nextauth: string[] }>;
}

/** The sign-in routes. */
export async function handleAuth(request: NextRequest, context: RouteContext): Promise<Response> {
  try {
    if (wasRefused(request.nextUrl)) {
      return new Response(null, { status: 302, headers: { location: '/api/auth/signin?error=OidcRefused' } });
    }
    // next-auth reads its own address from the environment only; without it links point to localhost:3000.
    process.env.NEXTAUTH_URL ??= runtime().env.SIGNALBOX_URL;
    // Its type says nothing, because it can be called in three ways; with options alone it makes this.
    const handler = NextAuth(authOptions()) as (
      request: NextRequest,
      context: RouteContext,
    ) => Promise<Response>;
    return await handler(request, context);
  } catch (error) {
    return errorResponse(error);
  }
}

/** Whether the issuer sends someone back who cancelled there, or whom it does not let in. next-auth says no more than "Callback". */
function wasRefused({ pathname, searchParams }: URL): boolean {
  return pathname === '/api/auth/callback/oidc' && searchParams.get('error') === 'access_denied';
}
