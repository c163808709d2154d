import { expect, it } from 'vitest';
import { StreamTokens } from '@/server/services/toggle-serving/stream-tokens';

const tokens = new StreamTokens('a secret of at least thirty-two characters');
const at = (text: string) => new Date(`2026-12-01T${text}Z`);

it('a token is the same within an hour in every process, and good until the end of the next', () => {
  const token = tokens.issue('key-1', at('10:00:00'));
  const other = new StreamTokens('a secret of at least thirty-two characters');
  expect(other.issue('key-1', at('10:59:59'))).toBe(token);
  expect(tokens.issue('key-1', at('11:00:00'))).not.toBe(token);
  expect(tokens.read(token, at('11:59:59'))).toBe('key-1');
  expect(tokens.read(token, at('12:00:00'))).toBeNull();
  expect(tokens.read(token, at('09:59:59'))).toBeNull();
});

it('a token of another secret, for another key or another time is none', () => {
  const now = at('10:00:00');
  const [id = '', period = '', signature = ''] = tokens.issue('key-1', now).split('.');
  const forged = [
    new StreamTokens('another secret of thirty-two characters').issue('key-1', now),
    `key-2.${period}.${signature}`,
    `${id}.${Number(period) + 1}.${signature}`,
    `${id}.${period}.`,
    `${id}.NaN.${signature}`,
    `${id}.${period}.${signature}x`,
    '',
  ];
  for (const token of forged) expect(tokens.read(token, now)).toBeNull();
});
