import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { events, executions, stages } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import { message } from '@/server/domain/message';
import { isComplete } from '@/server/domain/status';
import type { Engine } from '@/server/engine/engine';
import { requestCancel } from '@/server/engine/enqueue';
import {
  ended,
  engineFor,
  executionRow,
  expectNoJobsLeft,
  pipeline,
  stage,
  stageRow,
  start,
} from '@/server/engine/testing/harness';
import { testType } from '@/server/engine/testing/stage-types';

const database = await testDatabase();
const { db } = database;
const waiting = { kind: 'time' as const, reason: message('engine.test'), until: null, who: [] };
const stageTypes = {
  plain: testType('plain', { tasks: [{ name: 'run', run: async () => ({ status: 'succeeded' }) }] }),
  poison: testType('poison', {
    tasks: [{ name: 'run', run: async () => ({ status: 'succeeded', outputs: { poison: true } }) }],
  }),
  instant: testType('instant', {
    instant: true,
    tasks: [
      {
        name: 'run',
        async run({ config, stage: { outputs } }) {
          if (config.fails === true) return { status: 'failed', error: message('engine.test') };
          if (config.waits !== true || outputs.looked === true)
            return { status: 'succeeded', outputs: { done: true } };
          return { status: 'running', retryAfterMs: 5, waiting, outputs: { looked: true } };
        },
      },
    ],
  }),
};

let engine: Engine;
beforeAll(async () => {
  await db.execute(sql`ALTER TABLE stages ADD CONSTRAINT no_poison CHECK (NOT outputs ? 'poison')`);
  engine = engineFor(database, stageTypes);
  engine.start();
});
afterAll(() => engine.drain(1_000));

it('lets the others go on when the database refuses one of a group', async () => {
  const bad = await start(database, pipeline(stage('bad', 'poison')));
  const good = await Promise.all(
    Array.from({ length: 20 }, () =>
      start(database, pipeline(stage('a', 'plain'), stage('b', 'plain', {}, ['a']))),
    ),
  );

  for (const id of good) expect(await ended(database, id)).toBe('succeeded');
  await expect
    .poll(async () => (await stageRow(database, bad, 'bad')).waiting)
    .toMatchObject({ kind: 'retry' });

  await db.transaction((tx) => requestCancel(tx, bad, 'Ada', null));
  expect(await ended(database, bad)).toBe('canceled');
  await expectNoJobsLeft(database);
});

it('makes no execution wait for another that is locked', async () => {
  const locked = await start(database, pipeline(stage('a', 'plain')));
  const holder = await database.pool.connect();
  try {
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM executions WHERE id = $1 FOR UPDATE', [locked]);
    const others = await Promise.all(
      Array.from({ length: 20 }, () => start(database, pipeline(stage('a', 'plain')))),
    );
    for (const id of others) expect(await ended(database, id)).toBe('succeeded');
    expect(isComplete((await executionRow(database, locked)).status)).toBe(false);
    await holder.query('COMMIT');
  } finally {
    holder.release();
  }
  expect(await ended(database, locked)).toBe('succeeded');
});

it.each([
  ['that answers at once', {}, 'succeeded'],
  ['that has to wait', { waits: true }, 'succeeded'],
  ['that fails', { fails: true }, 'failed'],
])('an instant stage %s starts and ends like any other', async (_, config, expected) => {
  const id = await start(database, pipeline(stage('one', 'instant', config)));

  expect(await ended(database, id)).toBe(expected);
  const [row] = await db.select().from(stages).where(eq(stages.executionId, id));
  expect(row).toMatchObject({ status: expected, taskIndex: 0, waiting: null });
  expect(row?.startedAt).not.toBeNull();
  expect(row?.outputs.done).toBe(expected === 'succeeded' ? true : undefined);
  const told = await db.select().from(events).where(eq(events.executionId, id)).orderBy(events.seq);
  const statuses = told.filter(({ kind }) => kind === 'stage').map(({ status }) => status);
  expect([...new Set(statuses)]).toEqual(['running', expected]);
});

it('ends many executions of all kinds in one group with the status of each', async () => {
  const definitions = [
    pipeline(stage('a', 'instant')),
    pipeline(stage('a', 'instant', { fails: true })),
    pipeline({ ...stage('a', 'instant', { fails: true }), onFailure: 'ignore' }),
  ];
  const ids = await Promise.all(
    Array.from({ length: 30 }, (_, i) => start(database, definitions[i % 3] ?? pipeline())),
  );

  const got = await Promise.all(ids.map((id) => ended(database, id)));
  expect(got).toEqual(ids.map((_, i) => ['succeeded', 'failed', 'succeeded'][i % 3]));
  const rows = await db.select({ open: executions.openStages }).from(executions);
  expect(rows.every(({ open }) => open === 0)).toBe(true);
  await expectNoJobsLeft(database);
});
