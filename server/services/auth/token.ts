import { createHash, randomBytes } from 'node:crypto';

/** Recognised by secret scanners and by people. */
const PREFIX = 'sbx_';

/** A new bearer token with 256 bits of chance. */
export function generateToken(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/** What is stored. A plain hash suffices because the token is random, not chosen. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
