import { DescribeInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '@/db/test/database';
import type { PipelineDefinition } from '@/server/domain/pipeline';
import type { Worker } from '@/server/engine/run-worker';
import { ended, executionRow, pipeline, stage, start } from '@/server/engine/testing/harness';
import { environment } from '@/server/engine/testing/platform';
import { runTestWorker } from '@/server/engine/testing/worker';
import { clientsOf } from '@/server/providers/aws/client/clients';
import { ACCOUNT, type AwsBench, makeAwsAccount, REGION } from '@/server/providers/aws/testing/fixture';

/** An image from its bake through environments, by the real engine. moto starts no machine: its part is played. */

const database = await testDatabase();
const PATIENCE_MS = 180_000;

let bench: AwsBench;
let worker: Worker;
beforeAll(async () => {
  bench = await makeAwsAccount(database);
  const capacity = { min: 1, desired: 1, max: 2 };
  for (const name of ['staging', 'prod'])
    await environment(database, name, {
      account: ACCOUNT,
      regions: [REGION],
      capacity,
      artifact: 'contract',
    });
  worker = await runTestWorker(database);
});
afterAll(async () => {
  await worker?.stop();
  await bench?.stop();
});

const [from, other] = [() => bench.artifacts[0], () => bench.artifacts[1]];

function deploy(to: string, ...after: string[]) {
  return stage(`deploy-${to}`, 'deploy', { environment: to, strategy: 'redblack' }, after);
}

/** The artifact that serves in an environment, and the images of the machines that do. */
async function serving(name: string) {
  const cluster = `shop-${name}`;
  const groups = await bench.provider.describeCluster({
    account: ACCOUNT,
    region: REGION,
    application: 'shop',
    cluster,
  });
  const group = groups.find(({ traffic }) => traffic === 1);
  const ids = group?.instances.map(({ id }) => id) ?? [];
  const { ec2 } = clientsOf(bench.config, REGION);
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: ids }));
  const images = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ ImageId }) => ImageId));
  return { artifact: group?.artifact, images: [...new Set(images)] };
}

async function succeeds(definition: PipelineDefinition, artifact = from()): Promise<void> {
  const id = await start(database, definition, { artifact });
  await finished(id);
}

async function finished(id: string): Promise<void> {
  const status = await ended(database, id, PATIENCE_MS);
  expect({ status, error: (await executionRow(database, id)).error }).toEqual({
    status: 'succeeded',
    error: null,
  });
}

/** The machine of the only bake under way does its work and turns itself off. */
async function playMachine(): Promise<void> {
  const { ec2 } = clientsOf(bench.config, REGION);
  const Filters = [
    { Name: 'tag-key', Values: ['signalbox:bake'] },
    { Name: 'instance-state-name', Values: ['running'] },
  ];
  const machines = async () => {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
    return Reservations.flatMap(({ Instances = [] }) =>
      Instances.flatMap(({ InstanceId }) => InstanceId ?? []),
    );
  };
  await expect.poll(machines).toHaveLength(1);
  bench.proxy.sayOnConsole('signalbox-bake: exit 0');
  await ec2.send(new StopInstancesCommand({ InstanceIds: await machines() }));
}

describe('an image', { timeout: 3 * PATIENCE_MS }, () => {
  it('that is baked moves unchanged from one environment to the next', async () => {
    const bake = stage('bake', 'bake', {
      account: ACCOUNT,
      region: REGION,
      version: '2.0.0',
      command: ['true'],
    });
    const id = await start(
      database,
      pipeline(bake, deploy('staging', 'bake'), deploy('prod', 'deploy-staging')),
      { artifact: from() },
    );
    await playMachine();
    await finished(id);
    const [staging, prod] = [await serving('staging'), await serving('prod')];
    expect(staging.artifact).toMatchObject({ name: 'contract', version: '2.0.0' });
    expect(staging.images).toHaveLength(1);
    expect(prod).toEqual(staging);
  });

  it('is found by what runs in an environment', async () => {
    await succeeds(pipeline(deploy('staging')), other());
    const find = stage('find', 'findArtifact', { environment: 'staging' });
    await succeeds(pipeline(find, deploy('prod', 'find')));
    expect(await serving('prod')).toEqual(await serving('staging'));
    expect((await serving('prod')).artifact).toEqual(other());
  });

  it('is found by its name, the beginning of its version and its tags', async () => {
    const search = { account: ACCOUNT, region: REGION, artifact: 'contract' };
    const find = (more: object) => stage('find', 'findArtifact', { ...search, ...more });
    await succeeds(pipeline(find({ versionPrefix: '1.0' }), deploy('prod', 'find')));
    expect((await serving('prod')).artifact).toEqual(from());
    const platformTags = { 'signalbox:version': '1.1.0' };
    await succeeds(pipeline(find({ platformTags }), deploy('prod', 'find')));
    expect((await serving('prod')).artifact).toEqual(other());
    const missing = await start(database, pipeline(find({ versionPrefix: '9.' })));
    expect(await ended(database, missing, PATIENCE_MS)).toBe('errored');
    expect(JSON.stringify((await executionRow(database, missing)).error)).toContain('notThere');
  });
});
