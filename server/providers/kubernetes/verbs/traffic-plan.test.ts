import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shares } from '@/server/domain/shares';
import { backendsFor, labelledCounts } from '@/server/providers/kubernetes/verbs/traffic-plan';

const group = (name: string, desired: number) => ({ name, desired });
const weightsIn = (...given: Parameters<typeof backendsFor>) =>
  Object.fromEntries(backendsFor(...given).map(({ name, weight }) => [name, weight]));
const counts = (...given: Parameters<typeof labelledCounts>) => Object.fromEntries(labelledCounts(...given));

describe('the backends of a route', () => {
  it('weigh by wanted instances when nobody gave weights', () => {
    expect(weightsIn([group('a', 4), group('b', 2)], {}, 80)).toEqual({ a: 2, b: 1 });
    expect(backendsFor([group('a', 3)], {}, 8080)).toEqual([{ name: 'a', port: 8080, weight: 1 }]);
    expect(backendsFor([], {}, 80)).toEqual([]);
  });

  it('weigh as asked for, whatever the number of instances', () => {
    expect(weightsIn([group('a', 1), group('b', 5)], { a: 90, b: 10 }, 80)).toEqual({ a: 9, b: 1 });
    expect(weightsIn([group('a', 2), group('b', 2)], { a: 100, b: 0 }, 80)).toEqual({ a: 1, b: 0 });
  });

  it('give a group that nobody weighed what the others have per instance', () => {
    expect(weightsIn([group('a', 2), group('b', 1)], { a: 100 }, 80)).toEqual({ a: 2, b: 1 });
  });

  it('keep a group without instances in the route, with nothing', () => {
    expect(weightsIn([group('a', 2), group('b', 0)], {}, 80)).toEqual({ a: 1, b: 0 });
  });

  it('come within a thousandth of the share and are whole numbers a route may say', () => {
    const groups = fc.uniqueArray(
      fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), desired: fc.integer({ min: 1, max: 50 }) }),
      { selector: ({ name }) => name, minLength: 1 },
    );
    const weights = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 0, max: 100 }));
    fc.assert(
      fc.property(groups, weights, (given, asked) => {
        const backends = backendsFor(given, asked, 80);
        const sum = backends.reduce((total, { weight = 0 }) => total + weight, 0);
        const members = given.map(({ name, desired }) => ({
          serverGroup: name,
          enabled: true,
          healthyInstances: desired,
        }));
        for (const { name, weight = 0 } of backends) {
          expect(Number.isInteger(weight) && weight >= 0 && weight <= 1_000_000).toBe(true);
          expect(Math.abs(weight / sum - (shares(members, asked).get(name) ?? 0))).toBeLessThan(0.001);
        }
      }),
    );
  });
});

describe('sharing by the number of instances', () => {
  it('lets all instances in when nobody gave weights', () => {
    expect(counts([group('a', 4), group('b', 2)], {})).toEqual({ a: 4, b: 2 });
  });

  it('lets all of the greatest in and of the others so many that the ratio comes near', () => {
    expect(counts([group('a', 10), group('b', 10)], { a: 90, b: 10 })).toEqual({ a: 10, b: 1 });
    expect(counts([group('a', 10), group('b', 10)], { a: 50, b: 50 })).toEqual({ a: 10, b: 10 });
    expect(counts([group('a', 2), group('b', 4)], { a: 75, b: 25 })).toEqual({ a: 2, b: 1 });
  });

  it('lets at least one in for any weight, and none for zero', () => {
    expect(counts([group('a', 2), group('b', 2)], { a: 99, b: 1 })).toEqual({ a: 2, b: 1 });
    expect(counts([group('a', 2), group('b', 2)], { a: 100, b: 0 })).toEqual({ a: 2, b: 0 });
  });

  it('lets everyone in again when all that is left weighs zero', () => {
    expect(counts([group('b', 2)], { b: 0 })).toEqual({ b: 2 });
  });

  it('lets in whatever comes to a group without instances', () => {
    expect(counts([group('a', 0)], {})).toEqual({ a: 0 });
  });
});
