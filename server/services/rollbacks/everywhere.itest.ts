import { and, asc, desc, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  accounts,
  artifacts,
  audit,
  executions,
  pins,
  environments as places,
  serverGroups,
  stages,
  vetoes,
} from '@/db/schema';
import type { ArtifactRef } from '@/server/domain/inventory';
import { message } from '@/server/domain/message';
import { applyApplication } from '@/server/services/applications/apply';
import { startExecution, startExecutionInput } from '@/server/services/executions/start';
import { previewRollback } from '@/server/services/rollbacks/preview';
import { previewEverywhere } from '@/server/services/rollbacks/preview-everywhere';
import { startRollback } from '@/server/services/rollbacks/start';
import { startEverywhere } from '@/server/services/rollbacks/start-everywhere';
import { renderEnglish } from '@/server/services/shared/render-english';
import { catalogDefinition, DIGEST, seeServerGroup, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const { db } = world;
const engineer = await world.as('engineer');
const image = (version: string, digit: string): ArtifactRef => ({
  name: 'catalog.image',
  version,
  digest: `sha256:${digit.repeat(64)}`,
});
const IMAGES = [image('1.0.0', '6'), image('1.1.0', '7')] as const;
const PACKAGE: ArtifactRef = { name: 'catalog', version: '1.1.0', digest: DIGEST['1.1.0'] };

/** Staging runs the package and prod the image; one pipeline goes to both. */
await (async () => {
  const { environments, ...rest } = catalogDefinition();
  const deploy = (environment: string, requires: string[]) => ({
    refId: environment,
    type: 'deploy',
    name: environment,
    requires,
    config: { environment, strategy: 'redblack' },
  });
  await applyApplication(await world.as('admin'), {
    ...rest,
    environments: environments.map((one) => ({
      ...one,
      pipeline: 'release',
      artifact: one.name === 'prod' ? 'catalog.image' : 'catalog',
    })),
    pipelines: [
      {
        name: 'release',
        description: '',
        parameters: [],
        stages: [deploy('staging', []), deploy('prod', ['staging'])],
      },
    ],
  });
  await db.insert(artifacts).values([...IMAGES]);
})();

/** An execution that has delivered 1.1.0 to the environments, as the engine would leave it. */
async function delivered(environments: readonly ('staging' | 'prod')[], status: 'succeeded' | 'running') {
  const { executionId } = await startExecution(
    engineer,
    startExecutionInput.parse({
      application: 'catalog',
      pipeline: 'release',
      artifacts: [{ name: 'catalog', version: '1.1.0' }],
    }),
  );
  const endedAt = status === 'succeeded' ? new Date() : null;
  await db.update(executions).set({ status, endedAt }).where(eq(executions.id, executionId));
  const rows = await db.select().from(stages).where(eq(stages.executionId, executionId));
  for (const row of rows.filter(({ refId }) => environments.some((name) => name === refId))) {
    const artifact = row.refId === 'prod' ? IMAGES[1] : PACKAGE;
    await db
      .update(stages)
      .set({ status: 'succeeded', outputs: { artifact: artifact.name, version: artifact.version } })
      .where(eq(stages.id, row.id));
    const place = { application: 'catalog', account: 'local', cluster: `catalog-${row.refId}` };
    const children = [artifact, { ...artifact, version: '1.0.0', digest: DIGEST['1.0.0'] }];
    await db.insert(stages).values(
      children.map((one, index) => ({
        executionId,
        refId: `${row.refId}/${index}`,
        parentId: row.id,
        type: 'createServerGroup',
        name: message('literal', { text: 'create' }),
        status: 'succeeded' as const,
        config: { ...place, region: 'eu', artifact: one },
      })),
    );
  }
  return executionId;
}

/** 1.1.0 serves everywhere, over 1.0.0. */
async function serving() {
  for (const region of ['eu', 'us']) {
    for (const [index, version] of (['1.0.0', '1.1.0'] as const).entries()) {
      const options = { traffic: index };
      await seeServerGroup(world, region, 'staging', index, version, options);
      const group = await seeServerGroup(world, region, 'prod', index, version, options);
      const artifact = IMAGES[index] ?? group.artifact;
      await db
        .update(serverGroups)
        .set({ data: { ...group, artifact } })
        .where(and(eq(serverGroups.name, group.name), eq(serverGroups.region, region)));
    }
  }
}

beforeEach(serving);
afterEach(async () => {
  await db.delete(executions);
  await db.delete(pins);
  await db.delete(vetoes);
  await db.delete(serverGroups);
});

const partsOf = (executionId: string) =>
  db.select().from(stages).where(eq(stages.executionId, executionId)).orderBy(stages.position);

const reason = 'checkout is slow';

describe('taking back what an execution delivered', () => {
  it('is one execution with a part per environment, pins each, and vetoes every form once', async () => {
    const id = await delivered(['staging', 'prod'], 'succeeded');
    const { executionId } = await startEverywhere(engineer, { target: { executionId: id }, reason });
    expect(await db.select().from(pins).orderBy(asc(pins.cluster))).toMatchObject([
      { cluster: 'catalog-prod', digest: IMAGES[0].digest, version: '1.0.0', reason },
      { cluster: 'catalog-staging', digest: DIGEST['1.0.0'], version: '1.0.0', reason },
    ]);
    const vetoed = (await db.select().from(vetoes)).map(({ digest }) => digest);
    expect(vetoed.toSorted()).toEqual([IMAGES[1].digest, DIGEST['1.1.0']].toSorted());
    const [execution] = await db.select().from(executions).where(eq(executions.id, executionId));
    expect(execution).toMatchObject({
      environment: null,
      version: '1.0.0',
      trigger: { kind: 'rollback', note: reason },
    });
    const parts = await partsOf(executionId);
    expect(parts).toMatchObject(
      ['staging', 'prod'].map((refId) => ({
        refId,
        type: 'rollbackCluster',
        requires: [],
        onFailure: 'haltBranchThenFail',
        config: { cluster: `catalog-${refId}`, restore: { eu: `catalog-${refId}-v000` } },
      })),
    );
    const entries = await db.select().from(audit).orderBy(desc(audit.id)).limit(3);
    expect(entries.toReversed()).toMatchObject([
      { action: 'application.rollback', subject: id, reason, after: { executionId } },
      { action: 'cluster.rollback', subject: 'catalog-staging', after: { executionId } },
      { action: 'cluster.rollback', subject: 'catalog-prod', after: { executionId } },
    ]);
  });

  it('leaves what serves something else by now, and says so', async () => {
    const id = await delivered(['staging', 'prod'], 'succeeded');
    for (const region of ['eu', 'us'])
      await seeServerGroup(world, region, 'staging', 2, '1.2.0', { traffic: 1 });
    const preview = await previewEverywhere(engineer, { executionId: id });
    expect(preview).toMatchObject({ possible: true, version: '1.1.0' });
    expect(preview.places.map(({ environment, possible }) => [environment, possible])).toEqual([
      ['staging', false],
      ['prod', true],
    ]);
    const { executionId } = await startEverywhere(engineer, { target: { executionId: id }, reason });
    const parts = await partsOf(executionId);
    expect(parts.map(({ refId }) => refId)).toEqual(['prod']);
    expect((await db.select().from(pins)).map(({ cluster }) => cluster)).toEqual(['catalog-prod']);
  });

  it('withdraws the execution when it is still under way, so that it goes no further', async () => {
    const id = await delivered(['staging'], 'running');
    const preview = await previewEverywhere(engineer, { executionId: id });
    expect(preview.places.map(({ environment }) => environment)).toEqual(['staging']);
    expect(preview.withdraws).toEqual([{ executionId: id, version: '1.1.0' }]);
    await startEverywhere(engineer, { target: { executionId: id }, reason });
    const [row] = await db.select().from(executions).where(eq(executions.id, id));
    expect(row?.cancelRequestedBy).toBe(engineer.actor?.name);
    // Also the form that has not come anywhere yet.
    expect(await db.select().from(vetoes)).toHaveLength(2);
  });

  it('is done once, by the same key or by another person', async () => {
    const id = await delivered(['staging', 'prod'], 'succeeded');
    const take = (idempotencyKey?: string) =>
      startEverywhere(engineer, { target: { executionId: id }, reason, idempotencyKey });
    const first = await take('page-7');
    expect(await take('page-7')).toEqual(first);
    await expect(take()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('is rolling it back already'),
    });
    const one = await previewRollback(engineer, { application: 'catalog', cluster: 'catalog-prod' });
    expect(one.why && renderEnglish(one.why)).toContain('is rolling it back already');
    expect(await db.select().from(pins)).toHaveLength(2);
  });

  it('is refused, and changes nothing, when it delivered nothing', async () => {
    const id = await delivered([], 'succeeded');
    await expect(startEverywhere(engineer, { target: { executionId: id }, reason })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('It has not deployed anything.'),
    });
    expect(await db.select().from(vetoes)).toEqual([]);
    expect(await db.select().from(pins)).toEqual([]);
  });
});

