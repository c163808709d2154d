import {
  CreateAliasCommand,
  CreateFunctionCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operation } from '@/server/providers/contract-support';
import {
  ACCOUNT,
  type LambdaBench,
  makeLambdaBench,
  REGION,
} from '@/server/providers/lambda/testing/fixture';
import type { ServerGroupSpec } from '@/server/providers/provider';

let bench: LambdaBench;
beforeAll(async () => {
  bench = await makeLambdaBench();
});
afterAll(() => bench?.stop());

let counter = 0;
/** A function of its own. */
function made() {
  const cluster = `faults-t${counter++}`;
  const ref = { account: ACCOUNT, region: REGION, application: 'faults', cluster };
  const spec = (sequence: number, changes: Partial<ServerGroupSpec> = {}): ServerGroupSpec => ({
    region: REGION,
    application: 'faults',
    cluster,
    name: `${cluster}-v00${sequence}`,
    artifact: bench.artifacts[0],
    capacity: { min: 1, desired: 1, max: 1 },
    config: {},
    loadBalancers: [cluster],
    enabled: true,
    ...changes,
  });
  const create = async (sequence: number, changes: Partial<ServerGroupSpec> = {}) => {
    const wanted = spec(sequence, changes);
    await bench.provider.createServerGroup(operation(), wanted);
    return wanted;
  };
  const seen = async () =>
    (await bench.provider.describeCluster(ref)).map(({ name, enabled, traffic }) => [
      name.slice(-4),
      enabled,
      traffic,
    ]);
  return { cluster, ref, spec, create, seen, balancer: { region: REGION, name: cluster } };
}

/** A function that somebody else made, with one version behind the alias. */
async function madeByOthers(cluster: string): Promise<void> {
  const { lambda, executionRole } = bench;
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: cluster,
      Role: executionRole,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { S3Bucket: 'packages', S3Key: 'contract/1.0.0.zip' },
    }),
  );
  await lambda.send(new PublishVersionCommand({ FunctionName: cluster, Description: 'by hand' }));
  await lambda.send(new CreateAliasCommand({ FunctionName: cluster, Name: 'live', FunctionVersion: '1' }));
}

describe('an alias', () => {
  it('takes two versions and refuses a third in words', async () => {
    const { create, seen, balancer } = made();
    const [first, second] = [await create(0), await create(1)];
    const third = await create(2, { enabled: false });
    const two = { code: 'conflict', message: expect.stringContaining('two versions at most') };
    await expect(bench.provider.enableServerGroup(operation(), third)).rejects.toMatchObject(two);
    const weights = { [first.name]: 1, [second.name]: 1, [third.name]: 1 };
    const weighed = bench.provider.setWeights(operation(), balancer, weights);
    await expect(weighed).rejects.toMatchObject({ ...two, code: 'invalid' });
    expect(await seen()).toEqual([
      ['v000', true, 0.5],
      ['v001', true, 0.5],
      ['v002', false, 0],
    ]);
  });

  it('keeps its only version: it is neither disabled nor destroyed', async () => {
    const { create, seen } = made();
    const only = await create(0);
    const refusal = { code: 'conflict', message: expect.stringContaining('calls only this one') };
    await expect(bench.provider.disableServerGroup(operation(), only)).rejects.toMatchObject(refusal);
    await expect(bench.provider.destroyServerGroup(operation(), only)).rejects.toMatchObject(refusal);
    expect(await seen()).toEqual([['v000', true, 1]]);
  });

  it('of somebody else keeps the version that it names', async () => {
    const { create, cluster, seen } = made();
    await create(0);
    const spare = await create(1, { enabled: false });
    await bench.lambda.send(
      new CreateAliasCommand({ FunctionName: cluster, Name: 'beta', FunctionVersion: '2' }),
    );
    await expect(bench.provider.destroyServerGroup(operation(), spare)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('referenced by an alias'),
    });
    expect(await seen()).toHaveLength(2);
  });

  it('that somebody else moves is shown as it is', async () => {
    const { create, cluster, seen } = made();
    await create(0);
    await create(1, { enabled: false });
    const moved = { FunctionName: cluster, Name: 'live', FunctionVersion: '2' };
    await bench.lambda.send(new UpdateAliasCommand(moved));
    expect(await seen()).toEqual([
      ['v000', false, 0],
      ['v001', true, 1],
    ]);
  });
});

