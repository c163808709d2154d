import {
  type Activity,
  type AutoScalingGroup,
  DescribeScalingActivitiesCommand,
  type Filter,
  paginateDescribeAutoScalingGroups,
} from '@aws-sdk/client-auto-scaling';
import { type Instance as Machine, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { DescribeTargetHealthCommand, type TargetHealth } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsRefusal } from '@/server/providers/aws/client/errors';
import type { Region } from '@/server/providers/aws/verbs/platform';
import { missingCount } from '@/server/providers/aws/words/activities';
import { targetGroupsOf } from '@/server/providers/aws/words/others-group-of';
import type { Surroundings } from '@/server/providers/aws/words/server-group-of';

/** The most that AWS hands out at once. */
const GROUPS_PAGE = 100;
const MACHINES_PAGE = 1_000;
const ACTIVITIES = 10;
/** Values that EC2 takes in one filter. */
export const FILTER_VALUES = 200;

export async function readGroups(
  { autoScaling }: Region,
  which: { readonly names?: readonly string[]; readonly filters?: readonly Filter[] },
  signal?: AbortSignal,
): Promise<AutoScalingGroup[]> {
  const asked = {
    ...(which.names ? { AutoScalingGroupNames: [...which.names] } : {}),
    ...(which.filters ? { Filters: [...which.filters] } : {}),
  };
  const found: AutoScalingGroup[] = [];
  const pages = paginateDescribeAutoScalingGroups({ client: autoScaling, pageSize: GROUPS_PAGE }, asked, {
    abortSignal: signal,
  });
  for await (const page of pages) found.push(...(page.AutoScalingGroups ?? []));
  return found;
}

export async function findGroup(
  region: Region,
  name: string,
  signal?: AbortSignal,
): Promise<AutoScalingGroup | null> {
  const [group] = await readGroups(region, { names: [name] }, signal);
  return group ?? null;
}

/**
 * How the groups' instances are, without the load balancers.
 * @param scope whether they are all that the region has, or a few.
 */
export async function readSurroundings(
  region: Region,
  groups: readonly AutoScalingGroup[],
  scope: 'everything' | 'few',
  signal?: AbortSignal,
): Promise<Pick<Surroundings, 'machines' | 'health' | 'activities'>> {
  const attached = [...new Set(groups.flatMap(targetGroupsOf))];
  const lacking = groups.filter((group) => missingCount(group) > 0);
  const names = groups.flatMap(({ AutoScalingGroupName }) => AutoScalingGroupName ?? []);
  const [machines, health, activities] = await Promise.all([
    readMachines(region, scope === 'few' ? names : null, signal),
    Promise.all(attached.map(async (arn) => [arn, await targetHealth(region, arn, signal)] as const)),
    Promise.all(
      lacking.map(async ({ AutoScalingGroupName: name = '' }) => {
        return [name, await readActivities(region, name, signal)] as const;
      }),
    ),
  ]);
  return { machines, health: new Map(health), activities: new Map(activities) };
}

/** AWS writes it on every instance that a group launches or takes in. */
const GROUP_TAG = 'aws:autoscaling:groupName';

async function readMachines(
  { ec2 }: Region,
  groups: readonly string[] | null,
  signal?: AbortSignal,
): Promise<Map<string, Machine>> {
  const filters =
    groups === null
      ? [{ Name: 'tag-key', Values: [GROUP_TAG] }]
      : inParts(groups, FILTER_VALUES).map((Values) => ({ Name: `tag:${GROUP_TAG}`, Values }));
  const found = new Map<string, Machine>();
  for (const filter of filters) {
    const pages = paginateDescribeInstances(
      { client: ec2, pageSize: MACHINES_PAGE },
      { Filters: [filter] },
      { abortSignal: signal },
    );
    for await (const page of pages)
      for (const { Instances = [] } of page.Reservations ?? [])
        for (const machine of Instances) found.set(machine.InstanceId ?? '', machine);
  }
  return found;
}

export function inParts<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  );
}

/** Empty for a target group that has gone meanwhile. */
export async function targetHealth(
  { elb }: Region,
  TargetGroupArn: string,
  signal?: AbortSignal,
): Promise<Map<string, TargetHealth>> {
  try {
    const { TargetHealthDescriptions = [] } = await elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn }),
      { abortSignal: signal },
    );
    return new Map(
      TargetHealthDescriptions.map(({ Target, TargetHealth = {} }) => [Target?.Id ?? '', TargetHealth]),
    );
  } catch (error) {
    if (error instanceof AwsRefusal && error.code === 'not_found') return new Map();
    throw error;
  }
}

async function readActivities(
  { autoScaling }: Region,
  AutoScalingGroupName: string,
  signal?: AbortSignal,
): Promise<Activity[]> {
  const command = new DescribeScalingActivitiesCommand({ AutoScalingGroupName, MaxRecords: ACTIVITIES });
  return (await autoScaling.send(command, { abortSignal: signal })).Activities ?? [];
}
