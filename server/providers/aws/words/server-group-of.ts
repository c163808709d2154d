import type { Activity, AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { Instance as Machine } from '@aws-sdk/client-ec2';
import type { TargetHealth } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Instance, ServerGroup } from '@/server/domain/inventory';
import { parseServerGroupName } from '@/server/domain/naming';
import { isHeldBack, launchTrouble, missingCount } from '@/server/providers/aws/words/activities';
import { instanceOf, missingInstance } from '@/server/providers/aws/words/instance-of';
import {
  configKeysIn,
  isEnabled,
  isOurs,
  type Membership,
  membershipsIn,
  TAGS,
  tagsOf,
} from '@/server/providers/aws/words/tags';

/** What stands around groups and says how they are. */
export interface Surroundings {
  readonly machines: ReadonlyMap<string, Machine>;
  /** By target group, then by instance. */
  readonly health: ReadonlyMap<string, ReadonlyMap<string, TargetHealth>>;
  /** By target group: its part of what its load balancer gets, 0..1. */
  readonly shares: ReadonlyMap<string, number>;
  /** By target group: the names of the load balancers of others that send to it. */
  readonly balancers: ReadonlyMap<string, readonly string[]>;
  /** By load balancer, the end of its ARN. */
  readonly balancerIds: ReadonlyMap<string, string>;
  /** Names of the machine images that groups of others run, by their ids. */
  readonly images: ReadonlyMap<string, string>;
  /** By group, where it lacks instances. */
  readonly activities: ReadonlyMap<string, readonly Activity[]>;
}

/** Null for an Auto Scaling group that is not ours. */
export function serverGroupOf(
  account: string,
  region: string,
  group: AutoScalingGroup,
  around: Surroundings,
): ServerGroup | null {
  const tags = tagsOf(group.Tags);
  const name = group.AutoScalingGroupName ?? '';
  const cluster = tags[TAGS.cluster];
  const digest = tags[TAGS.artifactDigest];
  if (!isOurs(group) || cluster === undefined || digest === undefined) return null;
  const createdAt = tags[TAGS.createdAt] ?? group.CreatedTime?.toISOString() ?? new Date(0).toISOString();
  const memberships = membershipsIn(tags);
  const given = memberships.map(({ targetGroupArn }) => around.shares.get(targetGroupArn) ?? 0);
  const desired = group.DesiredCapacity ?? 0;
  return {
    account,
    region,
    application: tags[TAGS.application] ?? parseServerGroupName(cluster)?.application ?? cluster,
    cluster,
    name,
    sequence: parseServerGroupName(name)?.sequence ?? null,
    artifact: {
      name: tags[TAGS.artifactName] ?? '',
      version: tags[TAGS.artifactVersion] ?? '',
      digest,
    },
    capacity: { min: group.MinSize ?? 0, desired, max: Math.max(desired, group.MaxSize ?? 0) },
    instances: instancesOf(group, group.TargetGroupARNs ?? [], around, createdAt),
    enabled: isEnabled(group),
    traffic: given.length === 0 ? 0 : given.reduce((sum, share) => sum + share, 0) / given.length,
    loadBalancers: memberships.map(({ loadBalancer }) => loadBalancer),
    createdAt,
    configKeys: configKeysIn(tags),
    measuredBy: measuredBy(name, memberships, around),
  };
}

/** As CloudWatch names the dimensions: a target group and its load balancer by the ends of their ARNs. */
function measuredBy(
  name: string,
  [first]: readonly Membership[],
  { balancerIds }: Pick<Surroundings, 'balancerIds'>,
): Record<string, string> {
  const targetGroup = /targetgroup\/.+$/.exec(first?.targetGroupArn ?? '')?.[0];
  const loadBalancer = first && balancerIds.get(first.loadBalancer);
  return {
    autoScalingGroup: name,
    ...(targetGroup === undefined ? {} : { targetGroup }),
    ...(loadBalancer === undefined ? {} : { loadBalancer }),
  };
}

/** Its members, and one that stands for each that it wants and cannot get. */
export function instancesOf(
  group: AutoScalingGroup,
  targetGroups: readonly string[],
  around: Surroundings,
  createdAt: string,
): Instance[] {
  const attached = targetGroups.map((arn) => around.health.get(arn));
  const about = { createdAt, isHeldBack: isHeldBack(group) };
  const instances = (group.Instances ?? []).map((member) => {
    const id = member.InstanceId ?? '';
    const targets = attached.map((targets) => targets?.get(id));
    return instanceOf(member, around.machines.get(id), targets, about);
  });
  const name = group.AutoScalingGroupName ?? '';
  const trouble = launchTrouble(group, around.activities.get(name) ?? []);
  const missing = trouble === null ? 0 : missingCount(group);
  const placeholders = Array.from({ length: missing }, (_, index) =>
    missingInstance(name, index, trouble?.reason ?? '', trouble?.since ?? createdAt),
  );
  return [...instances, ...placeholders].toSorted((a, b) => a.id.localeCompare(b.id));
}
