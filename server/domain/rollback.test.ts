import { describe, expect, it } from 'vitest';
import type { ServerGroup } from '@/server/domain/inventory';
import { planRollback } from '@/server/domain/rollback';

function group(region: string, sequence: number, version: string, traffic = 0): ServerGroup {
  return {
    account: 'local',
    region,
    application: 'app',
    cluster: 'app-prod',
    name: `app-prod-v00${sequence}`,
    sequence,
    artifact: { name: 'app', version, digest: `sha256:${version}` },
    capacity: { min: 1, desired: 1, max: 1 },
    instances: [],
    enabled: traffic > 0,
    traffic,
    loadBalancers: [],
    createdAt: new Date(Date.UTC(2026, 0, 1, 0, sequence)).toISOString(),
    configKeys: [],
  };
}

const NO_VETOES = new Map();
const plan = (groups: ServerGroup[], vetoes = NO_VETOES) =>
  planRollback(['eu', 'us'], groups, vetoes).map(({ region, from, to, why }) => ({
    region,
    from: from?.name,
    to: to?.name,
    why: why?.key,
  }));

describe('a rollback of certain artifacts', () => {
  const only = (groups: ServerGroup[], ...versions: string[]) =>
    planRollback(['eu', 'us'], groups, NO_VETOES, new Set(versions.map((one) => `sha256:${one}`)));

  it('leaves a region in which something younger serves by now', () => {
    const both = (region: string) => [group(region, 0, '1.0'), group(region, 1, '1.1', 1)];
    const [eu, us] = only([...both('eu'), group('us', 0, '1.0'), group('us', 2, '1.2', 1)], '1.1');
    expect(eu).toMatchObject({ from: { name: 'app-prod-v001' }, to: { name: 'app-prod-v000' } });
    expect(us).toMatchObject({ to: null, why: { key: 'rollback.why.otherVersion' } });
  });

  it('goes nowhere when none of them serves', () => {
    const [eu] = only([group('eu', 0, '1.0'), group('eu', 1, '1.1', 1)], '1.0');
    expect(eu).toMatchObject({
      to: null,
      why: { key: 'rollback.why.otherVersion', values: { version: '1.1' } },
    });
  });
});

describe('a rollback', () => {
  it('goes from what takes traffic to the newest earlier group with another artifact', () => {
    const groups = [
      group('eu', 0, '0.9'),
      group('eu', 1, '1.0'),
      group('eu', 2, '1.1'),
      group('eu', 3, '1.1', 1),
    ];
    expect(plan(groups)).toEqual([
      { region: 'eu', from: 'app-prod-v003', to: 'app-prod-v001', why: undefined },
      { region: 'us', from: undefined, to: undefined, why: 'rollback.why.noServerGroups' },
    ]);
  });

  it('while old and new share the traffic goes back from the new', () => {
    const groups = [group('eu', 0, '1.0', 0.9), group('eu', 1, '1.1', 0.1)];
    expect(plan(groups)[0]).toMatchObject({ from: 'app-prod-v001', to: 'app-prod-v000' });
  });

  it('goes back to what serves beside the new, not to a younger group that serves nobody', () => {
    const groups = [group('eu', 0, '1.0', 0.75), group('eu', 1, '0.9'), group('eu', 2, '1.1', 0.25)];
    expect(plan(groups)[0]).toMatchObject({ from: 'app-prod-v002', to: 'app-prod-v000' });
  });

  it('goes from a group that should serve and is too ill to', () => {
    const ill = { ...group('eu', 1, '1.1'), enabled: true };
    expect(plan([group('eu', 0, '1.0'), ill])[0]).toMatchObject({ from: ill.name, to: 'app-prod-v000' });
  });

  it('brings the version of the others to a region that has lost what served', () => {
    const instance = {
      id: 'i',
      health: 'healthy' as const,
      reason: null,
      startedAt: '2026-01-01T00:00:00.000Z',
      address: null,
      restarts: 0,
      memoryBytes: null,
    };
    const standsBy = { ...group('us', 0, '1.0'), instances: [instance] };
    const eu = [group('eu', 0, '1.0'), group('eu', 1, '1.1', 1)];
    expect(plan([...eu, standsBy])[1]).toMatchObject({ from: undefined, to: standsBy.name, why: undefined });
    expect(plan([...eu, group('us', 0, '1.0')])[1]).toMatchObject({
      why: 'rollback.why.nothingTakesTraffic',
    });
  });

  it('never goes forward to a group that has just been made', () => {
    const groups = [group('eu', 0, '1.0', 1), group('eu', 1, '1.1', 0)];
    expect(plan(groups)[0]).toMatchObject({ to: undefined, why: 'rollback.why.noEarlierGroup' });
  });

  it('leaves regions alone that a deploy has not reached', () => {
    const groups = [
      group('eu', 0, '1.0'),
      group('eu', 1, '1.1', 1),
      group('us', 0, '0.9'),
      group('us', 1, '1.0', 1),
    ];
    groups[1] = { ...group('eu', 2, '1.1', 1) };
    expect(plan(groups)).toMatchObject([
      { region: 'eu', to: 'app-prod-v000' },
      { region: 'us', to: undefined, why: 'rollback.why.otherVersion' },
    ]);
  });

  it('passes over vetoed artifacts, and says so when nothing else is left', () => {
    const groups = [group('eu', 0, '0.9'), group('eu', 1, '1.0'), group('eu', 2, '1.1', 1)];
    const vetoed = new Map([['sha256:1.0', { by: 'Ada', reason: 'leaks' }]]);
    expect(plan(groups, vetoed)[0]).toMatchObject({ to: 'app-prod-v000' });
    expect(plan(groups.slice(1), vetoed)[0]).toMatchObject({ to: undefined, why: 'rollback.why.vetoed' });
  });

  it('has nothing to do where nothing takes traffic', () => {
    expect(plan([group('eu', 0, '1.0')])[0]).toMatchObject({ why: 'rollback.why.nothingTakesTraffic' });
  });

  it('orders by creation, because sequence numbers wrap', () => {
    const wrapped = { ...group('eu', 0, '1.1', 1), createdAt: '2026-02-01T00:00:00.000Z' };
    expect(plan([group('eu', 9, '1.0'), wrapped])[0]).toMatchObject({
      from: 'app-prod-v000',
      to: 'app-prod-v009',
    });
  });
});
