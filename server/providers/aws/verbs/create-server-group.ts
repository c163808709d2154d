import { CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { parseServerGroupName } from '@/server/domain/naming';
import { AwsRefusal } from '@/server/providers/aws/client/errors';
import { findGroup } from '@/server/providers/aws/read/groups';
import { findImage } from '@/server/providers/aws/read/images';
import { claim } from '@/server/providers/aws/verbs/group';
import { ensureTemplate, removeTemplates, templateName } from '@/server/providers/aws/verbs/launch-template';
import type { Platform, Region } from '@/server/providers/aws/verbs/platform';
import { existingBalancer, requireRoom, route } from '@/server/providers/aws/verbs/route';
import { ensureTargetGroup, removeTargetGroup } from '@/server/providers/aws/verbs/target-groups';
import { noted, standingOf } from '@/server/providers/aws/words/ledger';
import { configKeyTags, groupTags, isOurs, TAGS, type Tags, tagsOf } from '@/server/providers/aws/words/tags';
import { type Operation, ProviderError, type ServerGroupSpec } from '@/server/providers/provider';

/** Of an Auto Scaling group; a colon would end it in an ARN. */
const NAME_LIMIT = 255;

/**
 * Creates the group with a launch template and target groups of its own. One that is enabled is attached at once; its
 * weight comes with its health, by whoever routes next.
 */
export async function createServerGroup(
  platform: Platform,
  operation: Operation,
  spec: ServerGroupSpec,
): Promise<{ name: string }> {
  checkName(spec);
  const region = platform.region(spec.region);
  if (!(await takenOver(region, operation, spec))) await create(platform, region, operation, spec);
  const own = templateName(operation, spec.name);
  await quietly(() => removeTemplates(region, spec.name, (name) => name !== own));
  if (spec.enabled) for (const name of spec.loadBalancers) await route(region, name);
  return { name: spec.name };
}

function checkName({ name, cluster }: ServerGroupSpec): void {
  const parsed = parseServerGroupName(name);
  if (parsed?.cluster !== cluster || parsed.sequence === null)
    throw new ProviderError('invalid', `"${name}" is not the name of a server group of ${cluster}.`);
  if (name.length > NAME_LIMIT || !/^[\w.()/-]+$/.test(name))
    throw new ProviderError('invalid', `"${name}" cannot be the name of a launch template.`);
}

/** Whether the operation has created it before. @throws ProviderError `conflict` when another one has. */
async function takenOver(region: Region, operation: Operation, spec: ServerGroupSpec): Promise<boolean> {
  const taken = await findGroup(region, spec.name);
  if (!taken) return false;
  // Made since their names were noted: whoever plans again gets the number after it.
  if (!isOurs(taken)) region.others.forget();
  if (!isOurs(taken) || standingOf(tagsOf(taken.Tags), operation, 'creation') === 'new')
    throw alreadyThere(spec);
  await claim(region, taken, operation, 'creation');
  return true;
}

async function create(
  platform: Platform,
  region: Region,
  operation: Operation,
  spec: ServerGroupSpec,
): Promise<void> {
  for (const name of spec.loadBalancers)
    await (spec.enabled ? requireRoom(region, name) : existingBalancer(region, name));
  const imageId = await findImage(platform, region, spec.artifact);
  const targetGroups: Record<string, string> = {};
  try {
    for (const name of spec.loadBalancers)
      targetGroups[TAGS.targetGroup + name] = await ensureTargetGroup(platform, region, spec, name);
    const template = await ensureTemplate(platform, region, operation, spec, imageId);
    const tags = { ...tagsFor(spec), ...targetGroups, ...noted({}, operation, 'creation') };
    const arns = Object.values(targetGroups);
    await region.autoScaling.send(creation(platform, region, spec, template, arns, tags));
  } catch (error) {
    if (!(error instanceof ProviderError) || error.retryable) throw error;
    // Either its answer was lost and this is a second try, or somebody was faster, or it is refused for good.
    if (await madeAfterAll(region, operation, spec, error)) return;
    await quietly(() => discard(region, operation, spec, Object.values(targetGroups)));
    throw error;
  }
}

/** @throws ProviderError `conflict` when another operation has made it; what was left of this one goes with its group. */
async function madeAfterAll(
  region: Region,
  operation: Operation,
  spec: ServerGroupSpec,
  refusal: ProviderError,
): Promise<boolean> {
  if (await takenOver(region, operation, spec)) return true;
  if (!(refusal instanceof AwsRefusal) || !refusal.awsCode.startsWith('AlreadyExists')) return false;
  // What it runs from must not be taken from it, whosever it is.
  throw new ProviderError('pending', `AWS has a group ${spec.name} already, and does not show it yet.`);
}

/** What was made for a group that there will not be. */
async function discard(
  region: Region,
  operation: Operation,
  { name }: ServerGroupSpec,
  targetGroups: readonly string[],
): Promise<void> {
  const own = templateName(operation, name);
  await removeTemplates(region, name, (template) => template === own);
  for (const arn of targetGroups) await removeTargetGroup(region, arn);
}

/** What cannot be cleaned up now is by whoever makes the group, or with it: the change itself is what counts. */
async function quietly(cleaning: () => Promise<void>): Promise<void> {
  try {
    await cleaning();
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
  }
}

function creation(
  { config }: Platform,
  region: Region,
  { name, capacity, enabled }: ServerGroupSpec,
  template: string,
  targetGroups: string[],
  tags: Tags,
): CreateAutoScalingGroupCommand {
  return new CreateAutoScalingGroupCommand({
    AutoScalingGroupName: name,
    LaunchTemplate: { LaunchTemplateName: template, Version: '1' },
    MinSize: capacity.min,
    DesiredCapacity: capacity.desired,
    MaxSize: capacity.max,
    VPCZoneIdentifier: region.settings.subnets.join(','),
    ...(enabled && targetGroups.length > 0 ? { TargetGroupARNs: targetGroups } : {}),
    HealthCheckType: targetGroups.length > 0 ? 'ELB' : 'EC2',
    HealthCheckGracePeriod: config.graceSeconds,
    DefaultInstanceWarmup: 0,
    // What has served longest stays; AWS would take the oldest first.
    TerminationPolicies: ['NewestInstance'],
    Tags: groupTags(name, tags),
  });
}

function tagsFor({ name, application, cluster, artifact, enabled, config }: ServerGroupSpec): Tags {
  return {
    Name: name,
    [TAGS.managed]: 'true',
    [TAGS.application]: application,
    [TAGS.cluster]: cluster,
    // AWS tells it in whole seconds, which two groups may share.
    [TAGS.createdAt]: new Date().toISOString(),
    [TAGS.enabled]: String(enabled),
    [TAGS.artifactName]: artifact.name,
    [TAGS.artifactVersion]: artifact.version,
    [TAGS.artifactDigest]: artifact.digest,
    ...configKeyTags(Object.keys(config)),
  };
}

function alreadyThere({ name, region }: ServerGroupSpec): ProviderError {
  return new ProviderError('conflict', `server group ${name} already exists in ${region}`);
}
