import { randomBytes } from 'node:crypto';
import { AppError } from '@/server/domain/errors';
import type { SecretBox } from '@/server/secrets/seal';

/** A fresh secret, in the notation of Standard Webhooks, which all senders and receivers take. */
export function newSecret(): string {
  return `whsec_${randomBytes(24).toString('base64')}`;
}

/** As it rests in the database. */
export function sealed(box: SecretBox | undefined, secret: string): string {
  return secretsOf(box).seal(secret);
}

/** @throws AppError `internal` in a process that handles no secrets. */
export function secretsOf(box: SecretBox | undefined): SecretBox {
  if (box) return box;
  throw new AppError('internal', 'This process has no secret to seal with. Set SIGNALBOX_SECRET.');
}
