import { pipelineFor } from '@/server/interchange/spinnaker/context';
import { Unmappable } from '@/server/interchange/spinnaker/report';
import type { Source } from '@/server/interchange/spinnaker/source';
import type { Handler, Part, StageInput } from '@/server/interchange/spinnaker/stages/handler';
import { placeOf } from '@/server/interchange/spinnaker/stages/place';

/** Without a number they keep every old server group; this is the most that is kept here. */
const KEEP_ALL = 20;

/** What instances are made of: here a matter of the account, the environment and the artifact. */
const LAUNCH = [
  'instanceType',
  'keyPair',
  'iamRole',
  'ebsOptimized',
  'instanceMonitoring',
  'healthCheckType',
  'healthCheckGracePeriod',
  'cooldown',
  'terminationPolicies',
  'suspendedProcesses',
  'subnetType',
  'securityGroups',
  'tags',
  'enabledMetrics',
  'useAmiBlockDeviceMappings',
  'copySourceCustomBlockDeviceMappings',
  'associatePublicIpAddress',
  'base64UserData',
  'blockDevices',
  'amiName',
  'imageId',
  'image',
  'spotPrice',
  'env',
  'resources',
  'containerAttributes',
  'labels',
  'network',
  'subnet',
  'instanceMetadata',
  'disks',
  'authScopes',
  'vpcId',
  'spelLoadBalancers',
  'spelTargetGroups',
] as const;

/** deploy, with one or several clusters; clusters of one environment become one stage. */
export const deploy: Handler = (input) => {
  const { source } = input;
  source.needless('the environment knows its account and platform', 'cloudProvider', 'cloudProviderType');
  const clusters = source.children('clusters');
  if (clusters.length === 0) throw new Unmappable('It names no cluster to deploy to.');
  const parts = clusters.map((cluster) => clusterPart(cluster, input));
  const stages = merged(parts);
  requireApart(stages);
  return stages;
};

/** createServerGroup has the fields of a cluster itself. */
export const createServerGroup: Handler = (input) => [clusterPart(input.source, input)];

function clusterPart(cluster: Source, input: StageInput): Part {
  const { environment, config } = placeOf(cluster, input);
  const { strategy, options } = strategyOf(cluster, input);
  const capacity = capacityOf(cluster);
  const rollback = cluster.child('rollback');
  if (rollback?.flag('onFailure') === false)
    cluster.note('changed', 'rollback', 'A deploy that fails always gives the traffic back here.');
  cluster.lose('Here all wanted instances must be healthy.', ...notAll(cluster));
  cluster.needless('all health checks of the platform are considered', 'interestingHealthProviderNames');
  if (cluster.has('loadBalancers') || cluster.has('targetGroups'))
    cluster.note(
      'changed',
      'loadBalancers',
      `Traffic comes through the load balancer of ${environment.cluster}.`,
    );
  cluster.needless('a cluster has one load balancer of its name', 'loadBalancers', 'targetGroups');
  cluster.lose(
    'What instances are made of is up to the account, the environment and the artifact.',
    ...LAUNCH,
  );
  cluster.needless('the name says it', 'strategyApplication', 'strategyPipeline', 'reason', 'application');
  return {
    type: 'deploy',
    name: environment.name,
    config: {
      ...config,
      strategy,
      options,
      ...(capacity ? { capacity } : {}),
      ...(rollback?.flag('destroyLatest') ? { destroyNewOnFailure: true } : {}),
    },
  };
}

function notAll(cluster: Source): string[] {
  if (cluster.number('targetHealthyDeployPercentage') === 100) return [];
  return ['targetHealthyDeployPercentage'];
}

function capacityOf(cluster: Source): { min: number; desired: number; max: number } | undefined {
  const source = cluster.flag('useSourceCapacity') ?? false;
  const preferred = cluster.flag('preferSourceCapacity') ?? false;
  if (source || preferred)
    cluster.note(
      'changed',
      'useSourceCapacity',
      'The size is the one that stands in the configuration, not that of the group before.',
    );
  const given = cluster.child('capacity');
  if (!given) return undefined;
  const [min, desired, max] = [given.number('min'), given.number('desired'), given.number('max')];
  if (min === undefined || desired === undefined || max === undefined)
    throw new Unmappable(
      'Its capacity is worked out when it runs; here it is a number, or the environment’s own.',
    );
  return { min, desired, max };
}

