import { expect, it } from 'vitest';
import { isInsideOnly } from '@/components/clusters/address.view';

it.each([
  ['http://shop-prod.shop.svc', true],
  ['http://shop-prod.shop.svc:8080/ready', true],
  ['https://shop-prod.shop.svc.cluster.local', true],
  ['http://svc.example.com', false],
  ['http://shop.svc.example.com', false],
  ['http://10.0.0.7:8080', false],
  ['http://localhost:4100', false],
])('of %s it says whether only its cluster knows it: %s', (url, inside) => {
  expect(isInsideOnly(url)).toBe(inside);
});
