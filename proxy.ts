import { type NextRequest, NextResponse } from 'next/server';
import { hasSession } from '@/server/api/auth/page-guard';

/**
 * Sends people without a session to the sign-in page. Only a convenience: every procedure checks
 * again, because a session may have been ended after its cookie was made.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
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
  matcher: ['/((?!api/|metrics|ofrep/|signin|_next/|.*\\.[a-z0-9]+$).*)'],
};
