import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { executions, pins, serverGroups, vetoes } from '@/db/schema';
import { message } from '@/server/domain/message';
import type { Engine } from '@/server/engine/engine';
import { ended, engineFor, stageRow } from '@/server/engine/testing/harness';
import { testType } from '@/server/engine/testing/stage-types';
import { cancelExecution } from '@/server/services/executions/cancel';
import { startRollback } from '@/server/services/rollbacks/start';
import { renderEnglish } from '@/server/services/shared/render-english';
import { DIGEST, seeServerGroup, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const { db, database } = world;
const engineer = await world.as('engineer');
const prod = { application: 'catalog', cluster: 'catalog-prod' };
const waiting = { kind: 'time' as const, reason: message('engine.test'), until: null, who: [] };

/** What becomes of the rollback. */
let end: 'succeeded' | 'failed' | 'running' = 'succeeded';
const rollbackCluster = testType('rollbackCluster', {
  tasks: [
    {
      name: 'end',
      async run() {
        if (end === 'failed') return { status: 'failed', error: message('engine.test') };
        return end === 'running'
          ? { status: 'running', retryAfterMs: 3_600_000, waiting }
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
  await seeServerGroup(world, 'eu', 'prod', 0, '1.0.0');
  await seeServerGroup(world, 'eu', 'prod', 1, '1.1.0', { traffic: 1 });
});
afterEach(async () => {
  for (const table of [executions, pins, vetoes, serverGroups]) await db.delete(table);
});

const rollBack = () => startRollback(engineer, { ...prod, reason: 'checkout is slow' });
const pinned = async () => (await db.select().from(pins)).filter(({ liftedAt }) => liftedAt === null);
const vetoed = async () => (await db.select().from(vetoes)).map(({ digest }) => digest);

it('a rollback that failed does not hold the cluster at what does not run, and says so; the veto stays', async () => {
  end = 'failed';
  const { executionId } = await rollBack();
  expect(await ended(database, executionId)).toBe('failed');
  expect(await pinned()).toEqual([]);
  expect(await vetoed()).toEqual([DIGEST['1.1.0']]);
  const { log } = await stageRow(database, executionId, 'rollback');
  expect(log.map(({ text }) => renderEnglish(text))).toContain(
    'catalog-prod is not pinned to 1.0.0 any more, for it did not get back there. The veto stays.',
  );
});

it('one that was withdrawn on the way does not either', async () => {
  end = 'running';
  const { executionId } = await rollBack();
  await expect.poll(async () => (await stageRow(database, executionId, 'rollback')).status).toBe('running');
  await cancelExecution(engineer, { id: executionId, reason: 'the wrong one' });
  expect(await ended(database, executionId)).toBe('canceled');
  expect(await pinned()).toEqual([]);
});

it('one that succeeded keeps its pin, and so does a pin of later than one that failed', async () => {
  end = 'running';
  const { executionId } = await rollBack();
  await expect.poll(async () => (await stageRow(database, executionId, 'rollback')).status).toBe('running');
  const [own] = await pinned();
  if (!own) throw new Error('the rollback has not pinned its cluster');
  await db.update(pins).set({ liftedAt: new Date() }).where(eq(pins.id, own.id));
  const { account, digest, version } = own;
  await db.insert(pins).values({ ...prod, account, digest, version, reason: 'holds', by: 'Ada' });
  await cancelExecution(engineer, { id: executionId, reason: 'the wrong one' });
  expect(await ended(database, executionId)).toBe('canceled');
  expect((await pinned()).map(({ by }) => by)).toEqual(['Ada']);

  end = 'succeeded';
  const second = await rollBack();
  expect(await ended(database, second.executionId)).toBe('succeeded');
  expect((await pinned()).map(({ reason }) => reason)).toEqual(['checkout is slow']);
});

it('one that failed gives back the pin that stood before it, with its reason and whose it was', async () => {
  end = 'succeeded';
  expect(await ended(database, (await rollBack()).executionId)).toBe('succeeded');
  const [before] = await pinned();
  if (!before) throw new Error('the rollback has not pinned its cluster');
  const reason = 'the bank closes its books';
  await db.update(pins).set({ by: 'Ada', reason }).where(eq(pins.id, before.id));

  end = 'failed';
  for (let again = 0; again < 2; again++) {
    const { executionId } = await rollBack();
    expect(await ended(database, executionId)).toBe('failed');
    expect(await pinned()).toEqual([{ ...before, by: 'Ada', reason }]);
    const { log } = await stageRow(database, executionId, 'rollback');
    expect(log.map(({ text }) => renderEnglish(text))).toContain(
      'catalog-prod is pinned to 1.0.0 again, as before (by Ada: the bank closes its books), for this rollback did not get there. The veto stays.',
    );
  }
});

it('a pin that has run out meanwhile does not come back', async () => {
  end = 'succeeded';
  expect(await ended(database, (await rollBack()).executionId)).toBe('succeeded');
  await db.update(pins).set({ expiresAt: new Date(0) });
  end = 'failed';
  expect(await ended(database, (await rollBack()).executionId)).toBe('failed');
  expect(await pinned()).toEqual([]);
});
