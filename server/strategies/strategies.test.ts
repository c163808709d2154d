import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { servingInstances, trafficGuard } from '@/server/domain/guard';
import type { ServerGroup } from '@/server/domain/inventory';
import { nextSequence, serverGroupName } from '@/server/domain/naming';
import { strategies } from '@/server/strategies/registry';
import type { Step, Strategy, Wanted } from '@/server/strategies/strategy';

/** Properties that every strategy must hold, over a cluster that does exactly what it is told. */

const CLUSTER = 'shop-prod';

function serverGroup(
  sequence: number,
  version: string,
  enabled: boolean,
  healthy: number,
  desired = healthy,
): ServerGroup {
  return {
    account: 'local',
    region: 'eu',
    application: 'shop',
    cluster: CLUSTER,
    name: serverGroupName(CLUSTER, sequence),
    sequence,
    artifact: { name: 'shop', version, digest: `sha256:${version}` },
    capacity: { min: 0, desired, max: Math.max(desired, 4) },
    instances: Array.from({ length: desired }, (_, index) => ({
      id: `${sequence}-${index}`,
      health: index < healthy ? ('healthy' as const) : ('unhealthy' as const),
      reason: null,
      startedAt: '2026-01-01T00:00:00.000Z',
      address: null,
      restarts: 0,
      memoryBytes: null,
    })),
    enabled,
    traffic: 0,
    loadBalancers: [CLUSTER],
    createdAt: new Date(Date.UTC(2026, 0, 1, sequence)).toISOString(),
    configKeys: [],
  };
}

/** The cluster after a step has succeeded. Enabling waits until all instances are healthy. */
function apply(groups: readonly ServerGroup[], step: Step, wanted: Wanted): ServerGroup[] {
  const change = (name: string, changes: Partial<ServerGroup>) =>
    groups.map((group) => (group.name === name ? { ...group, ...changes } : group));
  switch (step.type) {
    case 'createServerGroup': {
      const sequence = Number(step.serverGroup.slice(-3));
      return [
        ...groups,
        serverGroup(sequence, wanted.artifact.version, step.enabled, wanted.capacity.desired),
      ];
    }
    case 'enableServerGroup':
      return change(step.serverGroup, { enabled: true });
    case 'disableServerGroup':
      return change(step.serverGroup, { enabled: false });
    case 'destroyServerGroup':
      return groups.filter((group) => group.name !== step.serverGroup);
    case 'resizeServerGroup':
      return groups.map((group) =>
        group.name === step.serverGroup
          ? { ...group, capacity: step.capacity, instances: group.instances.slice(0, step.capacity.desired) }
          : group,
      );
    case 'setWeights':
    case 'manualJudgment':
    case 'validate':
    case 'wait':
      return [...groups];
    default:
      return step satisfies never;
  }
}

function wantedFor(groups: readonly ServerGroup[], desired: number): Wanted {
  return {
    serverGroup: serverGroupName(CLUSTER, nextSequence(groups.map((group) => group.sequence ?? 0))),
    artifact: { name: 'shop', version: 'new', digest: 'sha256:new' },
    capacity: { min: 0, desired, max: 10 },
  };
}

function run(groups: readonly ServerGroup[], steps: readonly Step[], wanted: Wanted): ServerGroup[] {
  return steps.reduce<ServerGroup[]>((now, step) => apply(now, step, wanted), [...groups]);
}

/** Each step with the cluster as it is before it. */
function walk(groups: readonly ServerGroup[], steps: readonly Step[], wanted: Wanted) {
  return steps.map((step, index) => ({ step, before: run(groups, steps.slice(0, index), wanted) }));
}

const serving = (groups: readonly ServerGroup[]) =>
  groups.reduce((sum, group) => sum + servingInstances(group), 0);

const clusters = fc
  .array(
    fc.record({
      version: fc.constantFrom('a', 'b', 'c', 'new'),
      enabled: fc.boolean(),
      healthy: fc.nat(3),
      sick: fc.nat(2),
    }),
    { maxLength: 6 },
  )
  .map((parts) =>
    parts.map((part, index) =>
      serverGroup(index, part.version, part.enabled, part.healthy, part.healthy + part.sick),
    ),
  );
const desired = fc.integer({ min: 1, max: 4 });

const cases: [string, Strategy, fc.Arbitrary<unknown>][] = [
  ['highlander', strategyOf('highlander'), fc.constant({})],
  [
    'redblack',
    strategyOf('redblack'),
    fc.record({
      keep: fc.integer({ min: 1, max: 5 }),
      delayBeforeDisableSeconds: fc.constantFrom(0, 30),
      scaleDownKept: fc.boolean(),
    }),
  ],
];

