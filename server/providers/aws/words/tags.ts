import type { AutoScalingGroup, Tag } from '@aws-sdk/client-auto-scaling';

/** What we write on what is ours. Keys have at most 128 characters, values 256. */
export const TAGS = {
  managed: 'signalbox:managed',
  application: 'signalbox:application',
  cluster: 'signalbox:cluster',
  createdAt: 'signalbox:created-at',
  enabled: 'signalbox:enabled',
  artifactName: 'signalbox:artifact',
  artifactVersion: 'signalbox:version',
  artifactDigest: 'signalbox:digest',
  /** Names of configuration values, in as many tags as they need. */
  configKeys: 'signalbox:config-keys:',
  /** By load balancer, the ARN of the group's target group behind it. */
  targetGroup: 'signalbox:target-group:',
  /** By what was changed, the operations that did. */
  operations: 'signalbox:operations:',
  loadBalancer: 'signalbox:load-balancer',
  /** Of a load balancer: the weights that were asked for, by target group. */
  weights: 'signalbox:weights',
  /** Of a load balancer: the ARN of its listener, so that many can be read at once. */
  listener: 'signalbox:listener',
  serverGroup: 'signalbox:server-group',
  firewall: 'signalbox:firewall',
  bake: 'signalbox:bake',
} as const;

const VALUE_LIMIT = 250;

export type Tags = Readonly<Record<string, string>>;

export function tagsOf(
  given: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Tags {
  return Object.fromEntries((given ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

/**
 * Whether Signalbox made the group and may change it. By the mark that policy.json asks for too: what the role of
 * somebody who follows it may not do is not even tried.
 */
export function isOurs({ Tags }: Pick<AutoScalingGroup, 'Tags'>): boolean {
  const tags = tagsOf(Tags);
  return (
    tags[TAGS.managed] === 'true' &&
    tags[TAGS.cluster] !== undefined &&
    tags[TAGS.artifactDigest] !== undefined
  );
}

/** For services whose tags are just keys and values. */
export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Those by which instances are found in EC2 go along to them. */
const PROPAGATED: ReadonlySet<string> = new Set([TAGS.managed, TAGS.application, TAGS.cluster, 'Name']);

export function groupTags(group: string, tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({
    ResourceId: group,
    ResourceType: 'auto-scaling-group',
    Key,
    Value,
    PropagateAtLaunch: PROPAGATED.has(Key),
  }));
}

export function configKeyTags(keys: readonly string[]): Record<string, string> {
  const values: string[] = [];
  for (const key of keys.toSorted()) {
    const last = values.at(-1);
    if (last !== undefined && last.length + key.length < VALUE_LIMIT)
      values[values.length - 1] = `${last} ${key}`;
    else values.push(key);
  }
  return Object.fromEntries(values.map((value, index) => [`${TAGS.configKeys}${index}`, value]));
}

export function configKeysIn(tags: Tags): string[] {
  return Object.entries(tags)
    .filter(([key]) => key.startsWith(TAGS.configKeys))
    .flatMap(([, value]) => value.split(' '))
    .toSorted();
}

export interface Membership {
  readonly loadBalancer: string;
  readonly targetGroupArn: string;
}

/** Behind which load balancers the group is meant to be, enabled or not. */
export function membershipsIn(tags: Tags): Membership[] {
  return Object.entries(tags)
    .filter(([key]) => key.startsWith(TAGS.targetGroup))
    .map(([key, targetGroupArn]) => ({ loadBalancer: key.slice(TAGS.targetGroup.length), targetGroupArn }))
    .toSorted((a, b) => a.loadBalancer.localeCompare(b.loadBalancer));
}

/** Enabled means attached; without a load balancer there is nothing to attach, and the tag says it. */
export function isEnabled(group: AutoScalingGroup): boolean {
  const tags = tagsOf(group.Tags);
  const memberships = membershipsIn(tags);
  if (memberships.length === 0) return tags[TAGS.enabled] === 'true';
  const attached = new Set(group.TargetGroupARNs);
  return memberships.some(({ targetGroupArn }) => attached.has(targetGroupArn));
}
