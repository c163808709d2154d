import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { executions, pins, serverGroups, vetoes } from '@/db/schema';
import { message } from '@/server/domain/message';
import type { Engine } from '@/server/engine/engine';
import { ended, engineFor, stageRow } from '@/server/engine/testing/harness';
import { testType } from '@/server/engine/testing/stage-types';
import { getExecution } from '@/server/services/executions/get';
import { startEverywhere } from '@/server/services/rollbacks/start-everywhere';
import { renderEnglish } from '@/server/services/shared/render-english';
import { DIGEST, seeServerGroup, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const { db, database } = world;
const engineer = await world.as('engineer');

/** The cluster that does not get back. */
let broken = '';
const rollbackCluster = testType('rollbackCluster', {
  tasks: [
    {
      name: 'end',
      async run({ config }) {
        return config.cluster === broken
          ? { status: 'errored', error: message('engine.test') }
          : { status: 'succeeded' };
      },
    },
  ],
});

let engine: Engine;
beforeAll(() => {
  engine = engineFor(database, { rollbackCluster });
  engine.start();
});
afterAll(() => engine.drain(1_000));
beforeEach(async () => {
  for (const environment of ['staging', 'prod']) {
    await seeServerGroup(world, 'eu', environment, 0, '1.0.0');
    await seeServerGroup(world, 'eu', environment, 1, '1.1.0', { traffic: 1 });
  }
});
afterEach(async () => {
  for (const table of [executions, pins, vetoes, serverGroups]) await db.delete(table);
});

const takeBack = () =>
  startEverywhere(engineer, {
    target: { application: 'catalog', version: '1.1.0' },
    reason: 'checkout is slow',
  });
const pinned = async () =>
  (await db.select().from(pins)).filter(({ liftedAt }) => liftedAt === null).map(({ cluster }) => cluster);

it.each([
  ['the first', 'staging', 'prod'],
  ['the last', 'prod', 'staging'],
])('where %s does not get back, the other does all the same, and it is said which', async (_, bad, good) => {
  broken = `catalog-${bad}`;
  const { executionId } = await takeBack();
  expect(await ended(database, executionId)).toBe('errored');
  expect((await stageRow(database, executionId, good)).status).toBe('succeeded');
  expect(await pinned()).toEqual([`catalog-${good}`]);
  expect((await db.select().from(vetoes)).map(({ digest }) => digest)).toEqual([DIGEST['1.1.0']]);
  const { sentence } = await getExecution(engineer, { id: executionId });
  expect(renderEnglish(sentence)).toContain(`catalog-${bad}`);
});

it('is a success when all get back', async () => {
  broken = '';
  const { executionId } = await takeBack();
  expect(await ended(database, executionId)).toBe('succeeded');
  expect((await pinned()).toSorted()).toEqual(['catalog-prod', 'catalog-staging']);
});
