import { type NextRequest, NextResponse } from 'next/server';
import { hasSession } from '@/server/api/auth/page-guard';
import { badPath, isDecodable } from '@/server/api/http/path';

/**
 * Sends people without a session to the sign-in page. Only a convenience: every procedure checks
 * again, because a session may have been ended after its cookie was made.
 *
 * A path that cannot be decoded is answered here, because Next.js itself ends it with a bare 500.
 */
export async function proxy(request: NextRequest): Promise<Response> {
  const { pathname } = request.nextUrl;
  if (!isDecodable(pathname)) return badPath();
  if (pathname.startsWith('/api/')) return NextResponse.next();
  if (await hasSession(request.headers)) return NextResponse.next();
  const target = request.nextUrl.clone();
  const wanted = target.pathname + target.search;
  target.pathname = '/signin';
  target.search = '';
  if (wanted !== '/') target.searchParams.set('next', wanted);
  return NextResponse.redirect(target);
}

export const config = {
  // Everything but the doors for machines, what sign-in itself needs, and files.
  matcher: [
    '/((?!api/|metrics|ofrep/|signin|_next/|.*\\.[a-z0-9]+$).*)',
    // The few addresses of machines that may not be decodable: with an escape that is not plain ASCII.
    '/(api/.*%(?![0-7][0-9a-fA-F]).*)',
  ],
};
