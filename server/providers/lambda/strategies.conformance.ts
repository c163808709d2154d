import {
  DeleteAliasCommand,
  GetAliasCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accounts } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { Worker } from '@/server/engine/run-worker';
import { ended, executionRow, pipeline, stage, start, statuses } from '@/server/engine/testing/harness';
import { environment } from '@/server/engine/testing/platform';
import { runTestWorker } from '@/server/engine/testing/worker';
import { type LambdaBench, makeLambdaBench, REGION } from '@/server/providers/lambda/testing/fixture';

/** The strategies by the real engine, on moto behind the fault proxy. */

const database = await testDatabase();
const ACCOUNT = 'functions';
const PATIENCE_MS = 90_000;

let bench: LambdaBench;
let worker: Worker;
beforeAll(async () => {
  bench = await makeLambdaBench();
  await database.db.insert(accounts).values({
    name: ACCOUNT,
    provider: 'lambda',
    config: { ...bench.config, regions: [...bench.config.regions] },
  });
  worker = await runTestWorker(database);
});
afterAll(async () => {
  await worker?.stop();
  await bench?.stop();
});

let from = 0;
beforeEach(() => {
  from = bench.proxy.calls.length;
});

/** The environment of one test, with version 1 serving. */
async function begun(name: string) {
  // Sizes mean nothing to functions, and are not in the way.
  const capacity = { min: 1, desired: 2, max: 10 };
  const cluster = await environment(database, name, {
    account: ACCOUNT,
    regions: [REGION],
    capacity,
    artifact: bench.artifacts[0].name,
  });
  const ref = { account: ACCOUNT, region: REGION, application: 'shop', cluster };
  const deploy = (artifact: ArtifactRef, strategy: string, options: object = {}) =>
    start(database, pipeline(stage('deploy', 'deploy', { environment: name, strategy, options })), {
      artifact,
      environment: name,
    });
  const succeeds = async (id: string) => {
    const status = await ended(database, id, PATIENCE_MS);
    expect({ status, error: (await executionRow(database, id)).error }).toEqual({
      status: 'succeeded',
      error: null,
    });
  };
  const fails = async (id: string, status: 'failed' | 'errored') => {
    expect(await ended(database, id, PATIENCE_MS)).toBe(status);
    return JSON.stringify((await executionRow(database, id)).error);
  };
  /** Until the new version is let in, and nothing happens for a while. */
  const waits = async (id: string) => {
    const waiting = async () =>
      Object.entries(await statuses(database, id)).filter(([ref]) => ref.endsWith('-wait'));
    await expect.poll(async () => (await waiting())[0]?.[1], { timeout: PATIENCE_MS }).toBe('running');
  };
  await succeeds(await deploy(bench.artifacts[0], 'redblack'));
  const groups = async () =>
    (await bench.provider.describeCluster(ref)).map((group) => [
      group.name.slice(-4),
      group.enabled,
      Math.round(group.traffic * 100),
    ]);
  from = bench.proxy.calls.length;
  return { name, cluster, deploy, groups, succeeds, fails, waits };
}

const weightsSchema = z.object({
  FunctionVersion: z.string(),
  RoutingConfig: z.object({ AdditionalVersionWeights: z.record(z.string(), z.number()) }),
});

/** What the alias was told, one after the other: `1 90 %, 2 10 %`; what changes nothing is left out. */
function aliasWeights(): string[] {
  const told = bench.proxy.calls
    .slice(from)
    .filter(({ action, status }) => action === 'UpdateAlias' && status < 300)
    .map(({ request }) => {
      const { FunctionVersion, RoutingConfig } = weightsSchema.parse(request);
      const [second] = Object.entries(RoutingConfig.AdditionalVersionWeights);
      const own = `${FunctionVersion} ${Math.round((1 - (second?.[1] ?? 0)) * 100)} %`;
      return second ? `${own}, ${second[0]} ${Math.round(second[1] * 100)} %` : own;
    });
  return told.filter((one, at) => one !== (told[at - 1] ?? '1 100 %'));
}

/** A version that somebody else makes of the function. */
async function publishByHand(FunctionName: string): Promise<string> {
  await bench.packaged('hotfix', '9.9.9');
  const code = { S3Bucket: 'packages', S3Key: 'hotfix/9.9.9.zip' };
  await bench.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ...code }));
  const made = await bench.lambda.send(new PublishVersionCommand({ FunctionName, Description: 'by hand' }));
  return made.Version ?? '';
}

