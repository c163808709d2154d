import { CreateSecurityGroupCommand, CreateVpcCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MotoServer, startMoto } from '@/server/metrics/testing/moto-server';
import { createAwsProvider } from '@/server/providers/aws/adapter';
import { clientsOf } from '@/server/providers/aws/client/clients';
import { type AwsConfig, awsConfigSchema } from '@/server/providers/aws/config';
import { type FaultProxy, startFaultProxy } from '@/server/providers/aws/testing/fault-proxy';
import { makeImage, subnetsOf } from '@/server/providers/aws/testing/fixture';
import { operation } from '@/server/providers/contract-support';
import { createLambdaProvider } from '@/server/providers/lambda/adapter';
import { lambdaConfigSchema } from '@/server/providers/lambda/config';
import type { Provider } from '@/server/providers/provider';

/** Two accounts by their roles, each with two regions, on one moto: it keeps what is of each account apart. */

const REGIONS = ['eu-west-1', 'us-east-1'];

interface Account {
  readonly name: string;
  readonly config: AwsConfig;
  readonly provider: Provider;
  readonly proxy: FaultProxy;
}

let moto: MotoServer;
let accounts: readonly [Account, Account];
beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID ??= 'AKIAIOSFODNN7EXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'tester';
  moto = await startMoto();
  accounts = [await connect('blue', '111111111111'), await connect('green', '222222222222')];
});
afterAll(async () => {
  for (const { proxy } of accounts ?? []) await proxy.stop();
  await moto?.stop();
});

async function connect(name: string, id: string): Promise<Account> {
  const proxy = await startFaultProxy(moto.url);
  const common = {
    endpoint: proxy.url,
    roleArn: `arn:aws:iam::${id}:role/signalbox-managed`,
    externalId: `external-of-${name}`,
    sweepSeconds: 1,
  };
  const regions = [];
  for (const region of REGIONS) {
    const bare = awsConfigSchema.parse({ ...common, regions: [{ region, subnets: ['subnet-0'] }] });
    regions.push({ region, subnets: await subnetsOf(bare, region) });
  }
  const config = awsConfigSchema.parse({ ...common, regions });
  for (const region of REGIONS) await makeImage(config, '1.0.0', region);
  return { name, config, provider: createAwsProvider(name, config), proxy };
}

async function deploy({ provider, config }: Account, region: string): Promise<void> {
  const artifact = await makeImage(config, '1.0.0', region);
  await provider.createServerGroup(operation(), {
    region,
    application: 'shop',
    cluster: 'shop-prod',
    name: 'shop-prod-v000',
    artifact,
    capacity: { min: 0, desired: 1, max: 2 },
    config: {},
    loadBalancers: [],
    enabled: true,
  });
}

describe('accounts and regions', () => {
  it('have the same cluster each, and each sees its own', async () => {
    const [blue, green] = accounts;
    for (const region of REGIONS) await deploy(blue, region);
    await deploy(green, 'us-east-1');
    const places = async ({ provider }: Account) =>
      (await provider.describe()).serverGroups.map(
        ({ account, region, name }) => `${account} ${region} ${name}`,
      );
    expect(await places(blue)).toEqual(['blue eu-west-1 shop-prod-v000', 'blue us-east-1 shop-prod-v000']);
    expect(await places(green)).toEqual(['green us-east-1 shop-prod-v000']);
    const assumed = green.proxy.calls.filter(({ action }) => action === 'AssumeRole');
    expect(
      new Set(
        assumed.map(({ parameters: asked }) => `${asked.get('ExternalId')} ${asked.get('RoleSessionName')}`),
      ),
    ).toEqual(new Set(['external-of-green signalbox']));
  });

  it('do not wait for one that gives no answer or only refuses', async () => {
    const [blue, green] = accounts;
    blue.proxy.hold('DescribeAutoScalingGroups', true);
    blue.proxy.refuse('DescribeLoadBalancers', { code: 'Throttling', message: 'Rate exceeded' });
    const stuck = blue.provider.describe();
    const outcome = stuck.then(
      () => 'seen',
      (error: unknown) => error,
    );
    await deploy(green, 'eu-west-1');
    expect((await green.provider.describe()).serverGroups).toHaveLength(2);
    blue.proxy.hold('DescribeAutoScalingGroups', false);
    expect(await outcome).toMatchObject({ code: 'rate_limited' });
    blue.proxy.refuse('DescribeLoadBalancers', null);
    expect((await blue.provider.describe()).serverGroups).toHaveLength(2);
  });
});

describe('the identity of an account', () => {
  it('is that of its AWS account, whichever role and regions lead there', async () => {
    const [blue, green] = accounts;
    const { endpoint, regions } = blue.config;
    const roleArn = 'arn:aws:iam::111111111111:role/another';
    const again = awsConfigSchema.parse({ endpoint, roleArn, regions: regions.slice(1) });
    const elsewhere = awsConfigSchema.parse({ ...again, roleArn: green.config.roleArn });
    const functions = lambdaConfigSchema.parse({
      endpoint,
      roleArn,
      regions: REGIONS,
      imageUri: 'x/{name}:{version}',
    });
    const [own, ...others] = await Promise.all(
      [
        blue.provider,
        createAwsProvider('again', again),
        createLambdaProvider('functions', functions),
        createAwsProvider('elsewhere', elsewhere),
        green.provider,
      ].map(async (provider) => provider.identity?.()),
    );
    expect(own).toBe(`aws 111111111111 ${blue.proxy.url}/`);
    expect(others.map((other) => other === own)).toEqual([true, true, false, false]);
  });

  it('is a refusal when nobody says which it is', async () => {
    const [blue] = accounts;
    blue.proxy.refuse('GetCallerIdentity', { code: 'AccessDenied', message: 'not now' });
    await expect(blue.provider.identity?.()).rejects.toMatchObject({ code: 'unauthorized' });
    blue.proxy.refuse('GetCallerIdentity', null);
  });
});

