import {
  AttachLoadBalancerTargetGroupsCommand,
  CreateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand } from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accounts } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { ArtifactRef } from '@/server/domain/inventory';
import { requestCancel } from '@/server/engine/enqueue';
import type { Worker } from '@/server/engine/run-worker';
import { ended, executionRow, pipeline, stage, start, statuses } from '@/server/engine/testing/harness';
import { environment } from '@/server/engine/testing/platform';
import { runTestWorker } from '@/server/engine/testing/worker';
import { createAwsProvider } from '@/server/providers/aws/adapter';
import { clientsOf } from '@/server/providers/aws/client/clients';
import { awsConfigSchema } from '@/server/providers/aws/config';
import { ACCOUNT, type AwsBench, makeAwsBench, REGION } from '@/server/providers/aws/testing/fixture';
import { forwarded, sharesIn } from '@/server/providers/aws/words/forward';
import { TAGS, tagList, tagsOf } from '@/server/providers/aws/words/tags';
import type { Provider } from '@/server/providers/provider';

/** Deploys by the real engine behind rules that also send to a target group of somebody else. */

const database = await testDatabase();
const PATIENCE_MS = 180_000;
const NAMES = ['canary', 'canceled', 'refused', 'back'] as const;
type Name = (typeof NAMES)[number];

let bench: AwsBench;
let worker: Worker;
let provider: Provider;
let theirs: Awaited<ReturnType<typeof makeTheirs>>;
beforeAll(async () => {
  bench = await makeAwsBench();
  theirs = await makeTheirs();
  const routes = NAMES.map((name) => ({ loadBalancer: `shop-${name}`, arn: theirs.rules[name] }));
  const [region] = bench.config.regions;
  const config = awsConfigSchema.parse({ ...bench.config, regions: [{ ...region, routes }] });
  provider = createAwsProvider(ACCOUNT, config);
  await database.db
    .insert(accounts)
    .values({ name: ACCOUNT, provider: 'aws', config: { ...config, regions: [...config.regions] } });
  worker = await runTestWorker(database);
});
afterAll(async () => {
  await worker?.stop();
  await bench?.stop();
});

function aws() {
  return clientsOf(bench.config, REGION);
}

/** Their group behind their load balancer, with a rule for each test that sends it everything. */
async function makeTheirs() {
  const { elb, ec2, autoScaling } = aws();
  const Subnets = [...(bench.config.regions[0]?.subnets ?? [])];
  const { LoadBalancers } = await elb.send(new CreateLoadBalancerCommand({ Name: 'corp', Subnets }));
  const [balancer] = LoadBalancers ?? [];
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({ Name: 'corp-tg', Protocol: 'HTTP', Port: 80, VpcId: balancer?.VpcId }),
  );
  const targetGroup = TargetGroups?.[0]?.TargetGroupArn ?? '';
  const launched = { ImageId: 'ami-03cf127a', InstanceType: 't2.micro' as const };
  await ec2.send(
    new CreateLaunchTemplateCommand({ LaunchTemplateName: 'corp', LaunchTemplateData: launched }),
  );
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: 'corp',
      MinSize: 1,
      MaxSize: 1,
      DesiredCapacity: 1,
      VPCZoneIdentifier: Subnets[0],
      LaunchTemplate: { LaunchTemplateName: 'corp', Version: '$Latest' },
    }),
  );
  await autoScaling.send(
    new AttachLoadBalancerTargetGroupsCommand({
      AutoScalingGroupName: 'corp',
      TargetGroupARNs: [targetGroup],
    }),
  );
  const forward = {
    Type: 'forward' as const,
    ForwardConfig: { TargetGroups: [{ TargetGroupArn: targetGroup, Weight: 100 }] },
  };
  const { Listeners } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: balancer?.LoadBalancerArn,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [forward],
    }),
  );
  const ruleOf = async (name: string, Priority: number) => {
    const { Rules } = await elb.send(
      new CreateRuleCommand({
        ListenerArn: Listeners?.[0]?.ListenerArn,
        Priority,
        Conditions: [{ Field: 'host-header', Values: [`${name}.example.com`] }],
        Actions: [forward],
        Tags: tagList({ [TAGS.managed]: 'true' }),
      }),
    );
    return Rules?.[0]?.RuleArn ?? '';
  };
  const rules = {
    canary: await ruleOf('canary', 10),
    canceled: await ruleOf('canceled', 20),
    refused: await ruleOf('refused', 30),
    back: await ruleOf('back', 40),
  };
  return { targetGroup, rules };
}

/** The environment of one test, with version 1 serving beside them. */
async function begun(name: Name) {
  const capacity = { min: 1, desired: 1, max: 4 };
  const artifact = bench.artifacts[0].name;
  const place = { account: ACCOUNT, regions: [REGION], capacity, artifact };
  const cluster = await environment(database, name, place);
  const deploy = (version: ArtifactRef, strategy: string, options: object = {}) =>
    start(database, pipeline(stage('deploy', 'deploy', { environment: name, strategy, options })), {
      artifact: version,
      environment: name,
    });
  const outcome = async (id: string) => {
    const status = await ended(database, id, PATIENCE_MS);
    return { status, error: (await executionRow(database, id)).error };
  };
  expect(await outcome(await deploy(bench.artifacts[0], 'redblack'))).toEqual(WELL);
  const from = bench.proxy.calls.length;
  const ref = { account: ACCOUNT, region: REGION, application: 'shop', cluster };
  const groups = async () =>
    (await provider.describeCluster(ref)).map((group) => [
      group.name.slice(-4),
      group.enabled,
      Math.round(group.traffic * 1_000) / 10,
    ]);
  return { cluster, deploy, outcome, groups, written: () => partsWritten(from) };
}

