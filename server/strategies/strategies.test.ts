import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trafficGuard } from '@/server/domain/guard';
import { strategies } from '@/server/strategies/registry';
import type { Strategy } from '@/server/strategies/strategy';
import {
  type Cluster,
  clusters,
  desired,
  options,
  planOf,
  run,
  serverGroup,
  serving,
  shareOf,
  vetoed,
  walk,
  wantedFor,
  worthKeeping,
} from '@/server/strategies/testing/cluster';

/** Properties that every strategy must hold, over random clusters. */

const all = Object.values(strategies).map((strategy) => [strategy.kind, strategy] as const);
const smooth = all.filter(([, strategy]) => !strategy.interruptsTraffic);
const replacing = all.filter(([kind]) => kind !== 'none');
describe.each(smooth)('%s, which keeps serving,', (_, strategy) => {
  const plan = planOf(strategy);

  it('never leaves fewer healthy enabled instances than there were, up to what is wanted', () => {
    fc.assert(
      fc.property(clusters, desired, options(strategy), vetoed, (cluster, count, given, bad) => {
        const wanted = { ...wantedFor(cluster, count), vetoed: bad };
        const floor = Math.min(serving(cluster), count);
        const steps = plan(cluster, wanted, given);
        for (let prefix = 0; prefix <= steps.length; prefix++) {
          expect(serving(run(cluster, steps.slice(0, prefix), wanted))).toBeGreaterThanOrEqual(floor);
        }
      }),
    );
  });

  it('takes no step that the traffic guard would refuse', () => {
    fc.assert(
      fc.property(clusters, desired, options(strategy), (cluster, count, given) => {
        const wanted = wantedFor(cluster, count);
        const refused = walk(cluster, plan(cluster, wanted, given), wanted).filter(
          ({ before, step }) =>
            (step.type === 'disableServerGroup' ||
              step.type === 'destroyServerGroup' ||
              (step.type === 'resizeServerGroup' && step.capacity.desired === 0)) &&
            !trafficGuard(before.groups, new Set([step.serverGroup])).allowed,
        );
        expect(refused).toEqual([]);
      }),
    );
  });
});

describe.each(all)('%s', (_, strategy) => {
  const plan = planOf(strategy);

  it('names only groups that exist at that step, and never destroys one that serves', () => {
    fc.assert(
      fc.property(clusters, desired, options(strategy), (cluster, count, given) => {
        const wanted = wantedFor(cluster, count);
        const wrong = walk(cluster, plan(cluster, wanted, given), wanted).filter(({ before, step }) => {
          const there = (name: string) => before.groups.find((group) => group.name === name);
          if (step.type === 'setWeights') return !Object.keys(step.weights).every(there);
          if (!('serverGroup' in step) || step.type === 'createServerGroup') return false;
          const named = there(step.serverGroup);
          return !named || (step.type === 'destroyServerGroup' && named.enabled);
        });
        expect(wrong).toEqual([]);
      }),
    );
  });

  it('ends with the new group at full size in traffic', () => {
    fc.assert(
      fc.property(clusters, desired, options(strategy), (cluster, count, given) => {
        const wanted = wantedFor(cluster, count);
        const end = run(cluster, plan(cluster, wanted, given), wanted);
        const created = end.groups.find((group) => group.name === wanted.serverGroup);
        expect([created?.enabled, created?.instances.length]).toEqual([true, count]);
        expect(shareOf(end, wanted.serverGroup)).toBeGreaterThan(0);
      }),
    );
  });

  it('plans the same for the same input', () => {
    fc.assert(
      fc.property(clusters, desired, options(strategy), (cluster, count, given) => {
        const wanted = wantedFor(cluster, count);
        expect(plan(cluster, wanted, given)).toEqual(plan(cluster, wanted, given));
      }),
    );
  });
});

