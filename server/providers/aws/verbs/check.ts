import {
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  CreateSecurityGroupCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  type Subnet,
} from '@aws-sdk/client-ec2';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AccountCheck } from '@/server/domain/account-check';
import { AwsRefusal } from '@/server/providers/aws/client/errors';
import type { AwsConfig } from '@/server/providers/aws/config';
import { tagsByArn } from '@/server/providers/aws/read/load-balancers';
import { findRoute } from '@/server/providers/aws/read/routes';
import { instanceTypeOf } from '@/server/providers/aws/verbs/launch-template';
import type { Platform, Region } from '@/server/providers/aws/verbs/platform';
import { TAGS } from '@/server/providers/aws/words/tags';
import { ProviderError } from '@/server/providers/provider';

/** EC2's answer when all is well and nothing was to be done. */
const WOULD_DO = 'DryRunOperation';
/** The fewest that EC2 counts to. */
const FEW = 5;
const NAME = 'signalbox-account-check';
/** Load balancers in fewer are refused by AWS. */
const ZONES = 2;
/**
 * Whether every region can be read, its subnets are there and of one VPC, and what the account names is there. Of
 * changes only those of EC2 can be tried without doing them.
 */
export async function check({ config, regions }: Platform, signal?: AbortSignal): Promise<AccountCheck> {
  const looks = await Promise.all(regions.map((region) => look(region, config.machineImages.owners, signal)));
  const problems = [...new Set(looks.flatMap((one) => one.problems))];
  const facts = looks.flatMap((one) => one.facts);
  return { ok: problems.length === 0, facts: facts.length > 0 ? [...facts, untried(config)] : [], problems };
}

/** The role need not be allowed to ask for them. */
function untried({ instanceType, instanceProfile, regions }: AwsConfig): string {
  const named = regions.flatMap(({ certificateArn }) => certificateArn ?? []);
  const certificates = named.length === 0 ? '' : ` and a certificate ${named.join(' and ')}`;
  const profile = instanceProfile === undefined ? '' : ` and an instance profile ${instanceProfile}`;
  return `Whether groups and load balancers may be made and changed was not tried, nor whether there is an instance type ${instanceType}${profile}${certificates}: the first deploy will tell.`;
}

async function look(region: Region, owners: readonly string[], signal?: AbortSignal) {
  const { ec2, autoScaling, elb, settings } = region;
  const options = { abortSignal: signal };
  const subnets = ec2.send(new DescribeSubnetsCommand({ SubnetIds: settings.subnets }), options);
  const asked: Readonly<Record<string, Promise<unknown>>> = {
    'ec2:DescribeSubnets': subnets,
    'autoscaling:DescribeAutoScalingGroups': autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ MaxRecords: 1 }),
      options,
    ),
    'autoscaling:DescribeScalingActivities': autoScaling.send(
      new DescribeScalingActivitiesCommand({ MaxRecords: 1 }),
      options,
    ),
    'ec2:DescribeImages': ec2.send(
      new DescribeImagesCommand({ Owners: [...owners], Filters: [{ Name: 'name', Values: [NAME] }] }),
      options,
    ),
    'ec2:DescribeInstances': ec2.send(new DescribeInstancesCommand({ MaxResults: FEW }), options),
    'ec2:DescribeLaunchTemplates': ec2.send(new DescribeLaunchTemplatesCommand({ MaxResults: FEW }), options),
    'ec2:DescribeSecurityGroups': ec2.send(new DescribeSecurityGroupsCommand({ MaxResults: FEW }), options),
    'elasticloadbalancing:DescribeLoadBalancers': elb.send(
      new DescribeLoadBalancersCommand({ PageSize: 1 }),
      options,
    ),
    'elasticloadbalancing:DescribeTargetGroups': elb.send(
      new DescribeTargetGroupsCommand({ PageSize: 1 }),
      options,
    ),
    'ec2:CreateLaunchTemplate': tried(
      ec2.send(
        new CreateLaunchTemplateCommand({
          DryRun: true,
          LaunchTemplateName: NAME,
          LaunchTemplateData: { InstanceType: instanceTypeOf('t3.micro') },
        }),
        options,
      ),
    ),
    'ec2:CreateSecurityGroup': tried(
      ec2.send(new CreateSecurityGroupCommand({ DryRun: true, GroupName: NAME, Description: NAME }), options),
    ),
  };
  const problems = await problemsIn(region, asked);
  if (problems.length > 0) return { facts: [], problems };
  return standing(region, (await subnets).Subnets ?? [], signal);
}

