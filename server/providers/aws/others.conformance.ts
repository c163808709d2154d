import {
  AttachLoadBalancerTargetGroupsCommand,
  CreateAutoScalingGroupCommand,
  type CreateAutoScalingGroupCommandInput,
  CreateLaunchConfigurationCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand, CreateSecurityGroupCommand } from '@aws-sdk/client-ec2';
import {
  type Action,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inventorySchema } from '@/server/domain/inventory';
import { createAwsProvider } from '@/server/providers/aws/adapter';
import { clientsOf } from '@/server/providers/aws/client/clients';
import { awsConfigSchema } from '@/server/providers/aws/config';
import {
  ACCOUNT,
  type AwsBench,
  makeAwsBench,
  makeCertificate,
  REGION,
} from '@/server/providers/aws/testing/fixture';
import { TAGS, tagList } from '@/server/providers/aws/words/tags';
import { operation } from '@/server/providers/contract-support';
import type { Provider } from '@/server/providers/provider';

/** What other people and tools have in the same account: shown with its keeper, and never touched. */

let bench: AwsBench;
let certificate: string;
let theirs: Awaited<ReturnType<typeof makeTheirs>>;
beforeAll(async () => {
  bench = await makeAwsBench();
  certificate = await makeCertificate(bench);
  theirs = await makeTheirs();
});
afterAll(() => bench?.stop());

function aws() {
  return clientsOf(bench.config, REGION);
}

function subnets(): string[] {
  return [...(bench.config.regions[0]?.subnets ?? [])];
}

async function makeTheirs() {
  const { autoScaling, ec2 } = aws();
  const common = { MinSize: 1, MaxSize: 3, DesiredCapacity: 1, VPCZoneIdentifier: subnets()[0] };
  const make = (name: string, more: Partial<CreateAutoScalingGroupCommandInput>) =>
    autoScaling.send(new CreateAutoScalingGroupCommand({ AutoScalingGroupName: name, ...common, ...more }));
  await autoScaling.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: 'old-lc',
      ImageId: 'ami-03cf127a',
      InstanceType: 't2.micro',
    }),
  );
  await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'their-template',
      LaunchTemplateData: { ImageId: 'ami-03cf127a', InstanceType: 't2.micro' },
    }),
  );
  const LaunchTemplateSpecification = { LaunchTemplateName: 'their-template', Version: '$Latest' };
  await make('legacy-web-v012', {
    LaunchConfigurationName: 'old-lc',
    Tags: [{ Key: 'spinnaker:application', Value: 'legacy', PropagateAtLaunch: true }],
  });
  await make('mixed', {
    MixedInstancesPolicy: {
      LaunchTemplate: { LaunchTemplateSpecification, Overrides: [{ InstanceType: 't3.micro' }] },
    },
    Tags: [{ Key: 'ManagedBy', Value: 'terraform' }],
  });
  await make('shop-web-v004', { LaunchTemplate: LaunchTemplateSpecification });
  await make('shop-web-v006', {
    LaunchTemplate: LaunchTemplateSpecification,
    Tags: tagList({ [TAGS.cluster]: 'shop-tagged', [TAGS.artifactDigest]: bench.artifacts[0].digest }),
  });
  return makeBalancer();
}

