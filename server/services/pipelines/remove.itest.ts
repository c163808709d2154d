import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { pipelines, triggers } from '@/db/schema';
import { pipelineDefinitionSchema } from '@/server/domain/pipeline';
import { importPipeline } from '@/server/services/pipelines/import';
import { removePipeline } from '@/server/services/pipelines/remove';
import { testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const engineer = await world.as('engineer');
const application = 'catalog';
const wait = { refId: 'a', type: 'wait', name: 'a', config: { seconds: 1 } };
const put = (definition: object) =>
  importPipeline(engineer, { application, definition: pipelineDefinitionSchema.parse(definition) });

it('takes a pipeline away with its triggers', async () => {
  const clock = { id: 'nightly', type: 'cron', config: { expression: '0 2 * * *' } };
  await put({ name: 'old', stages: [wait], triggers: [clock] });
  expect(await removePipeline(engineer, { application, name: 'old' })).toEqual({ ok: true });
  expect(await world.db.select().from(pipelines).where(eq(pipelines.name, 'old'))).toEqual([]);
  expect(await world.db.select().from(triggers).where(eq(triggers.pipeline, 'old'))).toEqual([]);
  await expect(removePipeline(engineer, { application, name: 'old' })).rejects.toMatchObject({
    code: 'not_found',
  });
});

it('is refused while an environment or another pipeline uses it', async () => {
  await put({ name: 'inner', stages: [wait] });
  await put({
    name: 'outer',
    stages: [{ refId: 'run', type: 'pipeline', name: 'run', config: { pipeline: 'inner' } }],
  });
  await expect(removePipeline(engineer, { application, name: 'inner' })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('the pipeline "outer"'),
  });
  await expect(removePipeline(engineer, { application, name: 'deploy-prod' })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('the environment "prod"'),
  });
});
