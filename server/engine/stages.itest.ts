import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artifacts, executions, pipelines, vetoes } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { PipelineDefinition } from '@/server/domain/pipeline';
import { requestCancel } from '@/server/engine/enqueue';
import type { Worker } from '@/server/engine/run-worker';
import {
  ended,
  executionRow,
  expectNoJobsLeft,
  pipeline,
  stage,
  stageRow,
  start,
  statuses,
} from '@/server/engine/testing/harness';
import { environment, type TestPlatform, testPlatform } from '@/server/engine/testing/platform';
import { runTestWorker } from '@/server/engine/testing/worker';
import { testService } from '@/server/local-cloud/testing/artifacts';

/** Stage types that people put into pipelines, against a real local cloud. */

const database = await testDatabase();
let platform: TestPlatform;
let worker: Worker;
let v1: ArtifactRef;
let v2: ArtifactRef;

beforeAll(async () => {
  platform = await testPlatform(database);
  v1 = await platform.publish('1.0.0', await testService('1.0.0'));
  v2 = await platform.publish('1.1.0', await testService('1.1.0'));
  await database.db.insert(artifacts).values([v1, v2]);
  worker = await runTestWorker(database);
}, 60_000);
afterAll(async () => {
  await worker.stop();
  await platform.stop();
});

const groups = async (cluster: string) =>
  (await platform.groups(cluster)).map((group) => [
    group.name.slice(-4),
    group.enabled,
    group.capacity.desired,
  ]);

/** Three versions side by side: v000 and v001 disabled, v002 in traffic. */
async function threeGroups(name: string): Promise<string> {
  const cluster = await environment(database, name, { regions: ['eu'] });
  for (const artifact of [v1, v2, v1]) {
    const deploy = stage('deploy', 'deploy', {
      environment: name,
      strategy: 'redblack',
      options: { keep: 5 },
    });
    const id = await start(database, pipeline(deploy), { artifact, environment: name });
    expect(await ended(database, id, 30_000)).toBe('succeeded');
  }
  return cluster;
}

async function runStage(type: string, config: Record<string, unknown>): Promise<string> {
  const id = await start(database, pipeline(stage('only', type, config)));
  return ended(database, id, 30_000);
}

describe('stages that change a cluster', () => {
  it('enable, resize, disable and destroy the groups that are meant', async () => {
    const cluster = await threeGroups('groups');
    const at = { environment: 'groups' };
    expect(await runStage('enableServerGroups', { ...at, target: 'previous' })).toBe('succeeded');
    expect(await groups(cluster)).toEqual([
      ['v000', false, 1],
      ['v001', true, 1],
      ['v002', true, 1],
    ]);
    expect(
      await runStage('resizeServerGroups', {
        ...at,
        target: 'newest',
        resize: { action: 'scaleUp', percent: 100 },
      }),
    ).toBe('succeeded');
    expect(await runStage('disableServerGroups', { ...at, target: 'previous' })).toBe('succeeded');
    expect(await runStage('destroyServerGroups', { ...at, target: 'oldest' })).toBe('succeeded');
    expect(await groups(cluster)).toEqual([
      ['v001', false, 1],
      ['v002', true, 2],
    ]);
    // The last one that serves is guarded against all of them.
    expect(await runStage('disableServerGroups', { ...at, target: 'newest' })).toBe('errored');
    expect(await runStage('destroyServerGroups', { ...at, target: 'newest' })).toBe('errored');
  }, 60_000);

  it('disable, scale down and shrink a cluster, sparing what the pipeline has just deployed', async () => {
    const cluster = await threeGroups('tidy');
    const deploy = stage('deploy', 'deploy', { environment: 'tidy', strategy: 'none' });
    const id = await start(
      database,
      pipeline(
        deploy,
        stage('disable', 'disableCluster', { environment: 'tidy' }, ['deploy']),
        stage('scale', 'scaleDownCluster', { environment: 'tidy' }, ['disable']),
        stage('shrink', 'shrinkCluster', { environment: 'tidy', shrinkTo: 2 }, ['scale']),
      ),
      { artifact: v2, environment: 'tidy' },
    );
    expect(await ended(database, id, 40_000)).toBe('succeeded');
    expect(await groups(cluster)).toEqual([
      ['v002', false, 0],
      ['v003', true, 1],
    ]);
    expect(await runStage('shrinkCluster', { environment: 'tidy', shrinkTo: 1 })).toBe('succeeded');
    expect(await groups(cluster)).toEqual([['v003', true, 1]]);
    expect(await runStage('shrinkCluster', { environment: 'tidy', shrinkTo: 0, allowActive: true })).toBe(
      'errored',
    );
    expect(await groups(cluster)).toEqual([['v003', true, 1]]);
  }, 60_000);
});