/** An HTTPS listener with a default that signs people in, and a rule of its own for a group of theirs. */
async function makeBalancer() {
  const { elb, ec2, autoScaling } = aws();
  await ec2.send(new CreateSecurityGroupCommand({ GroupName: 'legacy-sg', Description: 'theirs' }));
  const { LoadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({
      Name: 'legacy-front',
      Subnets: subnets(),
      Tags: tagList({ owner: 'x' }),
    }),
  );
  const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn ?? '';
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: 'legacy',
      Protocol: 'HTTP',
      Port: 80,
      VpcId: LoadBalancers?.[0]?.VpcId,
      TargetType: 'instance',
    }),
  );
  const targetGroup = TargetGroups?.[0]?.TargetGroupArn ?? '';
  await autoScaling.send(
    new AttachLoadBalancerTargetGroupsCommand({
      AutoScalingGroupName: 'legacy-web-v012',
      TargetGroupARNs: [targetGroup],
    }),
  );
  const signIn: Action = {
    Type: 'authenticate-oidc',
    Order: 1,
    AuthenticateOidcConfig: {
      Issuer: 'https://sign.in',
      AuthorizationEndpoint: 'https://sign.in/a',
      TokenEndpoint: 'https://sign.in/t',
      UserInfoEndpoint: 'https://sign.in/u',
      ClientId: 'c',
      ClientSecret: 's',
    },
  };
  const forward: Action = { Type: 'forward', TargetGroupArn: targetGroup };
  const { Listeners } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn,
      Protocol: 'HTTPS',
      Port: 443,
      Certificates: [{ CertificateArn: certificate }],
      DefaultActions: [signIn, { ...forward, Order: 2 }],
    }),
  );
  const listener = Listeners?.[0]?.ListenerArn ?? '';
  const rule = async (Priority: number, host: string, action: Action) => {
    const { Rules } = await elb.send(
      new CreateRuleCommand({
        ListenerArn: listener,
        Priority,
        Conditions: [{ Field: 'host-header', Values: [host] }],
        Actions: [action],
      }),
    );
    return Rules?.[0]?.RuleArn ?? '';
  };
  const notFound: Action = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } };
  return {
    targetGroup,
    listener,
    theirRule: await rule(10, 'legacy.example.com', forward),
    ourRule: await rule(20, 'shop.example.com', notFound),
  };
}

/** The same account, let to use these of their routes. */
function using(routes: Readonly<Record<string, string>>): Provider {
  const [region] = bench.config.regions;
  const named = Object.entries(routes).map(([loadBalancer, arn]) => ({ loadBalancer, arn }));
  return createAwsProvider(
    ACCOUNT,
    awsConfigSchema.parse({ ...bench.config, regions: [{ ...region, routes: named }] }),
  );
}

describe('groups of others', () => {
  it('are seen with who keeps them, whatever they launch from', async () => {
    const seen = inventorySchema.parse(await bench.provider.describe());
    const group = (name: string) => seen.serverGroups.find((one) => one.name === name);
    expect(group('legacy-web-v012')).toMatchObject({
      application: 'legacy',
      cluster: 'legacy-web',
      sequence: 12,
      artifact: { version: 'ami-03cf127a' },
      managedBy: { kind: 'Spinnaker', name: 'legacy' },
      loadBalancers: ['legacy-front'],
      traffic: 1,
    });
    expect(group('mixed')).toMatchObject({ managedBy: { kind: 'Terraform', name: 'mixed' } });
    expect(group('shop-web-v004')).toMatchObject({
      cluster: 'shop-web',
      managedBy: { kind: 'Auto Scaling group', name: 'shop-web-v004' },
    });
    expect(seen.loadBalancers.find(({ name }) => name === 'legacy-front')).toMatchObject({
      application: 'legacy',
      url: expect.stringMatching(/^https:/),
      targets: [{ serverGroup: 'legacy-web-v012', weight: 1 }],
    });
    expect(seen.firewalls.find(({ name }) => name === 'legacy-sg')).toMatchObject({ application: 'legacy' });
  });

  it('stand in a cluster beside ours, so that their numbers are not given again', async () => {
    const { provider, artifacts } = bench;
    const place = { account: ACCOUNT, region: REGION, application: 'shop', cluster: 'shop-web' };
    await provider.createServerGroup(operation(), {
      ...place,
      name: 'shop-web-v005',
      artifact: artifacts[0],
      capacity: { min: 0, desired: 1, max: 1 },
      config: {},
      loadBalancers: [],
      enabled: true,
    });
    expect((await provider.describeCluster(place)).map(({ name }) => name)).toEqual(['shop-web-v005']);
    expect(await provider.takenSequences?.(place)).toEqual([4, 6]);
    const { serverGroups } = await provider.describe();
    const seen = serverGroups.filter(({ cluster }) => cluster === 'shop-web');
    expect(seen.map(({ name, managedBy }) => [name, managedBy?.kind])).toEqual([
      ['shop-web-v004', 'Auto Scaling group'],
      ['shop-web-v006', 'Auto Scaling group'],
      ['shop-web-v005', undefined],
    ]);
  });

  it.each([
    ['legacy-web-v012', 'Spinnaker legacy keeps legacy-web-v012 in eu-west-1, not Signalbox.'],
    ['mixed', 'Terraform keeps mixed in eu-west-1, not Signalbox.'],
    ['shop-web-v006', 'shop-web-v006 in eu-west-1 was made outside Signalbox.'],
  ])('are refused to every verb, with who keeps %s', async (name, said) => {
    const { provider } = bench;
    const ref = { region: REGION, name };
    const from = bench.proxy.calls.length;
    const capacity = { min: 0, desired: 0, max: 0 };
    const refused = { code: 'conflict', message: expect.stringContaining(said) };
    await expect(provider.resizeServerGroup(operation(), ref, capacity)).rejects.toMatchObject(refused);
    await expect(provider.disableServerGroup(operation(), ref)).rejects.toMatchObject(refused);
    await expect(provider.enableServerGroup(operation(), ref)).rejects.toMatchObject(refused);
    await expect(provider.terminateInstance(operation(), ref, 'i-0')).rejects.toMatchObject(refused);
    await provider.destroyServerGroup(operation(), ref);
    const writes = bench.proxy.calls.slice(from).filter(({ action }) => !action.startsWith('Describe'));
    expect(writes).toEqual([]);
  });

  it('stay theirs with our tags on them, as long as the mark is not there that the policy asks for', async () => {
    const place = { account: ACCOUNT, region: REGION, application: 'shop', cluster: 'shop-tagged' };
    expect(await bench.provider.describeCluster(place)).toEqual([]);
    const { serverGroups } = await bench.provider.describe();
    expect(serverGroups.find(({ name }) => name === 'shop-web-v006')?.managedBy).toBeDefined();
  });
});

