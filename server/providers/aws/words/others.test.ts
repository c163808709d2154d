import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { describe, expect, it } from 'vitest';
import { missingCount } from '@/server/providers/aws/words/activities';
import { othersFirewallOf } from '@/server/providers/aws/words/firewall-of';
import { keeperOf, monikerOf } from '@/server/providers/aws/words/keeper-of';
import { othersGroupOf } from '@/server/providers/aws/words/others-group-of';
import type { Surroundings } from '@/server/providers/aws/words/server-group-of';
import { tagList } from '@/server/providers/aws/words/tags';

const around: Surroundings = {
  machines: new Map(),
  health: new Map(),
  shares: new Map(),
  balancers: new Map(),
  balancerIds: new Map(),
  images: new Map(),
  activities: new Map(),
};
const bare: AutoScalingGroup = {
  AutoScalingGroupName: 'shop-web-v007',
  MinSize: 1,
  MaxSize: 3,
  DesiredCapacity: 2,
  DefaultCooldown: 0,
  AvailabilityZones: [],
  HealthCheckType: 'EC2',
  CreatedTime: new Date(0),
};

describe('who keeps what is not ours', () => {
  it.each([
    [{ 'aws:cloudformation:stack-name': 'shop-stack' }, { kind: 'CloudFormation stack', name: 'shop-stack' }],
    [{ 'spinnaker:application': 'shop' }, { kind: 'Spinnaker', name: 'shop' }],
    [{ 'eks:nodegroup-name': 'nodes' }, { kind: 'EKS node group', name: 'nodes' }],
    [{ AmazonECSManaged: 'true' }, { kind: 'ECS', name: 'g' }],
    [{ ManagedBy: 'terraform' }, { kind: 'Terraform', name: 'g' }],
    [{ Terraform: 'true' }, { kind: 'Terraform', name: 'g' }],
    [{ 'managed-by': 'pulumi' }, { kind: 'pulumi', name: 'g' }],
    [{}, { kind: 'Auto Scaling group', name: 'g' }],
  ])('by %o is said', (tags, keeper) => {
    expect(keeperOf('Auto Scaling group', 'g', tags)).toEqual(keeper);
  });

  it.each([
    ['shop-web-v007', {}, { application: 'shop', cluster: 'shop-web', sequence: 7 }],
    ['stack-WebGroup-1A2B', {}, { application: 'stack', cluster: 'stack-WebGroup-1A2B', sequence: null }],
    ['no name: at all', {}, { application: 'no name: at all', cluster: 'no name: at all', sequence: null }],
    ['x-v001', { app: 'shop' }, { application: 'shop', cluster: 'x', sequence: 1 }],
    ['x', { 'spinnaker:application': 'a', 'spinnaker:cluster': 'a-b' }, { application: 'a', cluster: 'a-b' }],
  ])('%s belongs where its tags or its name say', (name, tags: Record<string, string>, moniker) => {
    expect(monikerOf(name, tags)).toMatchObject(moniker);
  });
});

describe('a group of others', () => {
  it.each([
    ['a launch configuration', { LaunchConfigurationName: 'lc-1' }, ['lc-1', '–']],
    ['a template', { LaunchTemplate: { LaunchTemplateName: 't', Version: '$Latest' } }, ['t', '$Latest']],
    [
      'mixed instances',
      {
        MixedInstancesPolicy: {
          LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', Version: '4' } },
        },
      },
      ['lt-1', '4'],
    ],
    ['nothing that is known', {}, ['nothing to launch from', '–']],
  ])('with %s is shown, and says who keeps it', (_name, more: Partial<AutoScalingGroup>, [name, version]) => {
    const seen = othersGroupOf('cloud', 'eu-west-1', { ...bare, ...more }, around);
    expect(seen).toMatchObject({
      application: 'shop',
      cluster: 'shop-web',
      artifact: { name, version },
      enabled: true,
      managedBy: { kind: 'Auto Scaling group', name: 'shop-web-v007' },
    });
  });

  it('runs the image of most of its machines', () => {
    const Instances = ['i-1', 'i-2', 'i-3'].map((InstanceId) => ({
      InstanceId,
      AvailabilityZone: 'a',
      LifecycleState: 'InService' as const,
      HealthStatus: 'Healthy',
      ProtectedFromScaleIn: false,
    }));
    const machines = new Map([
      ['i-1', { ImageId: 'ami-old' }],
      ['i-2', { ImageId: 'ami-new' }],
      ['i-3', { ImageId: 'ami-new' }],
    ]);
    const images = new Map([['ami-new', 'shop-2.0']]);
    const seen = othersGroupOf('cloud', 'eu', { ...bare, Instances }, { ...around, machines, images });
    expect(seen.artifact).toMatchObject({ name: 'shop-2.0', version: 'ami-new' });
    expect(seen.instances.map(({ health }) => health)).toEqual(['healthy', 'healthy', 'healthy']);
  });

  it('that Spinnaker disabled is disabled, and its instances are not waited for', () => {
    const SuspendedProcesses = [{ ProcessName: 'AddToLoadBalancer' }];
    const seen = othersGroupOf(
      'cloud',
      'eu',
      { ...bare, SuspendedProcesses, TargetGroupARNs: ['x'] },
      around,
    );
    expect(seen).toMatchObject({ enabled: false, traffic: 0 });
  });

  it('of instances with weights lacks units, and not instances', () => {
    const member = (WeightedCapacity: string) => ({
      InstanceId: 'i',
      AvailabilityZone: 'a',
      LifecycleState: 'InService' as const,
      HealthStatus: 'Healthy',
      ProtectedFromScaleIn: false,
      WeightedCapacity,
    });
    expect(missingCount({ ...bare, DesiredCapacity: 8, Instances: [member('4'), member('3')] })).toBe(1);
  });
});

it('a security group of others is of who uses it, unless it says another', () => {
  const group = { GroupId: 'sg-1', GroupName: 'web', Tags: [] };
  expect(othersFirewallOf('cloud', 'eu', group, 'shop').application).toBe('shop');
  expect(othersFirewallOf('cloud', 'eu', group, null).application).toBe('web');
  const tagged = { ...group, Tags: tagList({ application: 'billing' }) };
  expect(othersFirewallOf('cloud', 'eu', tagged, 'shop').application).toBe('billing');
});