describe('what nobody has seen lately', () => {
  const lose = () => db.update(accounts).set({ error: 'no answer' });
  afterEach(() => db.update(accounts).set({ error: null }));

  it('is part of it whatever was last seen there, and decides on what the platform says', async () => {
    const id = await delivered(['staging', 'prod'], 'succeeded');
    for (const region of ['eu', 'us'])
      await seeServerGroup(world, region, 'staging', 2, '1.2.0', { traffic: 1 });
    await lose();
    const preview = await previewEverywhere(engineer, { executionId: id });
    expect(preview).toMatchObject({ possible: true, why: null });
    expect(preview.places).toMatchObject(
      ['staging', 'prod'].map((environment) => ({
        environment,
        possible: true,
        unseen: { seenAt: expect.any(String) },
        pins: null,
        vetoes: null,
        regions: ['eu', 'us'].map((region) => ({ region, why: null })),
      })),
    );
    const { executionId } = await startEverywhere(engineer, { target: { executionId: id }, reason });
    expect((await partsOf(executionId)).map(({ refId, config }) => [refId, config])).toEqual(
      [['staging', PACKAGE.digest] as const, ['prod', IMAGES[1].digest] as const].map(([refId, digest]) => [
        refId,
        {
          application: 'catalog',
          account: 'local',
          cluster: `catalog-${refId}`,
          regions: ['eu', 'us'],
          takeBack: [digest],
        },
      ]),
    );
    // What it goes back to is pinned when that is known; what is taken back is known now.
    expect(await db.select().from(pins)).toEqual([]);
    expect(await db.select().from(vetoes)).toHaveLength(2);
  });

  it('is part of it also where nothing of it was ever seen', async () => {
    const id = await delivered(['prod'], 'succeeded');
    await db.delete(serverGroups);
    const gone = await db.delete(places).where(eq(places.name, 'prod')).returning();
    onTestFinished(async () => {
      await db.insert(places).values(gone);
    });
    await lose();
    const { executionId } = await startEverywhere(engineer, { target: { executionId: id }, reason });
    expect(await partsOf(executionId)).toMatchObject([
      { refId: 'local.catalog-prod', config: { regions: ['eu'], takeBack: [IMAGES[1].digest] } },
    ]);
  });

  it('is not judged by it for a single cluster either', async () => {
    await lose();
    const target = { application: 'catalog', cluster: 'catalog-prod' };
    const { executionId } = await startRollback(engineer, { ...target, reason });
    const [part] = await partsOf(executionId);
    expect(part?.config).toEqual({ ...target, account: 'local', regions: ['eu', 'us'] });
    expect(await db.select().from(pins)).toEqual([]);
    expect(await db.select().from(vetoes)).toEqual([]);
    await expect(startRollback(engineer, { ...target, reason })).rejects.toMatchObject({
      message: expect.stringContaining('is rolling it back already'),
    });
  });
});

describe('taking back a version', () => {
  it('finds it wherever it serves, in whatever form', async () => {
    const preview = await previewEverywhere(engineer, { application: 'catalog' });
    expect(preview).toMatchObject({ version: '1.1.0', possible: true, executionId: null });
    expect(preview.vetoes.map(({ name }) => name).toSorted()).toEqual(['catalog', 'catalog.image']);
    const target = { application: 'catalog', version: '1.1.0' };
    const { executionId } = await startEverywhere(engineer, { target, reason });
    const parts = await partsOf(executionId);
    expect(parts.map(({ refId }) => refId)).toEqual(['staging', 'prod']);
  });

  it('is refused for one that serves nowhere, and for one that there is not', async () => {
    const take = (version: string) =>
      startEverywhere(engineer, { target: { application: 'catalog', version }, reason });
    await expect(take('1.2.0')).rejects.toMatchObject({ code: 'conflict' });
    await expect(take('7.0.0')).rejects.toMatchObject({ code: 'not_found' });
  });
});