describe('a route of others', () => {
  const group = (version: string, loadBalancer: string, enabled: boolean) => ({
    region: REGION,
    application: 'route',
    cluster: `route-${loadBalancer}`,
    name: `route-${loadBalancer}-${version}`,
    artifact: bench.artifacts[0],
    capacity: { min: 0, desired: 1, max: 1 },
    config: {},
    loadBalancers: [loadBalancer],
    enabled,
  });
  const listenerNow = async () =>
    (await aws().elb.send(new DescribeListenersCommand({ ListenerArns: [theirs.listener] }))).Listeners?.[0];
  const ruleNow = async (arn: string) =>
    (await aws().elb.send(new DescribeRulesCommand({ RuleArns: [arn] }))).Rules?.[0];

  it('that is a rule takes our weights, and nothing beside it changes', async () => {
    const provider = using({ front: theirs.ourRule });
    const before = [await listenerNow(), await ruleNow(theirs.theirRule)];
    const conditions = (await ruleNow(theirs.ourRule))?.Conditions;
    const balancer = await provider.upsertLoadBalancer(operation(), {
      region: REGION,
      name: 'front',
      application: 'route',
    });
    expect(balancer).toMatchObject({ application: 'route', url: 'https://shop.example.com', targets: [] });
    const [old, fresh] = [group('v000', 'front', true), group('v001', 'front', false)];
    await provider.createServerGroup(operation(), old);
    await provider.createServerGroup(operation(), fresh);
    await provider.enableServerGroup(operation(), fresh);
    const target = { region: REGION, name: 'front' };
    await provider.setWeights(operation(), target, { [old.name]: 9, [fresh.name]: 1 });
    const seen = await provider.describeCluster({ account: ACCOUNT, ...old });
    expect(seen.map(({ traffic }) => traffic)).toEqual([0.9, 0.1]);
    expect((await provider.describe()).loadBalancers.find(({ name }) => name === 'front')?.targets).toEqual([
      { serverGroup: old.name, weight: 0.9 },
      { serverGroup: fresh.name, weight: 0.1 },
    ]);
    expect((await ruleNow(theirs.ourRule))?.Conditions).toEqual(conditions);
    expect([await listenerNow(), await ruleNow(theirs.theirRule)]).toEqual(before);
  });

  it('that is a listener keeps its sign-in, and the part of the target groups of others', async () => {
    const provider = using({ main: theirs.listener });
    await provider.upsertLoadBalancer(operation(), { region: REGION, name: 'main', application: 'route' });
    const [old, fresh] = [group('v000', 'main', true), group('v001', 'main', false)];
    await provider.createServerGroup(operation(), old);
    await provider.createServerGroup(operation(), fresh);
    await provider.enableServerGroup(operation(), fresh);
    await provider.setWeights(
      operation(),
      { region: REGION, name: 'main' },
      { [old.name]: 3, [fresh.name]: 1 },
    );
    const now = (await listenerNow())?.DefaultActions ?? [];
    expect(now.map(({ Type }) => Type)).toEqual(['authenticate-oidc', 'forward']);
    const written = bench.proxy.calls.findLast(({ action }) => action === 'ModifyListener')?.parameters;
    expect(written?.get('DefaultActions.member.1.AuthenticateOidcConfig.UseExistingClientSecret')).toBe(
      'true',
    );
    const weights = now[1]?.ForwardConfig?.TargetGroups ?? [];
    const total = weights.reduce((sum, { Weight }) => sum + (Weight ?? 0), 0);
    expect(weights.find(({ TargetGroupArn }) => TargetGroupArn === theirs.targetGroup)?.Weight).toBe(
      total / 2,
    );
    for (const one of [old, fresh]) await provider.destroyServerGroup(operation(), one);
    const after = (await listenerNow())?.DefaultActions?.[1]?.ForwardConfig?.TargetGroups ?? [];
    expect(after.map(({ TargetGroupArn }) => TargetGroupArn)).toEqual([theirs.targetGroup]);
  });

  it('that has gone is named when a deploy needs it', async () => {
    const provider = using({ gone: `${theirs.listener}gone` });
    const spec = { region: REGION, name: 'gone', application: 'route' };
    await expect(provider.upsertLoadBalancer(operation(), spec)).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('no such listener or rule'),
    });
    expect((await provider.describe()).loadBalancers.map(({ name }) => name)).not.toContain('gone');
  });
});

