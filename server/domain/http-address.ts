import { z } from 'zod';

/** Where something that speaks HTTP is. No key stands in it, because addresses are stored, served and logged. */
export const httpAddress = z
  .url({ protocol: /^https?$/, abort: true })
  .refine(isWithoutKey, 'must not contain a user name or a password');

/** An address that paths are put after. */
export const httpBase = httpAddress.refine(
  (text) => new URL(text).search === '' && new URL(text).hash === '',
  'must end with the path',
);

function isWithoutKey(text: string): boolean {
  const { username, password } = new URL(text);
  return username === '' && password === '';
}