describe('functions of others', () => {
  it('are shown with their versions and their owner, and are no part of decisions', async () => {
    const { cluster, seen } = made();
    await madeByOthers(cluster);
    const { serverGroups, loadBalancers } = await bench.provider.describe();
    expect(serverGroups.filter((group) => group.cluster === cluster)).toMatchObject([
      {
        name: `${cluster}:1`,
        application: 'faults',
        traffic: 1,
        managedBy: { kind: 'AWS Lambda', name: cluster },
      },
    ]);
    expect(loadBalancers.filter(({ name }) => name === cluster)).toEqual([]);
    expect(await seen()).toEqual([]);
  });

  it('are taken over by the first version of ours that is enabled, and not before', async () => {
    const { cluster, create, seen } = made();
    await madeByOthers(cluster);
    const ours = await create(0, { enabled: false });
    const shares = async () => {
      const { serverGroups } = await bench.provider.describe();
      const here = serverGroups.filter((group) => group.cluster === cluster);
      return Object.fromEntries(here.map(({ name, traffic }) => [name, traffic]));
    };
    expect(await shares()).toEqual({ [`${cluster}:1`]: 1, [ours.name]: 0 });
    await bench.provider.enableServerGroup(operation(), ours);
    expect(await shares()).toEqual({ [`${cluster}:1`]: 0, [ours.name]: 1 });
    expect(await seen()).toEqual([['v000', true, 1]]);
  });
});

describe('code', () => {
  it('with another digest is refused in words, and nothing is published', async () => {
    const { create, spec, seen } = made();
    await create(0);
    const { artifact } = spec(1);
    const other = { ...artifact, digest: `sha256:${'0'.repeat(64)}` };
    await expect(create(1, { artifact: other })).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('is another one'),
    });
    expect(await seen()).toHaveLength(1);
  });

  it('of the same bytes is a version of its own for each server group', async () => {
    const { create, ref } = made();
    await create(0);
    await create(1);
    const groups = await bench.provider.describeCluster(ref);
    expect(groups.map(({ serverless }) => serverless?.revision)).toEqual(['1', '2']);
    expect(groups.map(({ artifact }) => artifact)).toEqual([bench.artifacts[0], bench.artifacts[0]]);
  });

  it('whose publishing answered nothing is published once', async () => {
    const { spec, ref } = made();
    bench.proxy.loseAnswer('PublishVersion');
    const op = operation();
    await bench.provider.createServerGroup(op, spec(0));
    await bench.provider.createServerGroup({ ...op, fence: 2 }, spec(0));
    expect(await bench.provider.describeCluster(ref)).toHaveLength(1);
  });
});

it('a look at everything asks once for each alias and each state, in pages, and not again for addresses', async () => {
  const { create } = made();
  await create(0);
  await bench.provider.describe();
  const from = bench.proxy.calls.length;
  const { serverGroups } = await bench.provider.describe();
  const asked = (action: string) =>
    bench.proxy.calls.slice(from).filter((call) => call.action === action).length;
  const ours = serverGroups.filter(({ managedBy }) => managedBy === undefined);
  expect(asked('GetFunction')).toBe(ours.length);
  expect(asked('GetAlias')).toBe(new Set(serverGroups.map(({ cluster }) => cluster)).size);
  expect(asked('ListFunctions')).toBeGreaterThan(2);
  expect(asked('GetFunctionUrlConfig')).toBe(0);
});
