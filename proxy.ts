import { type NextRequest, NextResponse } from 'next/server';
import { readSession } from '@/server/api/auth/session';
import { runtime } from '@/server/services/runtime';

/**
 * Sends people without a session to the sign-in page. Only a convenience: every procedure checks
 * again, because a session may have been ended after its cookie was made.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  if (await readSession(request.headers.get('cookie'), runtime().env)) return NextResponse.next();
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