describe('finding what to deliver', () => {
  it('takes what runs in one environment to the next', async () => {
    await threeGroups('from');
    const cluster = await environment(database, 'to', { regions: ['eu'] });
    const id = await start(
      database,
      pipeline(
        stage('find', 'findArtifact', { environment: 'from' }),
        stage('deploy', 'deploy', { environment: 'to', strategy: 'redblack' }, ['find']),
      ),
    );
    expect(await ended(database, id, 30_000)).toBe('succeeded');
    expect((await executionRow(database, id)).version).toBe('1.0.0');
    expect((await platform.groups(cluster))[0]?.artifact.digest).toBe(v1.digest);
  }, 60_000);

  it('takes the newest published version, and refuses one that is vetoed with who and why', async () => {
    const find = () =>
      start(database, pipeline(stage('find', 'findArtifact', { artifact: 'shop', versionPrefix: '1.1' })));
    const found = await find();
    expect(await ended(database, found)).toBe('succeeded');
    expect((await stageRow(database, found, 'find')).outputs).toMatchObject({
      version: '1.1.0',
      digest: v2.digest,
    });
    await database.db.insert(vetoes).values({ digest: v2.digest, reason: 'slow', by: 'Ada' });
    const refused = await find();
    expect(await ended(database, refused)).toBe('errored');
    expect((await executionRow(database, refused)).error?.values).toMatchObject({
      by: 'Ada',
      reason: 'slow',
    });
    await database.db.delete(vetoes).where(eq(vetoes.digest, v2.digest));
  });

  it('deploys an artifact that an expression names', async () => {
    const cluster = await environment(database, 'named', { regions: ['eu'] });
    const artifact = { name: 'shop', version: '${parameters.version}' };
    const id = await start(
      database,
      pipeline(stage('deploy', 'deploy', { environment: 'named', strategy: 'redblack', artifact })),
      { parameters: { version: '1.1.0' } },
    );
    expect(await ended(database, id, 30_000)).toBe('succeeded');
    expect((await platform.groups(cluster))[0]?.artifact.version).toBe('1.1.0');
  });
});