describe.each(replacing)('%s, which replaces,', (_, strategy) => {
  const plan = planOf(strategy);

  it('ends with the new group alone in traffic', () => {
    fc.assert(
      fc.property(clusters, desired, options(strategy), (cluster, count, given) => {
        const wanted = wantedFor(cluster, count);
        const end = run(cluster, plan(cluster, wanted, given), wanted);
        expect(end.groups.filter((group) => group.enabled).map((group) => group.name)).toEqual([
          wanted.serverGroup,
        ]);
        expect(shareOf(end, wanted.serverGroup)).toBe(1);
      }),
    );
  });

  it('comes to the same end when it is interrupted anywhere and planned anew', () => {
    fc.assert(
      fc.property(
        clusters,
        desired,
        options(strategy),
        fc.nat(30),
        vetoed,
        (cluster, count, given, cut, bad) => {
          const wanted = { ...wantedFor(cluster, count), vetoed: bad };
          const steps = plan(cluster, wanted, given);
          const whole = run(cluster, steps, wanted);

          const half = run(cluster, steps.slice(0, cut), wanted);
          const again = { ...wantedFor(half, count), vetoed: bad };
          const resumed = run(half, plan(half, again, given), again);

          expect(worthKeeping(resumed, wanted)).toEqual(worthKeeping(whole, wanted));
        },
      ),
    );
  });

  it.each(replacing)('comes to its end after %s was interrupted anywhere', (_other, other) => {
    fc.assert(
      fc.property(
        clusters,
        desired,
        options(other),
        options(strategy),
        fc.nat(30),
        (cluster, count, before, given, cut) => {
          const first = wantedFor(cluster, count);
          const half = run(cluster, planOf(other)(cluster, first, before).slice(0, cut), first);
          const wanted = wantedFor(half, count);
          const end = run(half, plan(half, wanted, given), wanted);
          expect(shareOf(end, wanted.serverGroup)).toBe(1);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe.each(['canary', 'automatedcanary'])('%s', (kind) => {
  const strategy = strategyOf(kind);

  it('never gets more than the share of the step it is at', () => {
    fc.assert(
      fc.property(clusters, desired, options(strategy), (cluster, count, given) => {
        fc.pre(serving(cluster) > 0);
        const wanted = wantedFor(cluster, count);
        let allowed = 0;
        for (const { before, step } of walk(cluster, planOf(strategy)(cluster, wanted, given), wanted)) {
          expect(shareOf(before, wanted.serverGroup)).toBeLessThanOrEqual(allowed / 100 + 1e-9);
          if (step.type === 'setWeights') allowed = Math.max(allowed, step.weights[wanted.serverGroup] ?? 0);
        }
      }),
    );
  });
});

describe('canary', () => {
  const canary = strategyOf('canary');

  it('waits and asks where it is told to', () => {
    const cluster: Cluster = { groups: [serverGroup(0, 'a', true, 2)], weights: {} };
    const wanted = wantedFor(cluster, 4);
    const steps = [
      { weight: 10, pauseSeconds: 60 },
      { weight: 50, judgment: true },
    ];
    const plan = planOf(canary)(cluster, wanted, { steps, sizePercent: 50 });
    expect(plan.map((step) => step.type)).toEqual([
      'createServerGroup',
      'setWeights',
      'enableServerGroup',
      'wait',
      'setWeights',
      'manualJudgment',
      'resizeServerGroup',
      'setWeights',
      'disableServerGroup',
    ]);
  });
});

describe('automatedcanary', () => {
  const automated = strategyOf('automatedcanary');

  it('compares the new version with a fresh group of the old one of the same size, and then removes that', () => {
    const cluster: Cluster = {
      groups: [serverGroup(0, 'a', true, 4), serverGroup(1, 'b', true, 1)],
      weights: {},
    };
    const wanted = wantedFor(cluster, 4);
    const plan = planOf(automated)(cluster, wanted, { config: 'golden', weight: 20, keep: 5 });

    const at = walk(cluster, plan, wanted).find(({ step }) => step.type === 'canaryAnalysis');
    const side = (name: string) => {
      const group = at?.before.groups.find((one) => one.name === name);
      return [group?.artifact.version, group?.instances.length, at && shareOf(at.before, name)];
    };
    expect(side(wanted.baseline)).toEqual(['a', 2, 0.2]);
    expect(side(wanted.serverGroup)).toEqual(['new', 2, 0.2]);
    expect(at?.step).toMatchObject({
      versions: { baseline: 'a', canary: 'new' },
      options: { config: 'golden' },
    });

    const end = run(cluster, plan, wanted);
    expect(end.groups.map((group) => group.artifact.version)).toEqual(['a', 'b', 'new']);
  });

  it('has nothing to judge where nothing serves', () => {
    const cluster: Cluster = { groups: [serverGroup(0, 'a', false, 2)], weights: {} };
    const types = planOf(automated)(cluster, wantedFor(cluster, 2), { config: 'golden' }).map(
      ({ type }) => type,
    );
    expect(types).toEqual(['createServerGroup', 'enableServerGroup']);
  });

  it('refuses an analysis that could not take place', () => {
    const refused = automated.optionsSchema.safeParse({
      config: 'golden',
      intervalSeconds: 600,
      lifetimeSeconds: 60,
      marginalScore: 99,
    });
    expect(refused.error?.issues.map(({ path }) => path.join('.'))).toEqual([
      'intervalSeconds',
      'marginalScore',
    ]);
  });
});

describe('rollingredblack', () => {
  it('grows the new group and shrinks the old one in turn, validating each step', () => {
    const rolling = strategyOf('rollingredblack');
    const cluster: Cluster = { groups: [serverGroup(0, 'a', true, 4)], weights: {} };
    const plan = planOf(rolling)(cluster, wantedFor(cluster, 4), {
      percentages: [25, 50],
      validate: 'smoke',
    });
    const told = plan.map((step) =>
      'capacity' in step
        ? `${step.type} ${step.capacity?.desired}`
        : 'percent' in step
          ? `${step.percent} %`
          : step.type,
    );
    expect(told).toEqual([
      'createServerGroup 1',
      'enableServerGroup',
      '25 %',
      'resizeServerGroup 3',
      'resizeServerGroup 2',
      '50 %',
      'resizeServerGroup 2',
      'resizeServerGroup 4',
      '100 %',
      'disableServerGroup',
    ]);
  });
});

function strategyOf(kind: string): Strategy {
  const strategy = strategies[kind];
  if (!strategy) throw new Error(`there is no strategy ${kind}`);
  return strategy;
}

describe('serverless groups', () => {
  const lambda = (sequence: number, version: string, enabled: boolean) => ({
    ...serverGroup(sequence, version, enabled, 0),
    capacity: { min: 1, desired: 1, max: 1 },
    serverless: { state: 'active' as const, reason: null, revision: String(sequence + 1) },
  });
  const cluster = { groups: [lambda(0, 'older', false), lambda(1, 'old', true)], weights: {} };
  const wanted = { ...wantedFor(cluster, 1), capacity: { min: 1, desired: 1, max: 1 } };
  const smoothOnes = smooth.filter(([, { needs }]) => !needs.includes('instances'));

  it.each(smoothOnes)('are neither resized nor three in traffic by %s', (_, strategy) => {
    const given: unknown =
      strategy.kind === 'automatedcanary' ? { config: 'health', scaleDownKept: true } : {};
    const steps = planOf(strategy)(cluster, wanted, given);
    expect(steps.filter(({ type }) => type === 'resizeServerGroup')).toEqual([]);
    const weights = steps.flatMap((step) => (step.type === 'setWeights' ? [Object.keys(step.weights)] : []));
    expect(weights.every((named) => named.length <= 2)).toBe(true);
    expect(steps.filter(({ type }) => type === 'createServerGroup')).toHaveLength(1);
  });

  it('are compared with the old version itself', () => {
    const strategy = strategies.automatedcanary;
    if (!strategy) throw new Error('there is an automated canary');
    const steps = planOf(strategy)(cluster, wanted, { config: 'health' });
    expect(steps.find(({ type }) => type === 'canaryAnalysis')).toMatchObject({
      baseline: 'shop-prod-v001',
      canary: wanted.serverGroup,
    });
  });

  it('are no matter of strategies that need instances', () => {
    const refused = all.filter(([, { needs }]) => needs.includes('instances')).map(([kind]) => kind);
    expect(refused.toSorted()).toEqual(['recreate', 'rollingredblack']);
  });
});
