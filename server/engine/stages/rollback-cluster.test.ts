import { describe, expect, it } from 'vitest';
import type { Capacity, ServerGroup } from '@/server/domain/inventory';
import { message } from '@/server/domain/message';
import { planRollback } from '@/server/domain/rollback';
import { chooseRollback, nowhere, rollbackSteps } from '@/server/engine/stages/rollback-cluster';

function group(sequence: number, version: string, enabled: boolean, desired = 2): ServerGroup {
  return {
    account: 'local',
    region: 'eu',
    application: 'shop',
    cluster: 'shop',
    name: `shop-v00${sequence}`,
    sequence,
    artifact: { name: 'shop', version, digest: `sha256:${version}` },
    capacity: { min: 0, desired, max: 4 },
    instances: [],
    enabled,
    traffic: enabled ? 1 : 0,
    loadBalancers: [],
    createdAt: `2026-01-0${sequence}T00:00:00.000Z`,
    configKeys: [],
  };
}

const choose = (groups: ServerGroup[], explicit?: string) => {
  const [planned] = planRollback(['eu'], groups, new Map());
  if (!planned) throw new Error('one region was asked for');
  const { target, bad, why } = chooseRollback(groups, planned, explicit);
  return { to: target?.name ?? null, out: bad.map((group) => group.name), why: why?.key ?? null };
};

it('takes out what serves and everything else enabled that is newer than the target', () => {
  expect(choose([group(1, 'a', false), group(2, 'c', true), group(3, 'c', true)])).toEqual({
    to: 'shop-v001',
    out: ['shop-v002', 'shop-v003'],
    why: null,
  });
});

it('does not go forward to a newer group that was rolled back before', () => {
  expect(choose([group(1, 'a', true), group(2, 'b', false)]).to).toBeNull();
});

it('leaves older groups in traffic that have nothing to do with it', () => {
  expect(choose([group(1, 'a', true), group(2, 'b', false), group(3, 'c', true)]).out).toEqual(['shop-v003']);
});

it('takes the group that was chosen', () => {
  expect(choose([group(1, 'a', false), group(2, 'b', false), group(3, 'c', true)], 'shop-v001').to).toBe(
    'shop-v001',
  );
});

it('says why when nothing serves or nothing else is there', () => {
  expect(choose([group(1, 'a', false)]).why).toBe('rollback.why.nothingTakesTraffic');
  expect(choose([group(1, 'a', true)]).why).toBe('rollback.why.noEarlierGroup');
});

it('makes the earlier group as large as the bad one before traffic moves, and lets it in before the bad one out', () => {
  const steps = rollbackSteps(group(1, 'a', false, 0), [group(2, 'b', true, 3)]);

  expect(steps.map((step) => step.type)).toEqual([
    'resizeServerGroup',
    'enableServerGroup',
    'disableServerGroup',
  ]);
  expect(steps[0]).toMatchObject({ serverGroup: 'shop-v001', capacity: { desired: 3 } });
});

it.each([
  [['noEarlierGroup', 'noServerGroups'], 'engine.rollback.nowhere'],
  [['otherVersion', 'noEarlierGroup'], 'rollback.why.noEarlierGroup'],
  [['noEarlierGroup', 'vetoed'], 'rollback.why.vetoed'],
  [['noServerGroups', 'nothingTakesTraffic'], 'rollback.why.nothingTakesTraffic'],
])('says of regions with %j why none goes back', (reasons, told) => {
  const whys = reasons.map((reason) => ({ why: message(`rollback.why.${reason}`) }));
  expect(nowhere('shop', whys).key).toBe(told);
});

describe('the size of the earlier group', () => {
  const grown = (small: ServerGroup, bad: ServerGroup[], normal?: Capacity) =>
    rollbackSteps(small, bad, normal).flatMap((step) =>
      step.type === 'resizeServerGroup' ? [step.capacity] : [],
    );
  const asleep = group(1, 'a', false, 0);
  const normal = { min: 2, desired: 3, max: 6 };

  it('has the bounds of the environment again, and what serves now within or beyond them', () => {
    expect(grown(asleep, [group(2, 'b', true, 4)], normal)).toEqual([{ min: 2, desired: 4, max: 6 }]);
    expect(grown(asleep, [group(2, 'b', true, 9)], normal)).toEqual([{ min: 2, desired: 9, max: 9 }]);
    expect(grown(asleep, [group(2, 'b', true, 1)], normal)).toEqual([{ min: 2, desired: 2, max: 6 }]);
  });

  it('is what the environment wants where nothing serves', () => {
    expect(grown(asleep, [], normal)).toEqual([normal]);
  });

  it('stays when it is enough', () => {
    expect(grown(group(1, 'a', false, 3), [group(2, 'b', true, 3)], normal)).toEqual([]);
    expect(grown(group(1, 'a', false, 3), [], normal)).toEqual([]);
  });

  it('keeps its own bounds in a cluster of no environment', () => {
    expect(grown(asleep, [group(2, 'b', true, 3)])).toEqual([{ min: 0, desired: 3, max: 4 }]);
  });
});

it('switches serverless groups by their shares, in before out, with two in traffic at most', () => {
  const serverless = { state: 'active' as const, reason: null, revision: '1' };
  const lambda = (sequence: number, traffic: number) => ({
    ...group(sequence, `v${sequence}`, traffic > 0, 1),
    traffic,
    serverless,
  });
  expect(rollbackSteps(lambda(1, 0), [lambda(2, 0.9), lambda(3, 0.1)])).toEqual([
    { type: 'disableServerGroup', serverGroup: 'shop-v003' },
    { type: 'setWeights', weights: { 'shop-v001': 100, 'shop-v002': 0 } },
    { type: 'enableServerGroup', serverGroup: 'shop-v001' },
    { type: 'disableServerGroup', serverGroup: 'shop-v002' },
  ]);
});
