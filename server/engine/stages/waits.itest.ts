import { afterAll, beforeAll, expect, it } from 'vitest';
import { judgments } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { Engine } from '@/server/engine/engine';
import { wakeStage } from '@/server/engine/enqueue';
import { stageTypes } from '@/server/engine/stages/registry';
import {
  ended,
  engineFor,
  executionRow,
  pipeline,
  stage,
  stageRow,
  start,
  statuses,
} from '@/server/engine/testing/harness';

const database = await testDatabase();
let engine: Engine;
beforeAll(() => {
  engine = engineFor(database, stageTypes);
  engine.start();
});
afterAll(() => engine.drain(1_000));

const gated = (config: Record<string, unknown> = {}) =>
  pipeline(stage('gate', 'manualJudgment', config), stage('after', 'wait', { seconds: 0 }, ['gate']));

async function judge(
  executionId: string,
  decision: 'continue' | 'stop',
  comment: string | null = null,
): Promise<void> {
  const { id: stageId } = await stageRow(database, executionId, 'gate');
  await database.db.transaction(async (tx) => {
    await tx
      .insert(judgments)
      .values({ stageId, decision, input: 'canary', comment, by: 'Ada', evidence: {} });
    await wakeStage(tx, stageId);
  });
}

it('a gate says whom it waits for and until when, and goes on when they say yes', async () => {
  const id = await start(database, gated({ roles: ['releaseManager'] }));
  await expect
    .poll(async () => (await stageRow(database, id, 'gate')).waiting)
    .toMatchObject({ kind: 'person', who: ['releaseManager'], until: expect.stringMatching(/^\d{4}-/) });

  await judge(id, 'continue');

  expect(await ended(database, id)).toBe('succeeded');
  expect((await stageRow(database, id, 'gate')).outputs).toEqual({ by: 'Ada', judgmentInput: 'canary' });
});

it('a gate stops what comes after it when they say no, and keeps their words', async () => {
  const id = await start(database, gated());
  await expect.poll(async () => (await stageRow(database, id, 'gate')).status).toBe('running');

  await judge(id, 'stop', 'too slow');

  expect(await ended(database, id)).toBe('stopped');
  expect(await statuses(database, id)).toEqual({ gate: 'stopped', after: 'skipped' });
  expect((await executionRow(database, id)).error).toEqual({
    key: 'engine.judgment.stoppedBecause',
    values: { by: 'Ada', comment: 'too slow' },
  });
});

it('a gate stops by itself when nobody decides in time', async () => {
  const id = await start(database, gated({ expiresAfterSeconds: 1 }));

  expect(await ended(database, id)).toBe('stopped');
  expect((await executionRow(database, id)).error?.key).toBe('engine.judgment.expired');
});

it('a wait ends when its time has passed, and says when that is', async () => {
  const id = await start(database, pipeline(stage('pause', 'wait', { seconds: 1 })));
  await expect.poll(async () => (await stageRow(database, id, 'pause')).waiting?.kind).toBe('time');

  expect(await ended(database, id)).toBe('succeeded');
});