describe('the keys of a role', () => {
  it('are asked for again before they expire', async () => {
    const [, green] = accounts;
    // Another external id is another identity, with clients that have no keys yet.
    const config = { ...green.config, externalId: 'short-lived' };
    const provider = createAwsProvider('short', config);
    const asked = () =>
      green.proxy.calls.filter(
        ({ action, parameters }) => action === 'AssumeRole' && parameters.get('ExternalId') === 'short-lived',
      ).length;
    green.proxy.keysLast(60);
    await provider.describe();
    const before = asked();
    green.proxy.keysLast(3_600);
    await provider.describe();
    const renewed = asked();
    expect(renewed).toBeGreaterThan(before);
    await provider.describe();
    expect(asked()).toBe(renewed);
  });
});

describe('the check of an account', () => {
  it('says what to do when the role cannot be assumed', async () => {
    const [blue] = accounts;
    const provider = createAwsProvider('new', { ...blue.config, externalId: 'wrong-one' });
    blue.proxy.refuse('AssumeRole', {
      code: 'AccessDenied',
      message: 'User: arn:aws:iam::1:user/x is not authorized to perform: sts:AssumeRole',
    });
    const found = await provider.check?.();
    blue.proxy.refuse('AssumeRole', null);
    expect(found).toMatchObject({ ok: false, facts: [] });
    expect(found?.problems).toHaveLength(1);
    expect(found?.problems[0]).toMatch(/trust policy of arn:aws:iam::111111111111:role.*external id/);
  });

  it('says that a load balancer needs subnets of two zones', async () => {
    const [blue] = accounts;
    const [first] = blue.config.regions;
    if (!first) throw new Error('there is a region');
    const region = { ...first, subnets: first.subnets.slice(0, 1) };
    const found = await createAwsProvider('one', { ...blue.config, regions: [region] }).check?.();
    expect(found?.problems).toEqual([
      'eu-west-1: an Application Load Balancer needs subnets of two availability zones, and all that are given are of one.',
    ]);
    expect(found?.ok).toBe(false);
    expect(found?.facts[0]).toMatch(/^eu-west-1: vpc-\w+, 1 subnet in 1 zone\.$/);
    const { facts = [] } = (await blue.provider.check?.()) ?? {};
    expect(facts[0]).toMatch(/^eu-west-1: vpc-\w+, 2 subnets in 2 zones\.$/);
    expect(facts.at(-1)).toContain('was not tried');
  });

  it('names each security group that is not there, or is of another VPC', async () => {
    const [blue] = accounts;
    const [here, elsewhere] = REGIONS;
    const { ec2 } = clientsOf(blue.config, here ?? '');
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
    const { GroupId = '' } = await ec2.send(
      new CreateSecurityGroupCommand({ GroupName: 'far', Description: 'far', VpcId: Vpc?.VpcId }),
    );
    const regions = blue.config.regions.map((one) =>
      one.region === here
        ? { ...one, securityGroups: ['sg-0a0a'], loadBalancerSecurityGroups: [GroupId] }
        : { ...one, securityGroups: ['sg-0b0b'] },
    );
    const provider = createAwsProvider('new', { ...blue.config, regions, instanceProfile: 'web' });
    const found = await provider.check?.();
    expect(found?.problems).toEqual([
      `${here}: there is no security group sg-0a0a.`,
      `${here}: the security group ${GroupId} is of another VPC than the subnets.`,
      `${elsewhere}: there is no security group sg-0b0b.`,
    ]);
    expect(found?.facts.at(-1)).toMatch(
      /not tried, nor .* instance type t3.small and an instance profile web/,
    );
  });

  it('names each permission that is missing, by region', async () => {
    const [blue] = accounts;
    const denied = { code: 'AccessDenied', message: 'not authorized' };
    blue.proxy.refuse('DescribeScalingActivities', denied);
    blue.proxy.refuse('CreateLaunchTemplate', { code: 'UnauthorizedOperation', message: 'not authorized' });
    const found = await blue.provider.check?.();
    blue.proxy.refuse('DescribeScalingActivities', null);
    blue.proxy.refuse('CreateLaunchTemplate', null);
    expect(found?.problems.map((problem) => problem.split(' is ')[0])).toEqual([
      'eu-west-1: autoscaling:DescribeScalingActivities',
      'eu-west-1: ec2:CreateLaunchTemplate',
      'us-east-1: autoscaling:DescribeScalingActivities',
      'us-east-1: ec2:CreateLaunchTemplate',
    ]);
    expect(await blue.provider.check?.()).toMatchObject({ ok: true, problems: [] });
  });
});