describe('strategies', { timeout: 2 * PATIENCE_MS }, () => {
  it('blue/green takes over, and a rollback gives everything back in one write', async () => {
    const { deploy, groups, succeeds, name } = await begun('bluegreen');
    await succeeds(await deploy(bench.artifacts[1], 'redblack'));
    expect(await groups()).toEqual([
      ['v000', false, 0],
      ['v001', true, 100],
    ]);
    expect(aliasWeights()).toEqual(['1 50 %, 2 50 %', '2 100 %']);
    from = bench.proxy.calls.length;
    await succeeds(await start(database, pipeline(stage('back', 'rollbackCluster', { environment: name }))));
    expect(await groups()).toEqual([
      ['v000', true, 100],
      ['v001', false, 0],
    ]);
    // The first of them moves all requests; the last lets go of the version that gets none.
    expect(aliasWeights()).toEqual(['2 100 %', '1 100 %, 2 0 %', '1 100 %']);
  });

  it('highlander leaves only the new version', async () => {
    const { deploy, groups, succeeds } = await begun('highlander');
    await succeeds(await deploy(bench.artifacts[1], 'highlander'));
    expect(await groups()).toEqual([['v001', true, 100]]);
  });

  it('a canary gets its share, then more, then everything', async () => {
    const { deploy, groups, succeeds } = await begun('canary');
    await succeeds(await deploy(bench.artifacts[1], 'canary', { steps: [{ weight: 10 }, { weight: 50 }] }));
    expect(await groups()).toEqual([
      ['v000', false, 0],
      ['v001', true, 100],
    ]);
    expect(aliasWeights()).toEqual(['1 90 %, 2 10 %', '1 50 %, 2 50 %', '2 100 %, 1 0 %', '2 100 %']);
  });

  it('a canary stops where somebody else has taken the alias, and neither their version nor ours goes', async () => {
    const { deploy, fails, groups, cluster } = await begun('taken');
    const steps = [{ weight: 10, pauseSeconds: 5 }, { weight: 50 }];
    const id = await deploy(bench.artifacts[1], 'canary', { steps });
    await expect.poll(aliasWeights, { timeout: PATIENCE_MS }).toEqual(['1 90 %, 2 10 %']);
    const hotfix = await publishByHand(cluster);
    const moved = {
      FunctionName: cluster,
      Name: 'live',
      FunctionVersion: hotfix,
      Description: 'hotfix by Kim',
    };
    await bench.lambda.send(
      new UpdateAliasCommand({ ...moved, RoutingConfig: { AdditionalVersionWeights: {} } }),
    );
    expect(await fails(id, 'errored')).toContain('Somebody else has pointed the alias at version');
    expect((await groups()).map(([name, , share]) => [name, share])).toEqual([
      ['v000', 0],
      ['v001', 0],
    ]);
    const alias = await bench.lambda.send(new GetAliasCommand({ FunctionName: cluster, Name: 'live' }));
    expect(alias).toMatchObject({ FunctionVersion: hotfix, Description: 'hotfix by Kim' });
  });

  it.each([
    ['the version that served', ['redblack'], '1'],
    ['a version that served before', ['redblack', 'redblack'], '1'],
  ])(
    'a canary stops where somebody else has moved the alias to %s, and leaves it there',
    async (_, served, to) => {
      const { deploy, fails, groups, succeeds, waits, cluster } = await begun(`moved${served.length}`);
      for (const strategy of served.slice(1)) await succeeds(await deploy(bench.artifacts[1], strategy));
      const before = (await groups()).length;
      const steps = [{ weight: 10, pauseSeconds: 5 }, { weight: 50 }];
      const id = await deploy(bench.artifacts[1], 'canary', { steps });
      await waits(id);
      const alias = { FunctionName: cluster, Name: 'live' };
      const RoutingConfig = { AdditionalVersionWeights: {} };
      const left = await bench.lambda.send(
        new UpdateAliasCommand({ ...alias, FunctionVersion: to, RoutingConfig }),
      );
      const error = await fails(id, 'errored');
      expect(error).toContain('engine.traffic.takenOut');
      expect(error).toContain(`"serving":"${cluster}-v000"`);
      expect((await groups()).filter(([, , share]) => share === 100)).toEqual([['v000', true, 100]]);
      expect(await groups()).toHaveLength(before + 1);
      const { FunctionVersion, Description, RevisionId } = await bench.lambda.send(
        new GetAliasCommand(alias),
      );
      expect({ FunctionVersion, Description, RevisionId }).toEqual({
        FunctionVersion: to,
        Description: left.Description,
        RevisionId: left.RevisionId,
      });
    },
  );

  it('a new version that somebody else takes out in the moment that it comes in ends its deploy soon', async () => {
    const { deploy, fails, groups, cluster } = await begun('atonce');
    const id = await deploy(bench.artifacts[1], 'redblack');
    await expect.poll(() => aliasWeights().length, { timeout: PATIENCE_MS, interval: 5 }).toBe(1);
    const alias = { FunctionName: cluster, Name: 'live', FunctionVersion: '1' };
    await bench.lambda.send(
      new UpdateAliasCommand({ ...alias, RoutingConfig: { AdditionalVersionWeights: {} } }),
    );
    // Its own patience would be ten minutes.
    expect(await fails(id, 'errored')).toContain('engine.traffic.takenOut');
    expect(await groups()).toEqual([
      ['v000', true, 100],
      ['v001', false, 0],
    ]);
  });

  it.each([
    ['canary', { steps: [{ weight: 10, pauseSeconds: 5 }, { weight: 50 }] }, 'There is no alias live of'],
    ['redblack', { delayBeforeDisableSeconds: 5, keep: 1 }, 'engine.traffic.takenOutAll'],
  ])(
    '%s stops where somebody else has deleted the alias, and removes nothing',
    async (strategy, options, said) => {
      const { deploy, fails, groups, waits, cluster } = await begun(`deleted${strategy}`);
      const id = await deploy(bench.artifacts[1], strategy, options);
      await waits(id);
      await bench.lambda.send(new DeleteAliasCommand({ FunctionName: cluster, Name: 'live' }));
      expect(await fails(id, 'errored')).toContain(said);
      expect(await groups()).toEqual([
        ['v000', false, 0],
        ['v001', false, 0],
      ]);
    },
  );

  it('strategies that need instances are refused with a sentence, and nothing is touched', async () => {
    const { deploy, fails, groups } = await begun('sizes');
    const error = await fails(await deploy(bench.artifacts[1], 'rollingredblack'), 'errored');
    expect(error).toContain('engine.deploy.missingCapability');
    expect(await groups()).toEqual([['v000', true, 100]]);
  });

  it('a resize is refused with a sentence', async () => {
    const { name, fails } = await begun('resized');
    const resize = { environment: name, resize: { action: 'scaleUp', percent: 100 } };
    const id = await start(database, pipeline(stage('resize', 'resizeServerGroups', resize)));
    expect(await fails(id, 'errored')).toContain('engine.cluster.noInstances');
  });

  it('a version that does not start ends the deploy early, with the reason, and gets no request', async () => {
    const { deploy, groups, fails, cluster } = await begun('broken');
    const reason = 'The image does not exist or Lambda may not read it';
    bench.proxy.failVersion(`${cluster}-v001`, reason);
    // Its own patience would be ten minutes.
    expect(await fails(await deploy(bench.artifacts[1], 'redblack'), 'failed')).toContain(reason);
    expect(await groups()).toEqual([
      ['v000', true, 100],
      ['v001', false, 0],
    ]);
    expect(aliasWeights()).toEqual([]);
  });

  it('an API that throttles midway, and others who write the alias, delay it and nobody notices', async () => {
    const { deploy, groups, succeeds } = await begun('slow');
    bench.proxy.throttle('UpdateAlias', 4);
    bench.proxy.throttle('PublishVersion', 4);
    bench.proxy.overtake('UpdateAlias');
    bench.proxy.loseAnswer('PublishVersion');
    await succeeds(await deploy(bench.artifacts[1], 'canary', { steps: [{ weight: 25 }] }));
    expect(await groups()).toEqual([
      ['v000', false, 0],
      ['v001', true, 100],
    ]);
    expect(aliasWeights()).toEqual(['1 75 %, 2 25 %', '2 100 %, 1 0 %', '2 100 %']);
    const answers = new Set(bench.proxy.calls.slice(from).map(({ status }) => status));
    expect([412, 429].every((status) => answers.has(status))).toBe(true);
  });

  it('a version that takes its time to prepare is waited for, and a lost answer publishes it only once', async () => {
    const { deploy, groups, succeeds } = await begun('pending');
    bench.proxy.holdPending(true);
    const id = await deploy(bench.artifacts[1], 'redblack');
    await expect
      .poll(() => bench.proxy.calls.slice(from).filter(({ action }) => action === 'GetFunction').length, {
        timeout: PATIENCE_MS,
      })
      .toBeGreaterThan(10);
    expect((await groups())[0]).toEqual(['v000', true, 100]);
    expect(aliasWeights()).toEqual([]);
    bench.proxy.holdPending(false);
    await succeeds(id);
    expect((await groups()).at(-1)).toEqual(['v001', true, 100]);
  });
});
