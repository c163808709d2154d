import { expect, it } from 'vitest';
import type { ServerGroup } from '@/server/domain/inventory';
import { notRouted, sharesReached } from '@/server/engine/stages/set-weights';

const AT = '2026-11-21T00:00:00.000Z';

function group(name: string, instances: number, traffic: number): ServerGroup {
  return {
    account: 'prod',
    region: 'eu',
    application: 'web',
    cluster: 'web',
    name,
    sequence: 1,
    artifact: { name: 'web', version: '1', digest: 'sha256:1' },
    capacity: { min: 1, desired: instances, max: instances },
    instances: Array.from({ length: instances }, (_, index) => ({
      id: `${name}-${index}`,
      health: 'healthy' as const,
      reason: null,
      startedAt: AT,
      address: null,
      restarts: 0,
      memoryBytes: null,
    })),
    enabled: true,
    traffic,
    loadBalancers: ['web'],
    createdAt: AT,
    configKeys: [],
  };
}

it('tells the shares that instances make of the weights that were wanted', () => {
  const groups = [group('web-v000', 3, 0.75), group('web-v001', 1, 0.25)];
  const told = sharesReached(groups, { 'web-v000': 95, 'web-v001': 5 }, 'eu');
  expect(told.map(({ values }) => values)).toEqual([
    { serverGroup: 'web-v000', region: 'eu', percent: 75, instances: 3, total: 4, wanted: 95 },
    { serverGroup: 'web-v001', region: 'eu', percent: 25, instances: 1, total: 4, wanted: 5 },
  ]);
});

it('tells nothing of shares that came out as they were wanted', () => {
  const groups = [group('web-v000', 3, 0.75), group('web-v001', 1, 0.25)];
  expect(sharesReached(groups, { 'web-v000': 3, 'web-v001': 1 }, 'eu')).toEqual([]);
});

it('looks at shares within the cluster, where others have a part of the same route', () => {
  const names = (groups: ServerGroup[]) =>
    notRouted(groups, { 'web-v000': 90, 'web-v001': 10 }).map(({ name }) => name);
  const waiting = { ...group('web-v001', 1, 0), enabled: false };
  expect(names([group('web-v000', 1, 0.5), waiting])).toEqual([]);
  expect(names([group('web-v000', 1, 0.45), group('web-v001', 1, 0.05)])).toEqual([]);
  expect(names([group('web-v000', 1, 0.25), group('web-v001', 1, 0.25)])).toEqual(['web-v000', 'web-v001']);
});
