import { AutoScalingClient, type AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { expect, it } from 'vitest';
import { AwsRefusal } from '@/server/providers/aws/client/errors';
import { dismiss } from '@/server/providers/aws/verbs/admit';
import type { Region } from '@/server/providers/aws/verbs/platform';

const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/0123';
const asRead: AutoScalingGroup = {
  AutoScalingGroupName: 'shop-prod-v001',
  TargetGroupARNs: [ARN],
  MinSize: 1,
  MaxSize: 1,
  DesiredCapacity: 1,
  DefaultCooldown: 300,
  AvailabilityZones: ['eu-west-1a'],
  HealthCheckType: 'ELB',
  CreatedTime: new Date(0),
};
const invalid = new AwsRefusal(
  'invalid',
  'InvalidTarget',
  'AWS did not detach: not registered (InvalidTarget)',
);

/** Detaching is refused, and the group is as given when it is read again. */
function refusing(refusal: Error, attached: string[]) {
  const asked: string[] = [];
  const autoScaling = new AutoScalingClient({ region: 'eu-west-1' });
  autoScaling.middlewareStack.add(
    (_next, { commandName = '' }) =>
      async () => {
        asked.push(commandName.replace(/Command$/, ''));
        if (commandName.startsWith('Detach')) throw refusal;
        const AutoScalingGroups = [{ ...asRead, TargetGroupARNs: attached }];
        return { output: { $metadata: {}, AutoScalingGroups }, response: null };
      },
    { step: 'initialize' },
  );
  // The parts that are asked of a group that is behind no load balancer of ours.
  const region = { name: 'eu-west-1', autoScaling } as unknown as Region;
  return { asked, region };
}

it('a group that somebody else has detached meanwhile is taken out', async () => {
  const { asked, region } = refusing(invalid, []);
  await dismiss(region, asRead);
  expect(asked).toEqual(['DetachLoadBalancerTargetGroups', 'DescribeAutoScalingGroups', 'SuspendProcesses']);
});

it('a group that is attached still is not taken out when AWS refuses', async () => {
  const { asked, region } = refusing(invalid, [ARN]);
  await expect(dismiss(region, asRead)).rejects.toBe(invalid);
  expect(asked).not.toContain('SuspendProcesses');
});

it('what has nothing to do with what is attached is told as it is', async () => {
  const busy = new AwsRefusal('rate_limited', 'Throttling', 'Rate exceeded');
  const { region } = refusing(busy, []);
  await expect(dismiss(region, asRead)).rejects.toBe(busy);
});