describe.each(cases)('%s', (_, strategy, options) => {
  const plan = (groups: readonly ServerGroup[], wanted: Wanted, given: unknown) =>
    strategy.plan(groups, wanted, strategy.optionsSchema.parse(given));

  it('never leaves fewer healthy enabled instances than there were, up to what is wanted', () => {
    fc.assert(
      fc.property(clusters, desired, options, (groups, count, given) => {
        const wanted = wantedFor(groups, count);
        const floor = Math.min(serving(groups), count);
        const steps = plan(groups, wanted, given);
        for (let prefix = 0; prefix <= steps.length; prefix++) {
          expect(serving(run(groups, steps.slice(0, prefix), wanted))).toBeGreaterThanOrEqual(floor);
        }
      }),
    );
  });

  it('takes no step that the traffic guard would refuse', () => {
    fc.assert(
      fc.property(clusters, desired, options, (groups, count, given) => {
        const wanted = wantedFor(groups, count);
        const refused = walk(groups, plan(groups, wanted, given), wanted).filter(
          ({ before, step }) =>
            (step.type === 'disableServerGroup' || step.type === 'destroyServerGroup') &&
            !trafficGuard(before, new Set([step.serverGroup])).allowed,
        );
        expect(refused).toEqual([]);
      }),
    );
  });

  it('names only groups that exist at that step, and never destroys one that serves', () => {
    fc.assert(
      fc.property(clusters, desired, options, (groups, count, given) => {
        const wanted = wantedFor(groups, count);
        const wrong = walk(groups, plan(groups, wanted, given), wanted).filter(({ before, step }) => {
          if (!('serverGroup' in step) || step.type === 'createServerGroup') return false;
          const named = before.find((group) => group.name === step.serverGroup);
          return !named || (step.type === 'destroyServerGroup' && named.enabled);
        });
        expect(wrong).toEqual([]);
      }),
    );
  });

  it('ends with the new group alone in traffic', () => {
    fc.assert(
      fc.property(clusters, desired, options, (groups, count, given) => {
        const wanted = wantedFor(groups, count);
        const end = run(groups, plan(groups, wanted, given), wanted);
        expect(end.filter((group) => group.enabled).map((group) => group.name)).toEqual([wanted.serverGroup]);
      }),
    );
  });

  it('comes to the same end when it is interrupted anywhere and planned anew', () => {
    fc.assert(
      fc.property(clusters, desired, options, fc.nat(20), (groups, count, given, cut) => {
        const wanted = wantedFor(groups, count);
        const steps = plan(groups, wanted, given);
        const whole = run(groups, steps, wanted);

        const half = run(groups, steps.slice(0, cut), wanted);
        const again = wantedFor(half, count);
        const resumed = run(half, plan(half, again, given), again);

        expect(worthKeeping(resumed, again)).toEqual(worthKeeping(whole, wanted));
      }),
    );
  });

  it('plans the same for the same input', () => {
    fc.assert(
      fc.property(clusters, desired, options, (groups, count, given) => {
        const wanted = wantedFor(groups, count);
        expect(plan(groups, wanted, given)).toEqual(plan(groups, wanted, given));
      }),
    );
  });
});

describe('redblack', () => {
  const redblack = strategyOf('redblack');

  it('keeps the version that serves, not a newer one that was already rolled back', () => {
    const groups = [serverGroup(1, 'good', true, 2), serverGroup(2, 'bad', false, 2)];
    const wanted = wantedFor(groups, 2);

    const end = run(groups, redblack.plan(groups, wanted, redblack.optionsSchema.parse({ keep: 2 })), wanted);

    expect(end.map((group) => group.artifact.version)).toEqual(['good', 'new']);
  });

  it('counts the new group among those it keeps', () => {
    const groups = [
      serverGroup(1, 'a', false, 1),
      serverGroup(2, 'b', false, 1),
      serverGroup(3, 'c', true, 1),
    ];
    const wanted = wantedFor(groups, 1);

    const end = run(groups, redblack.plan(groups, wanted, redblack.optionsSchema.parse({})), wanted);

    expect(end.map((group) => group.artifact.version)).toEqual(['c', 'new']);
  });
});

/** Left-overs of the version that is deployed are worth nothing, so they do not count. */
function worthKeeping(groups: readonly ServerGroup[], wanted: Wanted): string[] {
  return groups
    .filter((group) => group.artifact.digest !== wanted.artifact.digest)
    .map((group) => group.name);
}

function strategyOf(kind: string): Strategy {
  const strategy = strategies[kind];
  if (!strategy) throw new Error(`no strategy ${kind}`);
  return strategy;
}
