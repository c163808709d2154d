import { expect, it } from 'vitest';
import { pipelineDefinitionSchema } from '@/server/domain/pipeline';
import { checkPipeline } from '@/server/services/pipelines/check';
import { importPipeline } from '@/server/services/pipelines/import';
import { listPipelineRevisions } from '@/server/services/pipelines/revisions';
import { testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const application = 'catalog';
const definition = (name: string, seconds: unknown) =>
  pipelineDefinitionSchema.parse({
    name,
    stages: [{ refId: 'wait', type: 'wait', name: 'Wait', config: { seconds } }],
  });

it('tells what would keep a pipeline from being saved, and saves nothing', async () => {
  const ctx = await world.as('productOwner');
  const issuesOf = async (given: unknown) =>
    (await checkPipeline(ctx, { application, definition: given })).issues;
  expect(await issuesOf(definition('checked', 1))).toEqual([]);
  expect(await issuesOf(definition('checked', -1))).toEqual([
    { path: 'stages.0.config.seconds', message: expect.any(String) },
  ]);
  expect((await issuesOf({ name: 'No', stages: [] })).map((issue) => issue.path)).toEqual(['name', 'stages']);
  await expect(listPipelineRevisions(ctx, { application, name: 'checked' })).rejects.toThrow(
    'has no pipeline "checked"',
  );
});

it('saves what was edited, and refuses to overwrite what someone else saved meanwhile', async () => {
  const ctx = await world.as('engineer');
  const save = (seconds: number, expectedRevision?: number) =>
    importPipeline(ctx, { application, definition: definition('raced', seconds), expectedRevision });
  expect(await save(1, 0)).toMatchObject({ revision: 1, changed: true });
  expect(await save(2, 1)).toMatchObject({ revision: 2 });
  await expect(save(3, 1)).rejects.toMatchObject({ code: 'conflict', details: { revision: 2 } });
  await expect(save(3, 0)).rejects.toMatchObject({ code: 'conflict' });
  // The same again is no conflict, whoever wrote it.
  expect(await save(2, 1)).toMatchObject({ revision: 2, changed: false });
  expect(await save(4)).toMatchObject({ revision: 3 });
});

it('lets one of two who save at the same moment win', async () => {
  const ctx = await world.as('engineer');
  const saved = await Promise.allSettled(
    [1, 2, 3, 4].map((seconds) =>
      importPipeline(ctx, { application, definition: definition('met', seconds), expectedRevision: 0 }),
    ),
  );
  expect(saved.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
});

it('keeps every revision with who saved it', async () => {
  const ctx = await world.as('engineer');
  for (const seconds of [1, 1, 2])
    await importPipeline(ctx, { application, definition: definition('kept', seconds) });
  const revisions = await listPipelineRevisions(ctx, { application, name: 'kept' });
  expect(revisions.map(({ revision, definition: { stages } }) => [revision, stages[0]?.config])).toEqual([
    [2, { seconds: 2 }],
    [1, { seconds: 1 }],
  ]);
  expect(revisions[0]?.by).toBe(ctx.actor?.name);
});