describe('a pipeline within a pipeline', () => {
  async function define(name: string, definition: Partial<PipelineDefinition>): Promise<void> {
    await environment(database, `for-${name}`).catch(() => undefined);
    const whole = {
      ...pipeline(stage('vars', 'evaluateVariables', { variables: [{ key: 'x', value: 1 }] })),
      name,
    };
    await database.db
      .insert(pipelines)
      .values({ application: 'shop', name, definition: { ...whole, ...definition }, updatedBy: 'Ada' });
  }

  it('gets typed parameters, is waited for, and leaves its results', async () => {
    await define('child', {
      parameters: [{ name: 'n', type: 'number', required: true }],
      stages: [
        stage('vars', 'evaluateVariables', { variables: [{ key: 'twice', value: '${parameters.n * 2}' }] }),
      ],
    });
    const id = await start(
      database,
      pipeline(
        stage('run', 'pipeline', { pipeline: 'child', parameters: { n: '21' } }),
        stage(
          'use',
          'evaluateVariables',
          {
            variables: [{ key: 'got', value: '${stages.run.outputs.stages.vars.twice}' }],
          },
          ['run'],
        ),
      ),
    );
    expect(await ended(database, id)).toBe('succeeded');
    expect((await stageRow(database, id, 'use')).outputs).toEqual({ got: 42 });
    const child = String((await stageRow(database, id, 'run')).outputs.executionId);
    expect((await executionRow(database, child)).trigger).toMatchObject({
      kind: 'stage',
      parentExecutionId: id,
    });
  });

  it('fails the stage when it fails, and when its parameters do not fit', async () => {
    await define('failing', {
      stages: [stage('no', 'evaluateVariables', { variables: [{ key: 'x', value: '${1/0}' }] })],
    });
    expect(await runStage('pipeline', { pipeline: 'failing' })).toBe('errored');
    expect(await runStage('pipeline', { pipeline: 'child' })).toBe('errored');
    expect(await runStage('pipeline', { pipeline: 'nowhere' })).toBe('errored');
  });

  it('is withdrawn with the one that started it', async () => {
    await define('long', { stages: [stage('wait', 'wait', { seconds: 3_600 })] });
    const id = await start(database, pipeline(stage('run', 'pipeline', { pipeline: 'long' })));
    await expect.poll(async () => (await stageRow(database, id, 'run')).waiting?.kind).toBe('upstream');
    const child = String((await stageRow(database, id, 'run')).outputs.executionId);
    await database.db.transaction((tx) => requestCancel(tx, id, 'Ada', null));
    expect(await ended(database, child)).toBe('canceled');
    await expectNoJobsLeft(database);
  });

  it('that has a limit and starts itself once more shares its place with what it started', async () => {
    const concurrency = { limit: 1, waiting: 'fifo' as const };
    const again = stage('again', 'pipeline', { pipeline: 'selfish', parameters: { deep: false } });
    const definition = {
      parameters: [{ name: 'deep', type: 'boolean' as const, default: false, required: false }],
      stages: [{ ...again, when: 'parameters.deep' }],
      concurrency,
    };
    await define('selfish', definition);
    const whole = { ...pipeline(), name: 'selfish', ...definition };
    const id = await start(database, whole, { parameters: { deep: true } });
    const beside = await start(database, whole, { parameters: { deep: false } });
    expect(await ended(database, id)).toBe('succeeded');
    expect(await ended(database, beside)).toBe('skipped');
  });

  it('that would change the cluster of the stage that waits for it fails instead of waiting for ever', async () => {
    const cluster = await environment(database, 'mine', { regions: ['eu'] });
    await define('validate-mine', {
      parameters: ['region', 'percent', 'serverGroup', 'sourceServerGroup'].map((name) => ({
        name,
        required: false,
      })),
      stages: [
        stage('grow', 'resizeServerGroups', {
          environment: 'mine',
          resize: { action: 'scaleUp', percent: 100 },
        }),
      ],
    });
    const deploy = (strategy: string, options: object) =>
      start(database, pipeline(stage('deploy', 'deploy', { environment: 'mine', strategy, options })), {
        artifact: v1,
      });
    expect(await ended(database, await deploy('redblack', {}), 30_000)).toBe('succeeded');
    const id = await deploy('rollingredblack', { percentages: [100], validate: 'validate-mine' });
    expect(await ended(database, id, 30_000)).toBe('errored');
    const [child] = await database.db
      .select()
      .from(executions)
      .where(eq(executions.pipeline, 'validate-mine'));
    expect((await stageRow(database, child?.id ?? '', 'grow')).error).toMatchObject({
      key: 'engine.slotOfAncestor',
      values: { cluster },
    });
  });

  it('that starts itself is stopped', async () => {
    await define('circle', { stages: [stage('again', 'pipeline', { pipeline: 'circle' })] });
    const id = await start(database, {
      ...pipeline(stage('again', 'pipeline', { pipeline: 'circle' })),
      name: 'circle',
    });
    expect(await ended(database, id, 30_000)).toBe('errored');
    const circles = await database.db.select().from(executions).where(eq(executions.pipeline, 'circle'));
    expect(circles).toHaveLength(10);
    expect(Object.values(await statuses(database, id))).toEqual(['errored']);
  });
});
