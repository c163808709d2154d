import { DescribeLaunchTemplatesCommand, DescribeLaunchTemplateVersionsCommand } from '@aws-sdk/client-ec2';
import { DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serverGroupName } from '@/server/domain/naming';
import { createAwsProvider } from '@/server/providers/aws/adapter';
import { clientsOf } from '@/server/providers/aws/client/clients';
import { findGroup } from '@/server/providers/aws/read/groups';
import { imagesOf } from '@/server/providers/aws/read/images';
import { ACCOUNT, type AwsBench, makeAwsBench, REGION } from '@/server/providers/aws/testing/fixture';
import { Platform } from '@/server/providers/aws/verbs/platform';
import { operation } from '@/server/providers/contract-support';
import type { ServerGroupSpec } from '@/server/providers/provider';

/** Changes that end in the middle: refused half-way, or done without an answer. */

let bench: AwsBench;
beforeAll(async () => {
  bench = await makeAwsBench();
});
afterAll(() => bench?.stop());

let counter = 0;
let cluster = '';
let loadBalancer = '';
beforeEach(async () => {
  cluster = `halfway-c${counter++}`;
  const balancer = { region: REGION, name: `${cluster}-lb`, application: 'halfway' };
  loadBalancer = (await bench.provider.upsertLoadBalancer(operation(), balancer)).name;
});

function spec(sequence: number, more: Partial<ServerGroupSpec> = {}): ServerGroupSpec {
  return {
    region: REGION,
    application: 'halfway',
    cluster,
    name: serverGroupName(cluster, sequence),
    artifact: bench.artifacts[0],
    capacity: { min: 1, desired: 1, max: 2 },
    config: {},
    loadBalancers: [loadBalancer],
    enabled: true,
    ...more,
  };
}

async function seen() {
  const place = { account: ACCOUNT, region: REGION, application: 'halfway', cluster };
  return (await bench.provider.describeCluster(place)).map(({ name, artifact }) => [name, artifact?.version]);
}

async function templates(): Promise<(string | undefined)[]> {
  const Filters = [{ Name: 'tag:signalbox:cluster', Values: [cluster] }];
  const { ec2 } = clientsOf(bench.config, REGION);
  const { LaunchTemplates = [] } = await ec2.send(new DescribeLaunchTemplatesCommand({ Filters }));
  return LaunchTemplates.map(({ LaunchTemplateName }) => LaunchTemplateName);
}

async function targetGroups() {
  const { elb } = clientsOf(bench.config, REGION);
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
  return TargetGroups.filter(({ TargetGroupName }) => TargetGroupName?.startsWith(`${cluster}-v`));
}

function group(name: string) {
  return findGroup(new Platform(ACCOUNT, bench.config).region(REGION), name);
}

async function imageOf(LaunchTemplateName: string | undefined): Promise<string | undefined> {
  const { ec2 } = clientsOf(bench.config, REGION);
  const asked = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName, Versions: ['1'] });
  const { LaunchTemplateVersions = [] } = await ec2.send(asked);
  return LaunchTemplateVersions[0]?.LaunchTemplateData?.ImageId;
}

async function imageWith(version: string | undefined): Promise<string | undefined> {
  const artifact = bench.artifacts.find((one) => one.version === version);
  if (!artifact) throw new Error(`There is no image of ${version}.`);
  const [image] = await imagesOf(bench.config, clientsOf(bench.config, REGION), artifact);
  return image?.ImageId;
}

const QUOTA = {
  code: 'LimitExceeded',
  message: 'AutoScalingGroup limit exceeded: You have already created 200 groups',
};

