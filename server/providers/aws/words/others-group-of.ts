import { createHash } from 'node:crypto';
import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { Instance as Machine } from '@aws-sdk/client-ec2';
import type { ArtifactRef, ServerGroup } from '@/server/domain/inventory';
import { isHeldBack } from '@/server/providers/aws/words/activities';
import { keeperOf, monikerOf } from '@/server/providers/aws/words/keeper-of';
import { instancesOf, type Surroundings } from '@/server/providers/aws/words/server-group-of';
import { tagsOf } from '@/server/providers/aws/words/tags';

/** An Auto Scaling group that somebody else keeps, whatever it launches from: shown, and never changed. */
export function othersGroupOf(
  account: string,
  region: string,
  group: AutoScalingGroup,
  around: Surroundings,
): ServerGroup {
  const tags = tagsOf(group.Tags);
  const name = group.AutoScalingGroupName ?? '';
  const createdAt = group.CreatedTime?.toISOString() ?? new Date(0).toISOString();
  const attached = targetGroupsOf(group);
  const shares = [
    ...attached.map((arn) => around.shares.get(arn) ?? 0),
    ...(group.LoadBalancerNames ?? []).map((one) => around.shares.get(classicKey(one, name)) ?? 0),
  ];
  const balancers = attached.flatMap((arn) => around.balancers.get(arn) ?? []);
  const desired = group.DesiredCapacity ?? 0;
  return {
    account,
    region,
    ...monikerOf(name, tags),
    name,
    artifact: artifactOf(group, around),
    capacity: {
      min: Math.min(desired, group.MinSize ?? 0),
      desired,
      max: Math.max(desired, group.MaxSize ?? 0),
    },
    instances: instancesOf(group, isHeldBack(group) ? [] : attached, around, createdAt),
    enabled: !isHeldBack(group),
    traffic: Math.max(0, ...shares),
    loadBalancers: [...new Set([...balancers, ...(group.LoadBalancerNames ?? [])])],
    createdAt,
    configKeys: [],
    managedBy: keeperOf('Auto Scaling group', name, tags),
  };
}

/** Attached the older way or the newer one, which AWS lets people mix. */
export function targetGroupsOf({ TargetGroupARNs = [], TrafficSources = [] }: AutoScalingGroup): string[] {
  const newer = TrafficSources.flatMap(({ Identifier, Type }) =>
    Identifier !== undefined && Identifier.includes(':targetgroup/') && Type !== 'vpc-lattice'
      ? [Identifier]
      : [],
  );
  return [...new Set([...TargetGroupARNs, ...newer])];
}

/** The part of a group in what a classic load balancer gets. */
export function classicKey(loadBalancer: string, group: string): string {
  return `classic/${loadBalancer}/${group}`;
}

/** The image that most of its machines run; while it has none, what it would launch from. */
function artifactOf(group: AutoScalingGroup, { machines, images }: Surroundings): ArtifactRef {
  const members = (group.Instances ?? []).map(({ InstanceId = '' }) => machines.get(InstanceId));
  const imageId = mostCommonImage(members);
  if (imageId !== null) return reference(images.get(imageId) ?? 'machine image', imageId);
  const { MixedInstancesPolicy, LaunchConfigurationName } = group;
  const template =
    group.LaunchTemplate ?? MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification ?? {};
  const name = template.LaunchTemplateName ?? template.LaunchTemplateId ?? LaunchConfigurationName;
  const version = template.Version ?? '–';
  return reference(name ?? 'nothing to launch from', version, `${name}/${version}`);
}

function reference(name: string, version: string, identity = version): ArtifactRef {
  return { name, version, digest: `sha256:${createHash('sha256').update(identity).digest('hex')}` };
}

function mostCommonImage(machines: readonly (Machine | undefined)[]): string | null {
  const counts = new Map<string, number>();
  for (const machine of machines)
    if (machine?.ImageId) counts.set(machine.ImageId, (counts.get(machine.ImageId) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}
