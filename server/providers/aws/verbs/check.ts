import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AccountCheck } from '@/server/domain/account-check';
import type { Platform, Region } from '@/server/providers/aws/verbs/platform';
import { ProviderError } from '@/server/providers/provider';

/** Whether every region can be read, and its subnets are there and of one VPC. */
export async function check({ regions }: Platform, signal?: AbortSignal): Promise<AccountCheck> {
  const looks = await Promise.all(regions.map((region) => look(region, signal)));
  const problems = looks.flatMap((one) => one.problems);
  return { ok: problems.length === 0, facts: looks.flatMap((one) => one.facts), problems };
}

async function look(region: Region, signal?: AbortSignal) {
  const options = { abortSignal: signal };
  const asked = await Promise.allSettled([
    region.ec2.send(new DescribeSubnetsCommand({ SubnetIds: region.settings.subnets }), options),
    region.autoScaling.send(new DescribeAutoScalingGroupsCommand({ MaxRecords: 1 }), options),
    region.elb.send(new DescribeLoadBalancersCommand({ PageSize: 1 }), options),
  ]);
  const problems = asked.flatMap((one) => (one.status === 'rejected' ? [problemOf(one.reason)] : []));
  const [subnets] = asked;
  const vpcs = new Set(
    subnets.status === 'fulfilled' ? subnets.value.Subnets?.map(({ VpcId }) => VpcId) : [],
  );
  if (vpcs.size > 1)
    problems.push(`The subnets of ${region.name} are of ${vpcs.size} VPCs. Give those of one of them.`);
  const facts = [...vpcs].map((vpc) => `${region.name}: ${vpc}, ${region.settings.subnets.length} subnets.`);
  return { facts, problems: [...new Set(problems)] };
}

/** @throws what another try may overcome: it says nothing of the account. */
function problemOf(reason: unknown): string {
  if (reason instanceof ProviderError && !reason.retryable) return reason.message;
  throw reason;
}
