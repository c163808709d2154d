import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beyond, selectGroup, targetSchema } from '@/server/engine/clusters/selection';
import { sparedIn } from '@/server/engine/clusters/spared';
import { clusters, serverGroup } from '@/server/strategies/testing/cluster';

describe('choosing groups of a cluster', () => {
  it('by what people call them', () => {
    const groups = [
      serverGroup(0, 'a', true, 4),
      serverGroup(1, 'b', false, 1),
      serverGroup(2, 'c', true, 2),
    ];
    const named = (['newest', 'previous', 'oldest', 'largest'] as const).map(
      (target) => selectGroup(groups, target)?.sequence,
    );
    expect(named).toEqual([2, 1, 0, 0]);
    expect(selectGroup(groups, { serverGroup: 'shop-prod-v001' })?.sequence).toBe(1);
    expect(selectGroup([], 'newest')).toBeNull();
  });

  it('and says how a name is written to who writes it alone', () => {
    const { error } = targetSchema.safeParse('shop-prod-v001');
    expect(error?.issues[0]?.message).toContain('{ "serverGroup": "<name>" }');
  });

  it('never takes one that is spared, and leaves as many as it should', () => {
    fc.assert(
      fc.property(clusters, fc.nat(6), fc.boolean(), fc.nat(6), ({ groups }, keep, preferLarger, from) => {
        const spared = new Set(groups.slice(from).map((group) => group.name));
        const gone = beyond(groups, { keep, preferLarger, spared });
        expect(gone.filter((group) => spared.has(group.name))).toEqual([]);
        expect(groups.length - gone.length).toBe(Math.min(groups.length, Math.max(keep, spared.size)));
      }),
    );
  });

  it('keeps the newest, or the largest', () => {
    const groups = [serverGroup(0, 'a', true, 4), serverGroup(1, 'b', true, 1), serverGroup(2, 'c', true, 2)];
    const gone = (preferLarger: boolean) =>
      beyond(groups, { keep: 1, preferLarger, spared: new Set() }).map((group) => group.sequence);
    expect(gone(false)).toEqual([0, 1]);
    expect(gone(true)).toEqual([1, 2]);
  });

  it('spares what this execution created and what came after', () => {
    const groups = [serverGroup(0, 'a', true, 1), serverGroup(1, 'b', true, 1), serverGroup(2, 'c', true, 1)];
    expect([...sparedIn(groups, 'eu', new Set(['eu/shop-prod-v001']))]).toEqual([
      'shop-prod-v001',
      'shop-prod-v002',
    ]);
    expect(sparedIn(groups, 'us', new Set(['eu/shop-prod-v001'])).size).toBe(0);
  });
});
