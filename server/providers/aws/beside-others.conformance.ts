import { CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '@/db/test/database';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { Worker } from '@/server/engine/run-worker';
import { ended, executionRow, pipeline, stage, start } from '@/server/engine/testing/harness';
import { environment } from '@/server/engine/testing/platform';
import { runTestWorker } from '@/server/engine/testing/worker';
import { clientsOf } from '@/server/providers/aws/client/clients';
import { ACCOUNT, type AwsBench, makeAwsAccount, REGION } from '@/server/providers/aws/testing/fixture';
import { operation } from '@/server/providers/contract-support';

/** Deploys by the real engine into a cluster in which somebody has made a group by hand. */

const database = await testDatabase();
const PATIENCE_MS = 180_000;
const CASES: [strategy: string, options: object, left: string[]][] = [
  ['redblack', { keep: 1 }, ['v002']],
  ['highlander', {}, ['v002']],
  ['canary', { steps: [{ weight: 50 }] }, ['v001', 'v002']],
];

let bench: AwsBench;
let worker: Worker;
beforeAll(async () => {
  bench = await makeAwsAccount(database);
  await clientsOf(bench.config, REGION).ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'their-template',
      LaunchTemplateData: { ImageId: 'ami-03cf127a', InstanceType: 't2.micro' },
    }),
  );
  // What others make later is known with the next look at everything.
  for (const [strategy] of CASES) await makeByHand(`shop-${strategy}-v000`);
  worker = await runTestWorker(database);
});
afterAll(async () => {
  await worker?.stop();
  await bench?.stop();
});

async function makeByHand(AutoScalingGroupName: string): Promise<void> {
  await clientsOf(bench.config, REGION).autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName,
      MinSize: 1,
      MaxSize: 1,
      DesiredCapacity: 1,
      VPCZoneIdentifier: bench.config.regions[0]?.subnets[0],
      LaunchTemplate: { LaunchTemplateName: 'their-template', Version: '$Latest' },
    }),
  );
}

async function deployed(name: string, artifact: ArtifactRef, strategy: string, options: object) {
  const definition = pipeline(stage('deploy', 'deploy', { environment: name, strategy, options }));
  const id = await start(database, definition, { artifact, environment: name });
  const status = await ended(database, id, PATIENCE_MS);
  expect({ status, error: (await executionRow(database, id)).error }).toEqual({
    status: 'succeeded',
    error: null,
  });
}

describe('beside a group that others made in the cluster', { timeout: 2 * PATIENCE_MS }, () => {
  it.each(CASES)('%s goes through and leaves it alone', async (strategy, options, left) => {
    const cluster = await environment(database, strategy, {
      account: ACCOUNT,
      regions: [REGION],
      capacity: { min: 1, desired: 1, max: 4 },
      artifact: bench.artifacts[0].name,
    });
    const theirs = `${cluster}-v000`;
    const from = bench.proxy.calls.length;

    await deployed(strategy, bench.artifacts[0], 'redblack', {});
    await deployed(strategy, bench.artifacts[1], strategy, options);

    const { serverGroups } = await bench.provider.describe();
    const ours = serverGroups.filter((group) => group.cluster === cluster && !group.managedBy);
    expect(ours.map((group) => group.name.slice(-4))).toEqual(left);
    expect(ours.at(-1)).toMatchObject({ enabled: true, traffic: 1 });
    expect(serverGroups.find((group) => group.name === theirs)).toMatchObject({ capacity: { desired: 1 } });
    const touched = bench.proxy.calls
      .slice(from)
      .filter(({ action }) => !action.startsWith('Describe'))
      .filter(({ parameters }) => [...parameters.values()].includes(theirs));
    expect(touched.map(({ action }) => action)).toEqual([]);
  });

  it('made a moment ago, a number is refused once, and the next one is known then', async () => {
    const { provider, artifacts } = bench;
    const place = { account: ACCOUNT, region: REGION, application: 'late', cluster: 'late-web' };
    expect(await provider.takenSequences?.(place)).toEqual([]);
    await makeByHand('late-web-v000');
    const creation = provider.createServerGroup(operation(), {
      ...place,
      name: 'late-web-v000',
      artifact: artifacts[0],
      capacity: { min: 0, desired: 1, max: 1 },
      config: {},
      loadBalancers: [],
      enabled: true,
    });
    await expect(creation).rejects.toMatchObject({ code: 'conflict' });
    expect(await provider.takenSequences?.(place)).toEqual([0]);
  });
});
