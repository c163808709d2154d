import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  DescribeTargetGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stages } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { Worker } from '@/server/engine/run-worker';
import { ended, executionRow, pipeline, stage, start } from '@/server/engine/testing/harness';
import { environment } from '@/server/engine/testing/platform';
import { runTestWorker } from '@/server/engine/testing/worker';
import { clientsOf } from '@/server/providers/aws/client/clients';
import { ACCOUNT, type AwsBench, makeAwsAccount, REGION } from '@/server/providers/aws/testing/fixture';
import { operation } from '@/server/providers/contract-support';

/** Deploys by the real engine where rules of somebody else send to a target group of ours. */

const database = await testDatabase();
const PATIENCE_MS = 180_000;

let bench: AwsBench;
let worker: Worker;
beforeAll(async () => {
  bench = await makeAwsAccount(database);
  worker = await runTestWorker(database);
});
afterAll(async () => {
  await worker?.stop();
  await bench?.stop();
});

function elb() {
  return clientsOf(bench.config, REGION).elb;
}

async function targetGroupsOf(cluster: string) {
  const { TargetGroups = [] } = await elb().send(new DescribeTargetGroupsCommand({}));
  return TargetGroups.filter(({ TargetGroupName }) => TargetGroupName?.startsWith(`${cluster}-v`));
}

/** Their load balancer, with a rule that sends to the target group. */
async function pointAt(name: string, TargetGroupArn: string | undefined): Promise<void> {
  const Subnets = [...(bench.config.regions[0]?.subnets ?? [])];
  const { LoadBalancers } = await elb().send(new CreateLoadBalancerCommand({ Name: name, Subnets }));
  const { Listeners } = await elb().send(
    new CreateListenerCommand({
      LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
      Protocol: 'HTTP',
      Port: 8443,
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    }),
  );
  await elb().send(
    new CreateRuleCommand({
      ListenerArn: Listeners?.[0]?.ListenerArn,
      Priority: 7,
      Conditions: [{ Field: 'host-header', Values: ['partner.example.com'] }],
      Actions: [{ Type: 'forward', TargetGroupArn }],
    }),
  );
}

async function begun(name: string) {
  const cluster = await environment(database, name, {
    account: ACCOUNT,
    regions: [REGION],
    capacity: { min: 1, desired: 1, max: 2 },
    artifact: bench.artifacts[0].name,
  });
  const deployed = async (artifact: ArtifactRef, strategy: string, options: object = {}) => {
    const definition = pipeline(stage('deploy', 'deploy', { environment: name, strategy, options }));
    const id = await start(database, definition, { artifact, environment: name });
    const status = await ended(database, id, PATIENCE_MS);
    expect({ status, error: (await executionRow(database, id)).error }).toEqual({
      status: 'succeeded',
      error: null,
    });
    return id;
  };
  const ref = { account: ACCOUNT, region: REGION, application: 'shop', cluster };
  const groups = async () =>
    (await bench.provider.describeCluster(ref)).map((group) => [
      group.name.slice(-4),
      group.enabled,
      group.traffic,
    ]);
  return { cluster, deployed, groups };
}

/** What the removals of the execution say that did not succeed. */
async function complaints(executionId: string): Promise<string[]> {
  const rows = await database.db.select().from(stages).where(eq(stages.executionId, executionId));
  const removals = rows.filter(({ type, status }) => type === 'destroyServerGroup' && status !== 'succeeded');
  return removals.map(({ error }) => JSON.stringify(error));
}

describe('a target group that a rule of others sends to', { timeout: 2 * PATIENCE_MS }, () => {
  it.each([
    ['highlander', {}],
    ['redblack', { keep: 1 }],
  ])(
    'stays when %s removes its group, is named with the rule, and holds up no deploy',
    async (strategy, options) => {
      const { cluster, deployed, groups } = await begun(strategy);
      await deployed(bench.artifacts[0], 'redblack');
      const [used] = await targetGroupsOf(cluster);
      await pointAt(`partner-${strategy}`, used?.TargetGroupArn);
      const id = await deployed(bench.artifacts[1], strategy, options);
      expect(await groups()).toEqual([['v001', true, 1]]);
      const told = await complaints(id);
      expect(told).toHaveLength(1);
      expect(told[0]).toContain(
        `Its target group ${used?.TargetGroupName} stays, because rule 7 (host-header partner.example.com)`,
      );
      expect(told[0]).toContain(
        `the listener on port 8443 of the load balancer partner-${strategy} forwards to it`,
      );
      expect((await targetGroupsOf(cluster)).map(({ TargetGroupArn }) => TargetGroupArn)).toContain(
        used?.TargetGroupArn,
      );
      expect(await complaints(await deployed(bench.artifacts[0], strategy, options))).toEqual([]);
      expect(await groups()).toEqual([['v002', true, 1]]);
    },
  );

  it('is told to whoever removes the group by hand, once the group has gone', async () => {
    const { cluster, deployed, groups } = await begun('byhand');
    await deployed(bench.artifacts[0], 'redblack');
    const [used] = await targetGroupsOf(cluster);
    await pointAt('partner-byhand', used?.TargetGroupArn);
    const removal = { region: REGION, name: `${cluster}-v000` };
    await expect(bench.provider.destroyServerGroup(operation(), removal)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('is removed, and something of it stays'),
    });
    await expect.poll(groups).toEqual([]);
    await bench.provider.destroyServerGroup(operation(), removal);
  });
});
