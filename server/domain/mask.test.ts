import { expect, it } from 'vitest';
import { maskRecord, maskText } from '@/server/domain/mask';

it('hides configuration values wherever they stand, the longest first, and leaves plain words alone', () => {
  const secrets = ['s3cret', 's3cret-and-longer', 'info', ''];
  expect(maskText('level=info token=s3cret-and-longer (s3cret)', secrets)).toBe('level=info token=••• (•••)');
  expect(maskRecord({ a: ['x s3cret'], b: { c: 's3cret', d: 7, e: null } }, secrets)).toEqual({
    a: ['x •••'],
    b: { c: '•••', d: 7, e: null },
  });
});
