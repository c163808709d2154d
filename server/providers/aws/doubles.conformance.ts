import { CreateSecurityGroupCommand } from '@aws-sdk/client-ec2';
import {
  CreateRuleCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAwsProvider } from '@/server/providers/aws/adapter';
import { clientsOf } from '@/server/providers/aws/client/clients';
import { awsConfigSchema } from '@/server/providers/aws/config';
import { ACCOUNT, type AwsBench, makeAwsBench, REGION } from '@/server/providers/aws/testing/fixture';
import { TAGS, tagList } from '@/server/providers/aws/words/tags';
import { operation } from '@/server/providers/contract-support';

/** What has the same name twice for us, and not at AWS. */

let bench: AwsBench;
beforeAll(async () => {
  bench = await makeAwsBench();
});
afterAll(() => bench?.stop());

it('tells security groups apart whose tag gives the same name', async () => {
  const { ec2 } = clientsOf(bench.config, REGION);
  const make = async (GroupName: string, application: string) => {
    const tags = tagList({ [TAGS.firewall]: 'twin', [TAGS.application]: application });
    const { GroupId } = await ec2.send(
      new CreateSecurityGroupCommand({
        GroupName,
        Description: 'a twin',
        TagSpecifications: [{ ResourceType: 'security-group', Tags: tags }],
      }),
    );
    return GroupId;
  };
  const ids = [await make('one', 'shop'), await make('two', 'blog')];

  const { firewalls } = await bench.provider.describe();
  const twins = firewalls.filter(({ name }) => name.startsWith('twin')).map(({ name }) => name);
  expect(twins.toSorted()).toEqual(['twin', expect.stringMatching(/^twin sg-\w+$/)]);
  expect(ids.map((id) => `twin ${id}`)).toContain(twins.find((name) => name !== 'twin'));
});

it('shows a load balancer of ours apart once the account has a route of its name', async () => {
  const { elb } = clientsOf(bench.config, REGION);
  const spec = { account: ACCOUNT, region: REGION, name: 'moved', application: 'moved' };
  await bench.provider.upsertLoadBalancer(operation(), spec);
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
  const old = LoadBalancers.find(({ LoadBalancerName = '' }) => LoadBalancerName.startsWith('moved'));
  const LoadBalancerArn = old?.LoadBalancerArn;
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const { Rules = [] } = await elb.send(
    new CreateRuleCommand({
      ListenerArn: Listeners[0]?.ListenerArn,
      Priority: 10,
      Conditions: [{ Field: 'host-header', Values: ['moved.example.com'] }],
      Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }],
      Tags: tagList({ [TAGS.managed]: 'true' }),
    }),
  );
  const routes = [{ loadBalancer: 'moved', arn: Rules[0]?.RuleArn ?? '' }];
  const regions = bench.config.regions.map((region) => ({ ...region, routes }));
  const provider = createAwsProvider(ACCOUNT, awsConfigSchema.parse({ ...bench.config, regions }));
  expect((await provider.check?.())?.problems).toEqual([]);

  const { loadBalancers } = await provider.describe();
  expect(loadBalancers.map(({ name, kind, url }) => [name, kind, url]).toSorted()).toEqual([
    ['moved (before the route)', 'Application Load Balancer', `http://${old?.DNSName}`],
    ['moved', 'Rule of a load balancer', 'http://moved.example.com'],
  ]);
});

it('names what an account check can tell of a certificate and of a rule that nobody may change', async () => {
  const { elb } = clientsOf(bench.config, REGION);
  const { Listeners = [] } = await elb.send(
    new DescribeListenersCommand({
      LoadBalancerArn: (await elb.send(new DescribeLoadBalancersCommand({}))).LoadBalancers?.[0]
        ?.LoadBalancerArn,
    }),
  );
  const { Rules = [] } = await elb.send(
    new CreateRuleCommand({
      ListenerArn: Listeners[0]?.ListenerArn,
      Priority: 20,
      Conditions: [{ Field: 'host-header', Values: ['closed.example.com'] }],
      Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }],
    }),
  );
  const arn = Rules[0]?.RuleArn ?? '';
  const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/one';
  const routes = [{ loadBalancer: 'closed', arn }];
  const regions = bench.config.regions.map((region) => ({ ...region, routes, certificateArn }));
  const provider = createAwsProvider('closed', awsConfigSchema.parse({ ...bench.config, regions }));

  expect((await provider.check?.())?.problems).toEqual([
    `${REGION}: the certificate ${certificateArn} is of the region us-east-1, and load balancers take one of their own region. Name one of ${REGION}.`,
    `${REGION}: ${arn} lacks the tag signalbox:managed=true, without which the policy that the README names lets nobody change it. Set the tag.`,
  ]);
});
