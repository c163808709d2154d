import {
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  DescribeTargetGroupsCommand,
  ModifyTargetGroupAttributesCommand,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsRefusal } from '@/server/providers/aws/client/errors';
import { gone } from '@/server/providers/aws/verbs/gone';
import type { Platform, Region } from '@/server/providers/aws/verbs/platform';
import { shortName } from '@/server/providers/aws/words/names';
import { TAGS, tagList } from '@/server/providers/aws/words/tags';
import { ProviderError, type ServerGroupSpec } from '@/server/providers/provider';

/** As often as AWS asks at most, and as few answers as it takes to believe them: a new group serves within seconds. */
const ASKED = {
  HealthCheckIntervalSeconds: 5,
  HealthCheckTimeoutSeconds: 4,
  HealthyThresholdCount: 2,
  UnhealthyThresholdCount: 3,
};

/**
 * The group's own target group behind a load balancer. No group uses it yet: one that an earlier operation left is
 * taken over, or replaced where the account says something else since.
 * @returns its ARN.
 */
export async function ensureTargetGroup(
  { config }: Platform,
  region: Region,
  { name, cluster, application }: ServerGroupSpec,
  loadBalancer: string,
): Promise<string> {
  const Name = shortName(name, loadBalancer);
  const VpcId = await region.vpc();
  const found = await findTargetGroup(region, Name);
  const isFit =
    found?.Port === config.port && found.HealthCheckPath === config.healthPath && found.VpcId === VpcId;
  if (found && !isFit) await removeTargetGroup(region, found.TargetGroupArn);
  const arn = (isFit ? found.TargetGroupArn : undefined) ?? (await create());
  await region.elb.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn: arn,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: String(config.drainSeconds) }],
    }),
  );
  return arn;

  async function create(): Promise<string> {
    const tags = {
      [TAGS.managed]: 'true',
      [TAGS.application]: application,
      [TAGS.cluster]: cluster,
      [TAGS.serverGroup]: name,
      [TAGS.loadBalancer]: loadBalancer,
    };
    const asked = new CreateTargetGroupCommand({
      Name,
      Protocol: 'HTTP',
      Port: config.port,
      VpcId,
      TargetType: 'instance',
      HealthCheckProtocol: 'HTTP',
      HealthCheckPath: config.healthPath,
      ...ASKED,
      Tags: tagList(tags),
    });
    const made = await createdOrThere(region, Name, asked);
    if (made !== undefined) return made;
    throw new ProviderError('unavailable', `AWS does not say whether it made the target group of ${name}.`);
  }
}

/** One that is there by now was made by this request, whose answer was lost. */
async function createdOrThere(region: Region, name: string, asked: CreateTargetGroupCommand) {
  try {
    return (await region.elb.send(asked)).TargetGroups?.[0]?.TargetGroupArn;
  } catch (error) {
    if (!(error instanceof AwsRefusal) || !error.awsCode.startsWith('DuplicateTargetGroupName')) throw error;
    return (await findTargetGroup(region, name))?.TargetGroupArn;
  }
}

export async function removeTargetGroup({ elb }: Region, arn: string | undefined): Promise<void> {
  await gone(elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn })));
}

async function findTargetGroup({ elb }: Region, name: string): Promise<TargetGroup | null> {
  try {
    const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({ Names: [name] }));
    return TargetGroups?.[0] ?? null;
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'not_found') return null;
    throw error;
  }
}
