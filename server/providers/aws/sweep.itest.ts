import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAwsProvider } from '@/server/providers/aws/adapter';
import { RATES } from '@/server/providers/aws/client/clients';
import { awsConfigSchema } from '@/server/providers/aws/config';
import { type LargeAccount, startLargeAccount } from '@/server/providers/aws/testing/large-account';

const SIZE = { clusters: 250, depth: 4, instances: 20 };
const REGION = 'eu-west-3';

let account: LargeAccount;
beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID ??= 'AKIAIOSFODNN7EXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'tester';
  account = await startLargeAccount(SIZE);
});
afterAll(() => account?.stop());

/** Seconds that so many calls take out of a budget that half of is left to others. */
function secondsFor(service: keyof typeof RATES, calls: number): number {
  const { burst, perSecond } = RATES[service];
  return Math.max(0, calls - burst / 2) / perSecond;
}

it('a look at 1,000 groups with 20,000 instances asks in pages, and only of what serves', async (context) => {
  const config = awsConfigSchema.parse({
    endpoint: account.url,
    regions: [{ region: REGION, subnets: ['subnet-0'] }],
  });
  const seen = await createAwsProvider('large', config).describe();
  expect(seen.serverGroups).toHaveLength(1_000);
  expect(seen.serverGroups.flatMap(({ instances }) => instances)).toHaveLength(20_000);
  expect(seen.serverGroups.filter(({ traffic }) => traffic === 1)).toHaveLength(SIZE.clusters);
  expect(seen.loadBalancers).toHaveLength(SIZE.clusters);
  const { autoscaling = 0, ec2 = 0, elasticloadbalancing = 0 } = account.calls;
  // Ten pages of groups; twenty of machines and one of firewalls; targets, and tags and listeners by twenty.
  expect({ autoscaling, ec2, elasticloadbalancing }).toEqual({
    autoscaling: 10,
    ec2: 21,
    elasticloadbalancing: 1 + 13 + 13 + SIZE.clusters,
  });
  const seconds = Math.max(
    secondsFor('autoScaling', autoscaling),
    secondsFor('ec2', ec2),
    secondsFor('elb', elasticloadbalancing),
  );
  await context.annotate(
    `calls: Auto Scaling ${autoscaling}, EC2 ${ec2}, load balancing ${elasticloadbalancing}; ${Math.round(seconds)} s within half of the published rates`,
  );
});
