import { expect, it } from 'vitest';
import { transformer } from '@/server/domain/transformer';

const there = (value: unknown): unknown =>
  transformer.deserialize(JSON.parse(JSON.stringify(transformer.serialize(value))));

it.each(['constructor', 'prototype', '__proto__', '~constructor', '~~__proto__'])(
  'brings a name that objects have of their own to the other side: %s',
  (name) => {
    const value = {
      variants: Object.fromEntries([
        [name, true],
        ['off', [Object.fromEntries([[name, 1]])]],
      ]),
    };
    expect(there(value)).toStrictEqual(value);
  },
);

it('keeps what JSON loses, beside and below such names', () => {
  const value = { prototype: { at: new Date(0), none: undefined, big: 7n }, also: new Set(['x']) };
  expect(there(value)).toStrictEqual(value);
});

it.each([
  [undefined],
  [Number.NaN],
  [-0],
  [[1, undefined]],
  [{ deep: [{ at: new Date(0) }] }],
  [new Map([['a', 1]])],
])('keeps %o, which JSON loses', (value) => {
  expect(there(value)).toStrictEqual(value);
  expect(there({ value })).toStrictEqual({ value });
});

it('brings what stands in two places to both', () => {
  const one = { name: 'shop' };
  expect(there({ all: [one], here: one })).toStrictEqual({ all: [one], here: one });
});

it('pollutes nothing', () => {
  const read = there(JSON.parse('{"a": {"__proto__": {"isAdmin": true}}}'));
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  expect(JSON.stringify(read)).toBe('{"a":{"__proto__":{"isAdmin":true}}}');
});

it('touches nothing that is fine already', () => {
  const value = { plain: [1, { deep: 'x' }] };
  expect(transformer.serialize(value).json).toEqual(value);
});
