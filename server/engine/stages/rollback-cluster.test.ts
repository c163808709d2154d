import { expect, it } from 'vitest';
import type { ServerGroup } from '@/server/domain/inventory';
import { chooseRollback, rollbackSteps } from '@/server/engine/stages/rollback-cluster';

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
    traffic: 0,
    loadBalancers: [],
    createdAt: '2026-01-01T00:00:00.000Z',
    configKeys: [],
  };
}

const choose = (groups: ServerGroup[], explicit?: string, ...vetoed: string[]) => {
  const choice = chooseRollback(groups, explicit, new Set(vetoed.map((version) => `sha256:${version}`)));
  return choice && { to: choice.target.artifact.version, out: choice.bad.map((bad) => bad.name) };
};

it('goes back to the newest group with another artifact', () => {
  expect(choose([group(1, 'a', false), group(2, 'b', false), group(3, 'c', true)])).toEqual({
    to: 'b',
    out: ['shop-v003'],
  });
});

it('does not take a second group of the bad artifact for an earlier one, and takes both out', () => {
  expect(choose([group(1, 'a', false), group(2, 'c', true), group(3, 'c', true)])).toEqual({
    to: 'a',
    out: ['shop-v003', 'shop-v002'],
  });
});

it('passes over vetoed artifacts', () => {
  expect(choose([group(1, 'a', false), group(2, 'b', false), group(3, 'c', true)], undefined, 'b')?.to).toBe(
    'a',
  );
});

it('takes the group that was chosen', () => {
  expect(choose([group(1, 'a', false), group(2, 'b', false), group(3, 'c', true)], 'shop-v001')?.to).toBe(
    'a',
  );
});

it('has no answer when nothing serves or nothing else is there', () => {
  expect(choose([group(1, 'a', false), group(2, 'b', false)])).toBeNull();
  expect(choose([group(1, 'a', true)])).toBeNull();
});

it('makes the earlier group as large as the bad one before traffic moves, and lets it in before the bad one out', () => {
  const steps = rollbackSteps({ target: group(1, 'a', false, 0), bad: [group(2, 'b', true, 3)] });

  expect(steps.map((step) => step.type)).toEqual([
    'resizeServerGroup',
    'enableServerGroup',
    'disableServerGroup',
  ]);
  expect(steps[0]).toMatchObject({ serverGroup: 'shop-v001', capacity: { desired: 3 } });
});
