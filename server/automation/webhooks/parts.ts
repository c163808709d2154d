import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** In constant time, whatever the lengths. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Whether any secret fits. All are tried, so that the time does not tell which. */
export function anyFits(secrets: readonly string[], fits: (secret: string) => boolean): boolean {
  return secrets.map(fits).includes(true);
}

export function hmacHex(secret: string, body: Buffer): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

/** For senders that give no id of their own. */
export function contentId(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

/** @throws SyntaxError. */
export function parseJson(body: Buffer): unknown {
  return JSON.parse(body.toString('utf8'));
}

export function bearerOf(headers: Headers): string | null {
  return /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? null;
}
