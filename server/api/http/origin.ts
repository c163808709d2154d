import { AppError } from '@/server/domain/errors';

/**
 * Refuses a change that another site makes a browser send. SameSite=Lax already keeps the session
 * cookie from most of them; this also covers sibling subdomains.
 * @throws AppError `forbidden`.
 */
export function requireSameOrigin(request: Request, publicUrl: string): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const origin = request.headers.get('origin');
  // Browsers always send it with a POST; without it the caller is a program that owns its cookie.
  if (origin === null) return;
  const hosts = [new URL(publicUrl).host, request.headers.get('host')];
  if (URL.canParse(origin) && hosts.includes(new URL(origin).host)) return;
  throw new AppError(
    'forbidden',
    `Requests from ${origin} are not accepted. Open Signalbox at ${publicUrl}.`,
  );
}