describe('a load balancer', () => {
  it('sends to five target groups at most, and the sixth is refused before anything is made of it', async () => {
    const { provider, artifacts } = bench;
    const { name } = await provider.upsertLoadBalancer(operation(), {
      region: REGION,
      name: 'crowd',
      application: 'crowd',
    });
    const group = (sequence: number) => ({
      region: REGION,
      application: 'crowd',
      cluster: 'crowd',
      name: `crowd-v00${sequence}`,
      artifact: artifacts[0],
      capacity: { min: 0, desired: 1, max: 1 },
      config: {},
      loadBalancers: [name],
      enabled: true,
    });
    for (let sequence = 0; sequence < 5; sequence++)
      await provider.createServerGroup(operation(), group(sequence));
    const refused = {
      code: 'conflict',
      message:
        'crowd can send to 5 target groups at most, and 6 would get requests. Disable a server group first.',
    };
    await expect(provider.createServerGroup(operation(), group(5))).rejects.toMatchObject(refused);
    const waiting = { ...group(6), enabled: false };
    await provider.createServerGroup(operation(), waiting);
    await expect(provider.enableServerGroup(operation(), waiting)).rejects.toMatchObject(refused);
    await provider.disableServerGroup(operation(), group(0));
    await provider.enableServerGroup(operation(), waiting);
    const seen = await provider.describeCluster({ account: ACCOUNT, ...group(0) });
    expect(seen.map(({ enabled }) => enabled)).toEqual([false, true, true, true, true, true]);
  });

  it('speaks HTTPS once there is a certificate, and sends whoever comes without there', async () => {
    const [region] = bench.config.regions;
    const spec = { region: REGION, name: 'secure', application: 'secure' };
    await bench.provider.upsertLoadBalancer(operation(), spec);
    const group = {
      region: REGION,
      application: 'secure',
      cluster: 'secure',
      name: 'secure-v000',
      artifact: bench.artifacts[0],
      capacity: { min: 0, desired: 1, max: 1 },
      config: {},
      loadBalancers: ['secure'],
      enabled: true,
    };
    await bench.provider.createServerGroup(operation(), group);
    const provider = createAwsProvider(
      ACCOUNT,
      awsConfigSchema.parse({ ...bench.config, regions: [{ ...region, certificateArn: certificate }] }),
    );
    for (let time = 0; time < 2; time++) {
      const balancer = await provider.upsertLoadBalancer(operation(), spec);
      expect(balancer).toMatchObject({
        url: expect.stringMatching(/^https:/),
        targets: [{ serverGroup: 'secure-v000', weight: 1 }],
      });
    }
    const created = bench.proxy.calls.filter(({ action }) => action === 'CreateListener').at(-1);
    expect(created?.parameters.get('Certificates.member.1.CertificateArn')).toBe(certificate);
    const redirected = bench.proxy.calls.filter(({ action }) => action === 'ModifyListener').at(-1);
    expect(redirected?.parameters.get('DefaultActions.member.1.Type')).toBe('redirect');
  });
});
