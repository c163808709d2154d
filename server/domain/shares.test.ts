import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Member, shares } from '@/server/domain/shares';

function member(serverGroup: string, healthyInstances: number, enabled = true): Member {
  return { serverGroup, healthyInstances, enabled };
}
const asObject = (members: readonly Member[], weights: Record<string, number> = {}) =>
  Object.fromEntries(shares(members, weights));

describe('shares of a load balancer', () => {
  it('give every instance the same when there are no weights', () => {
    expect(asObject([member('a', 3), member('b', 1)])).toEqual({ a: 0.75, b: 0.25 });
  });

  it('leave out groups that are disabled or have no healthy instance', () => {
    expect(asObject([member('a', 2, false), member('b', 0), member('c', 1)])).toEqual({ a: 0, b: 0, c: 1 });
    expect(asObject([member('a', 0)])).toEqual({ a: 0 });
    expect(asObject([])).toEqual({});
  });

  it('follow the weights whatever the number of instances, and zero means none', () => {
    expect(asObject([member('a', 3), member('b', 1)], { a: 1, b: 3 })).toEqual({ a: 0.25, b: 0.75 });
    expect(asObject([member('a', 3), member('b', 1)], { a: 100, b: 0 })).toEqual({ a: 1, b: 0 });
  });

  it('bring traffic to an enabled group that the weights do not name', () => {
    expect(asObject([member('a', 2), member('b', 1), member('c', 2)], { a: 100, b: 0 })).toEqual({
      a: 0.5,
      b: 0,
      c: 0.5,
    });
    expect(asObject([member('a', 1), member('b', 2)], { a: 0 })).toEqual({ a: 0, b: 1 });
  });

  it('fall to groups that weigh zero when nobody else is able', () => {
    expect(asObject([member('a', 0), member('b', 1)], { a: 100, b: 0 })).toEqual({ a: 0, b: 1 });
    expect(asObject([member('a', 2), member('b', 2)], { a: 0, b: 0 })).toEqual({ a: 0.5, b: 0.5 });
  });

  it('sum to 1 whenever any group is able, and never give to one that is not', () => {
    const groups = fc.uniqueArray(
      fc.record({
        serverGroup: fc.constantFrom('a', 'b', 'c', 'd'),
        enabled: fc.boolean(),
        healthyInstances: fc.nat(5),
      }),
      { selector: (one) => one.serverGroup },
    );
    const weights = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(100));
    fc.assert(
      fc.property(groups, weights, (members, given) => {
        const result = shares(members, given);
        const able = members.filter((one) => one.enabled && one.healthyInstances > 0);
        const total = [...result.values()].reduce((sum, share) => sum + share, 0);
        expect(total).toBeCloseTo(able.length > 0 ? 1 : 0, 9);
        const others = members.filter((one) => !able.includes(one)).map((one) => result.get(one.serverGroup));
        expect(others.every((share) => share === 0)).toBe(true);
      }),
    );
  });
});