/** @throws what another try may overcome: it says nothing of the account. */
async function problemsIn(
  region: Region,
  asked: Readonly<Record<string, Promise<unknown>>>,
): Promise<string[]> {
  const answers = await Promise.allSettled(Object.values(asked));
  const permissions = Object.keys(asked);
  const found = answers.flatMap((one, index) =>
    one.status === 'rejected' ? [problemOf(region, permissions[index] ?? '', one.reason)] : [],
  );
  return [...new Set(found)];
}

function problemOf({ name }: Region, permission: string, reason: unknown): string {
  if (!(reason instanceof ProviderError) || reason.retryable) throw reason;
  // Who we are was not accepted, so that nothing is said of the permission.
  const isDenied = reason instanceof AwsRefusal && /AccessDenied|UnauthorizedOperation/.test(reason.awsCode);
  if (!isDenied) return reason.message;
  return `${name}: ${permission} is not allowed. Give the role the policy that the README names.`;
}

/** Nothing is done, and that is the answer hoped for. */
async function tried(attempt: Promise<unknown>): Promise<void> {
  try {
    await attempt;
  } catch (error) {
    if (!(error instanceof AwsRefusal) || error.awsCode !== WOULD_DO) throw error;
  }
}

async function standing(region: Region, subnets: readonly Subnet[], signal?: AbortSignal) {
  const problems: string[] = [];
  const vpcs = new Set(subnets.map(({ VpcId }) => VpcId));
  if (vpcs.size > 1)
    problems.push(`The subnets of ${region.name} are of ${vpcs.size} VPCs. Give those of one of them.`);
  const zones = new Set(subnets.map(({ AvailabilityZone }) => AvailabilityZone)).size;
  // Where routes of others are given, an account may well need no load balancer of its own.
  if (zones < ZONES && region.settings.routes.length === 0)
    problems.push(
      `${region.name}: an Application Load Balancer needs subnets of two availability zones, and all that are given are of one.`,
    );
  problems.push(...(await securityGroupProblems(region, vpcs, signal)));
  problems.push(...certificateProblems(region), ...(await routeProblems(region, signal)));
  const facts = [...vpcs].map((vpc) => {
    const here = subnets.filter(({ VpcId }) => VpcId === vpc);
    const within = new Set(here.map(({ AvailabilityZone }) => AvailabilityZone)).size;
    return `${region.name}: ${vpc}, ${counted(here.length, 'subnet')} in ${counted(within, 'zone')}.`;
  });
  return { facts, problems };
}

/** By its ARN alone: whether it is there is a question that the role need not be allowed to ask. */
function certificateProblems({ name, settings: { certificateArn } }: Region): string[] {
  const [, , service, of] = certificateArn?.split(':') ?? [];
  // Those of IAM are of no region.
  if (service !== 'acm' || of === name) return [];
  return [
    `${name}: the certificate ${certificateArn} is of the region ${of}, and load balancers take one of their own region. Name one of ${name}.`,
  ];
}

async function routeProblems(region: Region, signal?: AbortSignal): Promise<string[]> {
  const { routes } = region.settings;
  const problems: string[] = [];
  const found: string[] = [];
  for (const { loadBalancer, arn } of routes)
    if (await findRoute(region, arn, signal)) found.push(arn);
    else
      problems.push(
        `${region.name}: there is no listener or rule ${arn} for the load balancer ${loadBalancer}.`,
      );
  const tags = await tagsByArn(region, found, signal);
  const closed = found.filter((arn) => tags.get(arn)?.[TAGS.managed] !== 'true');
  return [
    ...problems,
    ...closed.map(
      (arn) =>
        `${region.name}: ${arn} lacks the tag ${TAGS.managed}=true, without which the policy that the README names lets nobody change it. Set the tag.`,
    ),
  ];
}

/** Those that the account names are there, in the VPC of its subnets. */
async function securityGroupProblems(
  { ec2, name, settings }: Region,
  vpcs: ReadonlySet<string | undefined>,
  signal?: AbortSignal,
): Promise<string[]> {
  const named = [...new Set([...settings.securityGroups, ...settings.loadBalancerSecurityGroups])];
  if (named.length === 0) return [];
  const { SecurityGroups = [] } = await ec2.send(
    new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-id', Values: named }] }),
    { abortSignal: signal },
  );
  const vpcOf = new Map(SecurityGroups.map(({ GroupId, VpcId }) => [GroupId, VpcId]));
  return named.flatMap((id) => {
    if (!vpcOf.has(id)) return [`${name}: there is no security group ${id}.`];
    if (vpcs.has(vpcOf.get(id))) return [];
    return [`${name}: the security group ${id} is of another VPC than the subnets.`];
  });
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
