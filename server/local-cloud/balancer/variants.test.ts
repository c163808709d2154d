import { expect, it } from 'vitest';
import { variantsOf } from '@/server/local-cloud/balancer/variants';

it('reads which variants an answer was made with', () => {
  expect(variantsOf('badge=on, order=by%2Dprice%2C%20asc')).toEqual([
    { toggle: 'badge', variant: 'on' },
    { toggle: 'order', variant: 'by-price, asc' },
  ]);
  expect(variantsOf(undefined)).toEqual([]);
});

it('passes over what is no pair of names, and over what is too much', () => {
  expect(variantsOf(`a, =b, c=, d=e=f, %E0=x, ${'k'.repeat(201)}=on, g=h`)).toEqual([
    { toggle: 'g', variant: 'h' },
  ]);
  const many = Array.from({ length: 50 }, (_, index) => `t${index}=on`).join();
  expect(variantsOf(many)).toHaveLength(20);
});
