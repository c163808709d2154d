import { AppError } from '@/server/domain/errors';

const SECRET = /^secret:([A-Z0-9_]+)$/;

/**
 * Why a value that came out of an expression may not be used; null when it may. Whoever may start a
 * pipeline gives values to its expressions, and must not be able to have any secret sent by naming it.
 */
export function secretObjection(value: unknown): string | null {
  if (typeof value === 'string')
    return SECRET.test(value)
      ? `"${value}" came out of an expression; a secret may only be named in the pipeline itself`
      : null;
  if (typeof value !== 'object' || value === null) return null;
  return (
    Object.values(value)
      .map(secretObjection)
      .find((one) => one !== null) ?? null
  );
}

/**
 * Headers with their secrets, which come from the worker's environment at the last moment and are never stored.
 * @throws AppError `unprocessable` for a secret that is not there or that no header can hold.
 */
export function withSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, revealed(name, value)]));
}

function revealed(name: string, value: string): string {
  const secret = SECRET.exec(value)?.[1];
  if (secret === undefined) return value;
  const variable = `SIGNALBOX_WEBHOOK_SECRET_${secret}`;
  const found = process.env[variable];
  if (found === undefined)
    throw new AppError(
      'unprocessable',
      `The header ${name} needs the variable ${variable}, which the worker does not have.`,
    );
  if (isHeaderValue(found)) return found;
  throw new AppError(
    'unprocessable',
    `The variable ${variable} holds a character that no header can hold, such as a line break. Set it again.`,
  );
}

/** A token of RFC 9110. */
export function isHeaderName(name: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name);
}

/** As Node.js sends it: Latin-1 without control characters. */
export function isHeaderValue(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}
