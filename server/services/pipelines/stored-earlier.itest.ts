import { and, eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { pipelines } from '@/db/schema';
import { ALL, testWorld } from '@/server/services/testing/world';

/** What an earlier version has stored may hold fields that there are no more. */

const world = await testWorld();
const token = await world.token(ALL, 'admin');

it('is read and started as it stands, and told when it is saved again', async () => {
  const pause = {
    refId: 'pause',
    type: 'wait',
    name: 'Pause',
    requires: [],
    config: { seconds: 1, old: true },
  };
  const earlier = {
    name: 'deploy-staging',
    description: '',
    parameters: [],
    stages: [{ ...pause, former: 1 }],
  };
  await world.db
    .update(pipelines)
    .set({ definition: earlier })
    .where(and(eq(pipelines.application, 'catalog'), eq(pipelines.name, 'deploy-staging')));
  const at = '/applications/catalog/pipelines/deploy-staging';
  expect((await world.rest('GET', at, { token })).body.definition).toEqual(earlier);
  expect((await world.rest('GET', `${at}/definition`, { token })).body).toEqual(earlier);
  expect((await world.rest('POST', `${at}/executions`, { token, body: {} })).status).toBe(201);
  const put = (body: object) => world.rest('PUT', at, { token, body });
  expect(await put(earlier)).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining('stages.0: there is no field "former" here') } },
  });
  expect(await put({ ...earlier, stages: [pause] })).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining('stages.0.config: there is no field "old" here') } },
  });
});