interface Chosen {
  readonly strategy: string;
  readonly options: Readonly<Record<string, unknown>>;
}

function strategyOf(cluster: Source, input: StageInput): Chosen {
  const strategy = cluster.text('strategy') ?? '';
  cluster.needless('the strategy is "none"', 'strategy');
  switch (strategy) {
    case '':
    case 'none':
      return { strategy: 'none', options: {} };
    case 'highlander':
      return { strategy, options: {} };
    case 'redblack':
      return { strategy, options: retireOf(cluster, 'delayBeforeDisableSec', 'delayBeforeCleanup') };
    case 'rollingredblack':
    case 'cfrollingredblack':
      return { strategy: 'rollingredblack', options: rollingOf(cluster, input) };
    default:
      throw new Unmappable(`Its strategy "${strategy}" is not one of those here.`);
  }
}

function retireOf(cluster: Source, ...delays: string[]): Record<string, unknown> {
  const remaining = cluster.number('maxRemainingAsgs') ?? 0;
  if (remaining < 1)
    cluster.note('info', 'maxRemainingAsgs', `It keeps every old group; here ${KEEP_ALL} are kept.`);
  if (remaining > KEEP_ALL)
    cluster.note('changed', 'maxRemainingAsgs', `At most ${KEEP_ALL} groups are kept.`);
  cluster.needless('groups in traffic leave it first', 'allowDeleteActive');
  const delay = delays.map((key) => cluster.number(key)).find((seconds) => seconds !== undefined);
  const scaleDown = cluster.flag('scaleDown') ?? false;
  const later = cluster.number('delayBeforeScaleDownSec');
  return {
    keep: remaining < 1 ? KEEP_ALL : Math.min(remaining, KEEP_ALL),
    ...(delay ? { delayBeforeDisableSeconds: delay } : {}),
    ...(scaleDown ? { scaleDownKept: true } : {}),
    ...(scaleDown && later ? { delayBeforeScaleDownSeconds: later } : {}),
  };
}

function rollingOf(cluster: Source, { target }: StageInput): Record<string, unknown> {
  const percentages = (cluster.value('targetPercentages') ?? [50]) as unknown;
  if (!Array.isArray(percentages) || !percentages.every((one) => Number.isInteger(Number(one))))
    throw new Unmappable('Its percentages are worked out when it runs.');
  const between = cluster.number('delayBeforeCleanup');
  const check = cluster.child('pipelineBeforeCleanup');
  const pipeline = check?.text('pipelineId');
  check?.needless('the pipeline is one of this application', 'application');
  check?.lose('It is given region, serverGroup, sourceServerGroup and percent.', 'pipelineParameters');
  return {
    percentages: percentages.map(Number),
    ...(between ? { delayBetweenSeconds: between } : {}),
    ...(pipeline ? { validate: pipelineFor(target, pipeline) } : {}),
    ...retireOf(cluster),
  };
}

/** One stage for what differs in regions alone. */
function merged(parts: readonly Part[]): readonly Part[] {
  const kept: Part[] = [];
  for (const part of parts) {
    const { regions, ...rest } = part.config;
    const same = kept.findIndex((one) => {
      const { regions: _others, ...other } = one.config;
      return JSON.stringify(other) === JSON.stringify(rest);
    });
    const earlier = kept[same];
    if (!earlier) kept.push(part);
    else kept[same] = { ...earlier, config: { ...rest, ...together(earlier.config.regions, regions) } };
  }
  return kept.length === 1 ? kept.map(({ name: _name, ...part }) => part) : kept;
}

/** Two deploys of different kinds into one place would undo each other, where they were two places before. */
function requireApart(parts: readonly Part[]): void {
  const places = parts.flatMap(({ config: { environment, regions } }) =>
    Array.isArray(regions)
      ? regions.map((region) => `${String(environment)}/${String(region)}`)
      : [String(environment)],
  );
  const clash = places.find((place, index) =>
    places.some((other, at) => at !== index && (other === place || place.startsWith(`${other}/`))),
  );
  if (clash !== undefined)
    throw new Unmappable(
      `Several of its clusters would become ${clash}, with different settings. Name an environment of its own for each.`,
    );
}

/** Absent means all. */
function together(some: unknown, others: unknown): { regions?: unknown[] } {
  if (!Array.isArray(some) || !Array.isArray(others)) return {};
  return { regions: [...new Set<unknown>([...some.map(String), ...others.map(String)])] };
}
