import {
  CreateTargetGroupCommand,
  DescribeTargetGroupsCommand,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
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

/** The group's own target group behind a load balancer. @returns its ARN. */
export async function ensureTargetGroup(
  { config }: Platform,
  region: Region,
  { name, cluster, application }: ServerGroupSpec,
  loadBalancer: string,
): Promise<string> {
  const Name = shortName(name, loadBalancer);
  const arn = (await findTargetGroup(region, Name)) ?? (await create());
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
    const { TargetGroups } = await region.elb.send(
      new CreateTargetGroupCommand({
        Name,
        Protocol: 'HTTP',
        Port: config.port,
        VpcId: await region.vpc(),
        TargetType: 'instance',
        HealthCheckProtocol: 'HTTP',
        HealthCheckPath: config.healthPath,
        ...ASKED,
        Tags: tagList(tags),
      }),
    );
    const made = TargetGroups?.[0]?.TargetGroupArn;
    if (made !== undefined) return made;
    throw new ProviderError('unavailable', `AWS does not say whether it made the target group of ${name}.`);
  }
}

async function findTargetGroup({ elb }: Region, name: string): Promise<string | null> {
  try {
    const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({ Names: [name] }));
    return TargetGroups?.[0]?.TargetGroupArn ?? null;
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'not_found') return null;
    throw error;
  }
}