const WELL = { status: 'succeeded', error: null };

/** What the writes of a rule said: their part first, then those of ours, in percent. */
function partsWritten(from: number): number[][] {
  const writes = bench.proxy.calls.slice(from).filter(({ action, status }) => {
    return action === 'ModifyRule' && status < 300;
  });
  return writes.map(({ parameters }) => {
    const weights = new Map<string, number>();
    for (const [key, arn] of parameters)
      if (key.endsWith('.TargetGroupArn'))
        weights.set(arn, Number(parameters.get(key.replace(/TargetGroupArn$/, 'Weight'))));
    const parts = sharesIn(weights);
    const ours = [...parts].filter(([arn]) => arn !== theirs.targetGroup).map(([, part]) => part);
    return [parts.get(theirs.targetGroup) ?? 0, ...ours].map((part) => Math.round(part * 1_000) / 10);
  });
}

async function partOfTheirs(name: Name): Promise<number | undefined> {
  const { Rules } = await aws().elb.send(new DescribeRulesCommand({ RuleArns: [theirs.rules[name]] }));
  return sharesIn(forwarded(Rules?.[0]?.Actions ?? [])).get(theirs.targetGroup);
}

/** How many of ours have a weight noted on the rule. */
async function weightsNoted(name: Name): Promise<number> {
  const asked = new DescribeTagsCommand({ ResourceArns: [theirs.rules[name]] });
  const { TagDescriptions } = await aws().elb.send(asked);
  const noted = tagsOf(TagDescriptions?.[0]?.Tags)[TAGS.weights] ?? '';
  return noted === '' ? 0 : noted.split(' ').length;
}

describe('behind a rule that also sends to others', { timeout: 2 * PATIENCE_MS }, () => {
  it('a canary takes its steps within our half, and theirs stays theirs', async () => {
    const { deploy, outcome, groups, written } = await begun('canary');
    const steps = [{ weight: 10 }, { weight: 50 }];
    expect(await outcome(await deploy(bench.artifacts[1], 'canary', { steps }))).toEqual(WELL);
    expect(await groups()).toEqual([
      ['v000', false, 0],
      ['v001', true, 50],
    ]);
    const moved = written().filter((parts) => parts.length !== 3 || parts[2] !== 0);
    expect(moved).toEqual([
      [50, 45, 5],
      [50, 25, 25],
      [50, 0, 50],
      [50, 50],
    ]);
    expect(written().map(([part]) => part)).toEqual(written().map(() => 50));
    expect(await partOfTheirs('canary')).toBe(0.5);
  });

  it('a canary that is called off gives the old version all of ours back', async () => {
    const { deploy, outcome, groups, written } = await begun('canceled');
    const steps = [{ weight: 10, judgment: true }, { weight: 50 }];
    const id = await deploy(bench.artifacts[1], 'canary', { steps });
    const gate = `deploy.${REGION}-4-manualJudgment`;
    await expect
      .poll(async () => (await statuses(database, id))[gate], { timeout: PATIENCE_MS })
      .toBe('running');
    expect(await groups()).toEqual([
      ['v000', true, 45],
      ['v001', true, 5],
    ]);
    await database.db.transaction((tx) => requestCancel(tx, id, 'Ada', null));
    expect((await outcome(id)).status).toBe('canceled');
    await expect.poll(groups, { timeout: PATIENCE_MS }).toEqual([
      ['v000', true, 50],
      ['v001', false, 0],
    ]);
    expect(written().map(([part]) => part)).toEqual(written().map(() => 50));
    expect(await weightsNoted('canceled')).toBe(1);
  });

  it('a canary that never comes into traffic leaves no weight behind', async () => {
    const { deploy, outcome, groups, written } = await begun('refused');
    bench.proxy.refuse('AttachLoadBalancerTargetGroups', { code: 'AccessDenied', message: 'not authorized' });
    const id = await deploy(bench.artifacts[1], 'canary', { steps: [{ weight: 10 }] });
    expect((await outcome(id)).status).toBe('errored');
    bench.proxy.refuse('AttachLoadBalancerTargetGroups', null);
    expect(await groups()).toEqual([
      ['v000', true, 50],
      ['v001', false, 0],
    ]);
    expect(written().filter((parts) => parts[0] !== 50)).toEqual([]);
    expect(await weightsNoted('refused')).toBe(1);
  });

  it('a rollback gives the old version all of ours', async () => {
    const { deploy, outcome, groups, written } = await begun('back');
    expect(await outcome(await deploy(bench.artifacts[1], 'redblack'))).toEqual(WELL);
    const rollback = pipeline(stage('back', 'rollbackCluster', { environment: 'back' }));
    expect(await outcome(await start(database, rollback))).toEqual(WELL);
    expect(await groups()).toEqual([
      ['v000', true, 50],
      ['v001', false, 0],
    ]);
    expect(written().map(([part]) => part)).toEqual(written().map(() => 50));
  });
});