describe('a creation that AWS refuses', () => {
  it('leaves nothing behind, and another one goes through', async () => {
    bench.proxy.refuse('CreateAutoScalingGroup', QUOTA);
    await expect(bench.provider.createServerGroup(operation(), spec(0))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(QUOTA.message),
    });
    bench.proxy.refuse('CreateAutoScalingGroup', null);
    expect(await templates()).toEqual([]);
    expect(await targetGroups()).toEqual([]);
    await bench.provider.createServerGroup(operation(), spec(0));
    expect(await seen()).toEqual([[spec(0).name, '1.0.0']]);
  });

  it('is followed by another one also when nothing could be cleaned up', async () => {
    const { proxy, provider } = bench;
    const denied = { code: 'UnauthorizedOperation', message: 'not authorized' };
    proxy.refuse('CreateAutoScalingGroup', QUOTA);
    proxy.refuse('DeleteLaunchTemplate', denied);
    proxy.refuse('DeleteTargetGroup', { code: 'AccessDenied', message: 'not authorized' });
    await expect(provider.createServerGroup(operation(), spec(0))).rejects.toThrow(QUOTA.message);
    for (const action of ['CreateAutoScalingGroup', 'DeleteLaunchTemplate', 'DeleteTargetGroup'])
      proxy.refuse(action, null);
    expect(await templates()).toHaveLength(1);
    expect(await targetGroups()).toHaveLength(1);
    // What instances listen on may have been the mistake.
    const corrected = createAwsProvider(ACCOUNT, { ...bench.config, port: 9090 });
    await corrected.createServerGroup(operation(), spec(0, { artifact: bench.artifacts[1] }));
    expect(await seen()).toEqual([[spec(0).name, '1.1.0']]);
    expect(await templates()).toEqual([(await group(spec(0).name))?.LaunchTemplate?.LaunchTemplateName]);
    expect((await targetGroups()).map(({ Port }) => Port)).toEqual([9090]);
    await provider.destroyServerGroup(operation(), spec(0));
    expect(await templates()).toEqual([]);
    expect(await targetGroups()).toEqual([]);
  });

  it('because two make the same group at once leaves the other one what it runs from', async () => {
    const { proxy, provider, artifacts } = bench;
    proxy.hold('CreateAutoScalingGroup', true);
    const making = artifacts.map((artifact) =>
      provider.createServerGroup(operation(), spec(0, { artifact })),
    );
    const ended = Promise.allSettled(making);
    try {
      await expect.poll(() => proxy.held('CreateAutoScalingGroup')).toBe(2);
    } finally {
      proxy.hold('CreateAutoScalingGroup', false);
    }
    expect((await ended).map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const template = (await group(spec(0).name))?.LaunchTemplate?.LaunchTemplateName;
    expect(await templates()).toEqual([template]);
    expect(await targetGroups()).toHaveLength(1);
    const [shown] = await seen();
    expect(await imageOf(template)).toBe(await imageWith(shown?.[1]));
  });
});

describe('a group that is taken out only in part', () => {
  it.each(['the same operation', 'another one'])('is taken out wholly by %s', async (by) => {
    const { provider, proxy } = bench;
    const [old, fresh] = [spec(0), spec(1)];
    await provider.createServerGroup(operation(), old);
    await provider.createServerGroup(operation(), fresh);
    const first = operation();
    proxy.refuse('SuspendProcesses', { code: 'ValidationError', message: 'not now' });
    await expect(provider.disableServerGroup(first, old)).rejects.toThrow('not now');
    proxy.refuse('SuspendProcesses', null);
    expect((await group(old.name))?.SuspendedProcesses).toEqual([]);
    const next = by === 'another one' ? operation() : { ...first, fence: 2 };
    await provider.disableServerGroup(next, old);
    expect((await group(old.name))?.SuspendedProcesses).toHaveLength(2);
  });
});

describe('an answer that is lost', () => {
  it.each([
    'CreateTargetGroup',
    'ModifyTargetGroupAttributes',
    'CreateLaunchTemplate',
    'CreateAutoScalingGroup',
    'CreateOrUpdateTags',
    'AttachLoadBalancerTargetGroups',
    'ModifyListener',
    'DetachLoadBalancerTargetGroups',
    'SuspendProcesses',
    'ResumeProcesses',
    'UpdateAutoScalingGroup',
    'DeleteTargetGroup',
    'DeleteLaunchTemplate',
    'DeleteAutoScalingGroup',
  ])('to %s changes nothing of what comes about', async (action) => {
    const { provider, proxy } = bench;
    const [old, fresh] = [spec(0), spec(1, { enabled: false })];
    await provider.createServerGroup(operation(), old);
    const from = proxy.calls.length;
    proxy.loseAnswer(action);
    await provider.createServerGroup(operation(), fresh);
    await provider.enableServerGroup(operation(), fresh);
    await provider.disableServerGroup(operation(), old);
    await provider.enableServerGroup(operation(), old);
    await provider.disableServerGroup(operation(), old);
    const disabled = await group(old.name);
    expect(disabled?.TargetGroupARNs).toEqual([]);
    expect(disabled?.SuspendedProcesses?.map(({ ProcessName }) => ProcessName).toSorted()).toEqual([
      'AlarmNotification',
      'ScheduledActions',
    ]);
    await provider.destroyServerGroup(operation(), old);
    expect(await seen()).toEqual([[fresh.name, '1.0.0']]);
    expect(await templates()).toHaveLength(1);
    expect(await targetGroups()).toHaveLength(1);
    expect(proxy.calls.slice(from).filter((call) => call.action === action).length).toBeGreaterThan(1);
  });
});
