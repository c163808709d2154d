import { expect, it } from 'vitest';
import type { ServerGroup } from '@/server/domain/inventory';
import { difference, itemKey, withoutMemory } from '@/server/engine/inventory/diff';

function group(name: string, memoryBytes: number, traffic = 0): ServerGroup {
  return {
    account: 'local',
    region: 'eu',
    application: 'shop',
    cluster: 'shop',
    name,
    sequence: 1,
    artifact: { name: 'shop', version: '1', digest: 'sha256:1' },
    capacity: { min: 1, desired: 1, max: 1 },
    instances: [
      {
        id: `${name}-1`,
        health: 'healthy',
        reason: null,
        startedAt: '2026-01-01T00:00:00.000Z',
        address: null,
        restarts: 0,
        memoryBytes,
      },
    ],
    enabled: true,
    traffic,
    loadBalancers: [],
    createdAt: '2026-01-01T00:00:00.000Z',
    configKeys: [],
  };
}

const kept = (...groups: ServerGroup[]) => new Map(groups.map((one) => [itemKey(one), one]));
const names = (groups: readonly ServerGroup[]) => groups.map((one) => one.name);

it('writes what is new or different, removes what is gone, and tells of both', () => {
  const found = difference(
    kept(group('a', 1), group('b', 1), group('c', 1)),
    [group('a', 1), group('b', 1, 0.5), group('d', 1)],
    withoutMemory,
  );

  expect(names(found.changed)).toEqual(['b', 'd']);
  expect(names(found.gone)).toEqual(['c']);
  expect(names(found.news)).toEqual(['b', 'd', 'c']);
});

it('writes memory but does not call it news', () => {
  const found = difference(kept(group('a', 1)), [group('a', 2)], withoutMemory);

  expect(names(found.changed)).toEqual(['a']);
  expect(found.news).toEqual([]);
});

it('does not take another order of keys for a change', () => {
  const { enabled, ...rest } = group('a', 1);

  expect(difference(kept({ enabled, ...rest }), [{ ...rest, enabled }]).changed).toEqual([]);
});

it('does not look inside what a watch hands out again as the same object', () => {
  const same = group('a', 1);
  Object.defineProperty(same, 'instances', {
    enumerable: true,
    get: () => {
      throw new Error('it was looked at');
    },
  });

  expect(difference(new Map([[itemKey(same), same]]), [same])).toEqual({ changed: [], gone: [], news: [] });
});

it('does not look into an object that is the same as before', () => {
  const same = group('a', 1);
  const unread = Object.defineProperty({ ...same }, 'application', {
    enumerable: true,
    get: () => {
      throw new Error('somebody looked');
    },
  });

  expect(difference(kept(unread), [unread]).changed).toEqual([]);
});
