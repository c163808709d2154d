import { describe, expect, it } from 'vitest';
import {
  findSelected,
  formatBytes,
  groupState,
  healthParts,
  largestMemory,
  movedIndex,
  parseSelection,
  percents,
  selectionText,
  shortDigest,
  shortName,
  sortInstances,
  trafficByVersion,
} from '@/components/clusters/clusters.view';
import type { Instance, InstanceHealth } from '@/server/domain/inventory';

function instance(
  id: string,
  health: InstanceHealth = 'healthy',
  startedAt = '2026-11-21T00:00:00.000Z',
): Instance {
  return { id, health, startedAt, reason: null, address: null, restarts: 0, memoryBytes: null };
}
const artifact = (version: string) => ({ name: 'catalog', version, digest: `sha256:${version}` });

describe('traffic', () => {
  it('is added up by version, the first that came at the left, without those that get none', () => {
    const shares = (next: number) =>
      trafficByVersion([
        { artifact: artifact('1.2.0'), traffic: next, createdAt: '2026-11-21T03:00:00.000Z' },
        // A baseline, made for the canary beside it.
        { artifact: artifact('1.1.0'), traffic: 0.1, createdAt: '2026-11-21T04:00:00.000Z' },
        { artifact: artifact('1.1.0'), traffic: 0.9 - next, createdAt: '2026-11-21T02:00:00.000Z' },
        { artifact: artifact('1.0.0'), traffic: 0, createdAt: '2026-11-21T01:00:00.000Z' },
      ]).map(({ version, share }) => [version, Math.round(share * 100)]);
    expect(shares(0.1)).toEqual([
      ['1.1.0', 90],
      ['1.2.0', 10],
    ]);
    expect(shares(0.8)).toEqual([
      ['1.1.0', 20],
      ['1.2.0', 80],
    ]);
  });
  it('is shown in whole percents that add up', () => {
    expect(percents([1 / 3, 1 / 3, 1 / 3])).toEqual([34, 33, 33]);
    expect(percents([0.666, 0.334]).reduce((a, b) => a + b)).toBe(100);
    expect(percents([])).toEqual([]);
  });
});

describe('a server group', () => {
  const standing = (over: Partial<Parameters<typeof groupState>[0]>) => ({
    enabled: false,
    instances: [instance('a')],
    vetoed: null,
    createdAt: '2026-11-21T00:00:00.000Z',
    ...over,
  });
  const serving = standing({ enabled: true, createdAt: '2026-11-21T01:00:00.000Z' });

  it('without instances is empty, unless it is a function', () => {
    const empty = standing({ enabled: true, instances: [] });
    expect(groupState(empty, [])).toBe('empty');
    const active = { state: 'active' as const, reason: null, revision: '7' };
    expect(groupState({ ...empty, serverless: active }, [])).toBe('enabled');
    expect(groupState(standing({ instances: [], serverless: active }), [serving])).toBe('kept');
    const failed = { ...active, state: 'failed' as const };
    expect(groupState(standing({ instances: [], serverless: failed }), [serving])).toBe('disabled');
  });

  it('that is disabled, well and older than what serves is kept for rollback', () => {
    expect(groupState(standing({}), [serving])).toBe('kept');
    expect(groupState(standing({ createdAt: '2026-11-21T02:00:00.000Z' }), [serving])).toBe('disabled');
    expect(groupState(standing({ instances: [instance('a', 'down')] }), [serving])).toBe('disabled');
    const veto = { reason: 'slow', by: 'Erin', at: '2026-11-21T01:00:00.000Z' };
    expect(groupState(standing({ vetoed: veto }), [serving])).toBe('disabled');
    const managedBy = { kind: 'Deployment', name: 'catalog' };
    expect(groupState(standing({ managedBy }), [serving])).toBe('disabled');
  });
  it('that is enabled serves, or has nothing to serve with', () => {
    expect(groupState(serving, [serving])).toBe('enabled');
    expect(groupState(standing({ enabled: true, instances: [] }), [])).toBe('empty');
  });
  it('shows its sick instances first, then the oldest', () => {
    const sorted = sortInstances([
      instance('young', 'healthy', '2026-11-21T00:00:02.000Z'),
      instance('old', 'healthy', '2026-11-21T00:00:01.000Z'),
      instance('ill', 'unhealthy'),
      instance('gone', 'down'),
    ]);
    expect(sorted.map(({ id }) => id)).toEqual(['gone', 'ill', 'old', 'young']);
  });
  it('counts healths without the absent ones', () => {
    expect(healthParts([instance('a'), instance('b', 'starting'), instance('c')])).toEqual([
      { health: 'starting', count: 1 },
      { health: 'healthy', count: 2 },
    ]);
  });
  it('says its largest memory, or nothing when none is known', () => {
    expect(largestMemory([instance('a'), { ...instance('b'), memoryBytes: 5 }])).toBe(5);
    expect(largestMemory([instance('a')])).toBeNull();
  });
  it('goes by its sequence within its cluster', () => {
    expect(shortName('catalog-prod-v003', 'catalog-prod')).toBe('v003');
    expect(shortName('legacy', 'catalog-prod')).toBe('legacy');
  });
});

describe('texts', () => {
  it('of bytes use the largest fitting unit', () => {
    expect(formatBytes(0, 'en')).toBe('0 byte');
    expect(formatBytes(1536, 'en')).toBe('1.5 kB');
    expect(formatBytes(48 * 1024 * 1024, 'en')).toBe('48 MB');
  });
  it('of digests drop the algorithm', () => {
    expect(shortDigest('sha256:0123456789abcdef')).toBe('0123456');
  });
});

describe('a selection', () => {
  it('survives the URL whatever the names', () => {
    const selection = { account: 'a/b', region: 'eu', group: 'x-v001', instance: 'i%1' };
    expect(parseSelection(selectionText(selection))).toEqual(selection);
    expect(parseSelection(selectionText({ ...selection, instance: null }))).toEqual({
      ...selection,
      instance: null,
    });
  });
  it('is refused when it is nonsense', () => {
    expect(parseSelection('a/b')).toBeNull();
    expect(parseSelection('%E0%A4%A/eu/x')).toBeNull();
  });
  it('of something that is gone finds nothing', () => {
    const view = { application: 'a', clusters: [], loadBalancers: [], firewalls: [], accounts: [] };
    expect(findSelected(view, { account: 'a', region: 'b', group: 'c', instance: null })).toEqual({
      group: null,
      instance: null,
    });
  });
});

describe('arrow keys among squares', () => {
  it('move by one, by a line, to the ends, and never out', () => {
    expect(movedIndex(0, 'ArrowRight', 10, 4)).toBe(1);
    expect(movedIndex(1, 'ArrowDown', 10, 4)).toBe(5);
    expect(movedIndex(8, 'ArrowDown', 10, 4)).toBe(8);
    expect(movedIndex(0, 'ArrowLeft', 10, 4)).toBe(0);
    expect(movedIndex(3, 'End', 10, 4)).toBe(9);
    expect(movedIndex(3, 'Enter', 10, 4)).toBeNull();
  });
});
