import { paginateDescribeInstances, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientsOf } from '@/server/providers/aws/client/clients';
import { ACCOUNT, type AwsBench, makeAwsBench, REGION } from '@/server/providers/aws/testing/fixture';
import { operation } from '@/server/providers/contract-support';
import type { Bakery, BakeSpec } from '@/server/providers/provider';

/** The machine's own part, to run the command and turn itself off, is played: moto runs nothing. */

let bench: AwsBench;
let bakery: Bakery;
beforeAll(async () => {
  bench = await makeAwsBench();
  if (!bench.provider.bakery) throw new Error('AWS bakes');
  ({ bakery } = bench.provider);
});
afterAll(() => bench?.stop());

let counter = 0;
function spec(more: Partial<BakeSpec> = {}): BakeSpec {
  const name = `bake-${counter++}`;
  return {
    region: REGION,
    name,
    application: 'shop',
    from: bench.artifacts[0],
    into: { name, version: '1.0.0' },
    command: ['true'],
    config: {},
    timeoutSeconds: 60,
    ...more,
  };
}

/** The machine of the bake says that and is off. */
async function ends(bake: string, said: string): Promise<void> {
  const { ec2 } = clientsOf(bench.config, REGION);
  const Filters = [{ Name: 'tag:signalbox:bake', Values: [bake] }];
  const ids: string[] = [];
  for await (const { Reservations = [] } of paginateDescribeInstances({ client: ec2 }, { Filters }))
    for (const { Instances = [] } of Reservations)
      ids.push(...Instances.flatMap(({ InstanceId }) => InstanceId ?? []));
  expect(ids).toHaveLength(1);
  bench.proxy.sayOnConsole(said);
  await ec2.send(new StopInstancesCommand({ InstanceIds: ids }));
}

describe('a bake', () => {
  it('becomes an image that is deployed by its digest', async () => {
    const wanted = spec();
    const op = operation();
    await bakery.start(op, wanted);
    await bakery.start({ ...op, fence: 2 }, wanted);
    expect(await bakery.describe(wanted)).toMatchObject({ status: 'running', artifact: null });
    await ends(wanted.name, 'installing\nsignalbox-bake: exit 0\n');
    await expect.poll(async () => (await bakery.describe(wanted))?.status).toBe('succeeded');
    const state = await bakery.describe(wanted);
    expect(state).toMatchObject({ exitCode: 0, reason: null, artifact: wanted.into });
    const artifact = state?.artifact;
    if (!artifact) throw new Error('a bake that succeeded has a result');
    expect(artifact.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    const cluster = `shop-${wanted.name.replace('-', '')}`;
    const ref = { account: ACCOUNT, region: REGION, application: 'shop', cluster };
    await bench.provider.createServerGroup(operation(), {
      ...ref,
      name: `${cluster}-v000`,
      artifact,
      capacity: { min: 0, desired: 1, max: 1 },
      config: {},
      loadBalancers: [],
      enabled: true,
    });
    expect(await bench.provider.describeCluster(ref)).toMatchObject([{ artifact }]);
  });

  it('never stands over another image, and starts once', async () => {
    const first = spec({ into: bench.artifacts[0] });
    await bakery.start(operation(), first);
    await expect(bakery.start(operation(), first)).rejects.toMatchObject({ code: 'conflict' });
    await ends(first.name, 'signalbox-bake: exit 0\n');
    expect(await bakery.describe(first)).toMatchObject({
      status: 'failed',
      artifact: null,
      reason: expect.stringContaining('already'),
    });
    // It stays as it ended, whoever asks again.
    expect(await bakery.describe(first)).toMatchObject({ status: 'failed' });
  });

  it('says how its command failed, with its last words', async () => {
    const wanted = spec();
    await bakery.start(operation(), wanted);
    await ends(wanted.name, 'out of cheese\nsignalbox-bake: exit 3\n');
    const state = await bakery.describe(wanted);
    expect(state).toMatchObject({ status: 'failed', exitCode: 3, artifact: null });
    expect(state?.log).toContain('out of cheese');
  });

  it('ends when its time is over while its image is being made, and says which image', async () => {
    bench.proxy.holdImages(true);
    const late = spec({ timeoutSeconds: 3 });
    await bakery.start(operation(), late);
    await ends(late.name, 'signalbox-bake: exit 0\n');
    expect(await bakery.describe(late)).toMatchObject({ status: 'running' });
    await expect.poll(async () => (await bakery.describe(late))?.status, { timeout: 15_000 }).toBe('failed');
    bench.proxy.holdImages(false);
    expect(await bakery.describe(late)).toMatchObject({
      status: 'failed',
      exitCode: null,
      artifact: null,
      reason: expect.stringMatching(/^AWS had not finished the image ami-\w+ within the timeoutSeconds/),
    });
  });

  it('ends when its time is over, and when it is canceled', async () => {
    bench.proxy.sayOnConsole('');
    const late = spec({ timeoutSeconds: 0 });
    await bakery.start(operation(), late);
    await expect.poll(async () => (await bakery.describe(late))?.status).toBe('failed');
    expect((await bakery.describe(late))?.reason).toContain('within the timeoutSeconds of its stage');
    const canceled = spec();
    await bakery.start(operation(), canceled);
    await bakery.cancel(operation(), canceled);
    expect(await bakery.describe(canceled)).toMatchObject({ status: 'canceled', artifact: null });
    await bakery.cancel(operation(), canceled);
    await bakery.cancel(operation(), { region: REGION, name: 'nobody' });
    expect(await bakery.describe({ region: REGION, name: 'nobody' })).toBeNull();
  });
});
