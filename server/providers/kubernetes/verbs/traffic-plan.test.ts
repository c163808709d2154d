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
    expect(counts([group('a', 4), group('b', 4)], { a: 75, b: 25 })).toEqual({ a: 4, b: 1 });
  });

  it('keeps as many in as the old group had beside a canary that is smaller', () => {
    expect(counts([group('old', 50), group('new', 5)], { old: 25, new: 75 })).toEqual({ old: 45, new: 5 });
    expect(counts([group('old', 4), group('new', 2)], { old: 40, new: 60 })).toEqual({ old: 2, new: 2 });
    expect(counts([group('old', 4), group('new', 2)], { old: 0, new: 100 })).toEqual({ old: 0, new: 2 });
  });

  it('never lets fewer in than the largest group that takes part has, nor more of any than it has', () => {
    const groups = fc.uniqueArray(
      fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), desired: fc.integer({ min: 0, max: 50 }) }),
      { selector: ({ name }) => name },
    );
    const weights = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 0, max: 100 }));
    fc.assert(
      fc.property(groups, weights, (given, asked) => {
        const found = labelledCounts(given, asked);
        const taking = given.filter(({ name }) => (found.get(name) ?? 0) > 0);
        const most = Math.max(0, ...taking.map(({ desired }) => desired));
        const all = [...found.values()].reduce((total, count) => total + count, 0);
        expect(all).toBeGreaterThanOrEqual(most);
        for (const { name, desired } of given) expect(found.get(name)).toBeLessThanOrEqual(desired);
      }),
    );
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
