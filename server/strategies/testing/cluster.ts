import * as fc from 'fast-check';
import { servingInstances } from '@/server/domain/guard';
import type { Instance, ServerGroup } from '@/server/domain/inventory';
import { nextSequence, serverGroupName } from '@/server/domain/naming';
import { shares } from '@/server/domain/shares';
import type { Step, Strategy, Wanted } from '@/server/strategies/strategy';

/** A cluster that does exactly what it is told, and the worst that the contract allows where it is not told. */
export interface Cluster {
  readonly groups: readonly ServerGroup[];
  readonly weights: Readonly<Record<string, number>>;
}

const CLUSTER = 'shop-prod';

export function serverGroup(
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
export function apply(cluster: Cluster, step: Step, wanted: Wanted): Cluster {
  const { groups, weights } = cluster;
  const change = (name: string, changes: Partial<ServerGroup>) =>
    groups.map((group) => (group.name === name ? { ...group, ...changes } : group));
  switch (step.type) {
    case 'createServerGroup': {
      const sequence = Number(step.serverGroup.slice(-3));
      const { desired } = step.capacity ?? wanted.capacity;
      const { version } = step.artifact ?? wanted.artifact;
      const created = serverGroup(sequence, version, step.enabled, desired);
      return { weights, groups: [...groups, created] };
    }
    case 'enableServerGroup':
      return { weights, groups: change(step.serverGroup, { enabled: true }) };
    case 'disableServerGroup':
      return {
        weights: without(weights, step.serverGroup),
        groups: change(step.serverGroup, { enabled: false }),
      };
    case 'destroyServerGroup':
      return {
        weights: without(weights, step.serverGroup),
        groups: groups.filter((group) => group.name !== step.serverGroup),
      };
    case 'resizeServerGroup':
      return {
        weights,
        groups: groups.map((group) =>
          group.name === step.serverGroup
            ? { ...group, capacity: step.capacity, instances: resized(group, step.capacity.desired) }
            : group,
        ),
      };
    case 'setWeights':
      return { groups, weights: step.weights };
    case 'canaryAnalysis':
    case 'manualJudgment':
    case 'validate':
    case 'wait':
      return cluster;
    default:
      return step satisfies never;
  }
}

/** A platform that shrinks a group keeps the sick ones, if it may. */
function resized(group: ServerGroup, desired: number): Instance[] {
  const sickFirst = group.instances.toSorted(
    (a, b) => Number(a.health === 'healthy') - Number(b.health === 'healthy'),
  );
  const more = serverGroup(group.sequence ?? 0, '', false, Math.max(0, desired - sickFirst.length)).instances;
  return [...sickFirst.slice(0, desired), ...more.map((one) => ({ ...one, id: `${one.id}-more` }))];
}

function without(weights: Cluster['weights'], name: string): Cluster['weights'] {
  return Object.fromEntries(Object.entries(weights).filter(([one]) => one !== name));
}

export function wantedFor({ groups }: Cluster, desired: number): Wanted {
  const next = nextSequence(groups.map((group) => group.sequence ?? 0));
  return {
    serverGroup: serverGroupName(CLUSTER, next + 1),
    baseline: serverGroupName(CLUSTER, next),
    artifact: { name: 'shop', version: 'new', digest: 'sha256:new' },
    capacity: { min: 0, desired, max: 10 },
    vetoed: [],
  };
}

export function run(cluster: Cluster, steps: readonly Step[], wanted: Wanted): Cluster {
  return steps.reduce((now, step) => apply(now, step, wanted), cluster);
}

/** Each step with the cluster as it is before it. */
export function walk(cluster: Cluster, steps: readonly Step[], wanted: Wanted) {
  return steps.map((step, index) => ({ step, before: run(cluster, steps.slice(0, index), wanted) }));
}

export function serving({ groups }: Cluster): number {
  return groups.reduce((sum, group) => sum + servingInstances(group), 0);
}

/** Share of the requests that a group gets. */
export function shareOf({ groups, weights }: Cluster, name: string): number {
  const members = groups.map((group) => ({
    serverGroup: group.name,
    enabled: group.enabled,
    healthyInstances: group.instances.filter((instance) => instance.health === 'healthy').length,
  }));
  return shares(members, weights).get(name) ?? 0;
}

/**
 * Names of the groups of other versions, oldest first. Left-overs of the version that is deployed are worth nothing, nor
 * are groups that are vetoed or the baseline of a plan.
 */
export function worthKeeping({ groups }: Cluster, wanted: Wanted): string[] {
  const worthless = new Set([wanted.artifact.digest, ...wanted.vetoed]);
  return groups
    .filter(({ artifact, name }) => !worthless.has(artifact.digest) && name !== wanted.baseline)
    .map((group) => group.name);
}

export const clusters: fc.Arbitrary<Cluster> = fc
  .array(
    fc.record({
      version: fc.constantFrom('a', 'b', 'c', 'new'),
      enabled: fc.boolean(),
      healthy: fc.nat(3),
      sick: fc.nat(2),
    }),
    { maxLength: 6 },
  )
  .map((parts) => ({
    weights: {},
    groups: parts.map((part, index) =>
      serverGroup(index, part.version, part.enabled, part.healthy, part.healthy + part.sick),
    ),
  }));

/** What of it is vetoed. */
export const vetoed = fc.subarray(['sha256:a', 'sha256:b', 'sha256:c']);

export const desired = fc.integer({ min: 1, max: 4 });

const retirement = {
  keep: fc.integer({ min: 1, max: 5 }),
  delayBeforeDisableSeconds: fc.constantFrom(0, 30),
  scaleDownKept: fc.boolean(),
  delayBeforeScaleDownSeconds: fc.constantFrom(0, 30),
};

const weightStep = fc.record({
  weight: fc.integer({ min: 1, max: 99 }),
  pauseSeconds: fc.nat(9),
  judgment: fc.boolean(),
});

/** Options of each strategy; a strategy that is missing here fails the tests. */
const optionsOf: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  none: fc.constant({}),
  recreate: fc.constant({}),
  highlander: fc.constant({}),
  redblack: fc.record(retirement),
  rollingredblack: fc.record(
    {
      percentages: fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 5 }),
      delayBetweenSeconds: fc.constantFrom(0, 5),
      validate: fc.constant('smoke'),
      ...retirement,
    },
    { requiredKeys: ['percentages'] },
  ),
  canary: fc.record(
    {
      steps: fc.array(weightStep, { minLength: 1, maxLength: 4 }),
      sizePercent: fc.integer({ min: 1, max: 100 }),
      ...retirement,
    },
    { requiredKeys: ['steps'] },
  ),
  automatedcanary: fc.record(
    {
      config: fc.constant('golden signals'),
      weight: fc.integer({ min: 1, max: 49 }),
      steps: fc.array(weightStep, { maxLength: 4 }),
      sizePercent: fc.integer({ min: 1, max: 100 }),
      ...retirement,
    },
    { requiredKeys: ['config', 'steps'] },
  ),
};

export function options(strategy: Strategy): fc.Arbitrary<unknown> {
  return (
    optionsOf[strategy.kind] ?? fc.constantFrom(new Error(`no options are made up for ${strategy.kind}`))
  );
}

/** What a strategy plans for a cluster, by options as people write them. */
export function planOf(strategy: Strategy) {
  return (cluster: Cluster, wanted: Wanted, given: unknown) =>
    strategy.plan(cluster.groups, wanted, strategy.optionsSchema.parse(given));
}
