import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applications, executions, pipelines, stages } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import { message } from '@/server/domain/message';
import type { PipelineDefinition } from '@/server/domain/pipeline';
import type { Engine } from '@/server/engine/engine';
import { requestCancel } from '@/server/engine/enqueue';
import { askAgain, waitingForPlace } from '@/server/engine/requests/ask-again';
import { requestSkip } from '@/server/engine/requests/skip';
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
const tx = database.db.transaction.bind(database.db);
const waiting = { kind: 'time' as const, reason: message('engine.test'), until: null, who: [] };
/** Waits until something ends it. */
const sleeps = testType('sleeps', {
  skippable: true,
  tasks: [{ name: 'sleep', run: async () => ({ status: 'running', retryAfterMs: 3_600_000, waiting }) }],
});

let engine: Engine;
beforeAll(() => {
  engine = engineFor(database, { sleeps });
  engine.start();
});
afterAll(() => engine.drain(1_000));

describe('a limit on executions at once', () => {
  const limited = (name: string, mode: 'fifo' | 'newest'): PipelineDefinition => ({
    ...pipeline(stage('a', 'sleeps')),
    name,
    concurrency: { limit: 1, waiting: mode },
  });
  const skipA = async (id: string) => {
    await expect.poll(async () => (await stageRow(database, id, 'a')).status).toBe('running');
    await tx(async (t) => requestSkip(t, (await stageRow(database, id, 'a')).id, 'Ada'));
  };
  const status = async (id: string) => (await executionRow(database, id)).status;

  it('lets the oldest in next', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.push(await start(database, limited('fifo', 'fifo')));
    const [first = '', second = '', third = ''] = ids;
    await expect.poll(async () => (await executionRow(database, third)).waiting?.kind).toBe('slot');
    await expect.poll(() => status(first)).toBe('running');
    await skipA(first);
    await expect.poll(() => status(second)).toBe('running');
    expect(await status(third)).toBe('pending');
    await tx((t) => requestCancel(t, second, 'Ada', null));
    await skipA(third);
    expect(await ended(database, third)).toBe('skipped');
    await expectNoJobsLeft(database);
  });

  it('lets the newest in next and withdraws the others', async () => {
    const first = await start(database, limited('newest', 'newest'));
    await expect.poll(() => status(first)).toBe('running');
    const older = await start(database, limited('newest', 'newest'));
    await expect.poll(async () => (await executionRow(database, older)).waiting?.kind).toBe('slot');
    const newest = await start(database, limited('newest', 'newest'));
    expect(await ended(database, older)).toBe('canceled');
    await skipA(first);
    await skipA(newest);
    expect(await ended(database, newest)).toBe('skipped');
  });

  it('is the pipeline’s of today for those that wait', async () => {
    const definition = limited('raised', 'fifo');
    await database.db.insert(applications).values({ name: 'shop' }).onConflictDoNothing();
    await database.db
      .insert(pipelines)
      .values({ application: 'shop', name: 'raised', definition, updatedBy: 'Ada' });
    const first = await start(database, definition);
    await expect.poll(() => status(first)).toBe('running');
    const second = await start(database, definition);
    await expect.poll(async () => (await executionRow(database, second)).waiting?.kind).toBe('slot');
    await tx(async (t) => {
      const raised = { ...definition, concurrency: { limit: 2, waiting: 'fifo' as const } };
      await t.update(pipelines).set({ definition: raised }).where(eq(pipelines.name, 'raised'));
      await askAgain(t, await waitingForPlace(t, 'shop', 'raised'));
    });
    await expect.poll(() => status(second)).toBe('running');
    for (const id of [first, second]) await skipA(id);
  });

  it('is never passed, however many start at the same moment', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => start(database, limited('rush', 'fifo'))));
    let most = 0;
    const running = async () => {
      const { rows } = await database.db.execute<{ n: number }>(
        sql`SELECT count(*)::int AS n FROM executions WHERE pipeline = 'rush' AND status = 'running'`,
      );
      most = Math.max(most, rows[0]?.n ?? 0);
      return rows[0]?.n ?? 0;
    };
    for (let left = ids.length; left > 0; left -= 1) {
      await expect.poll(running).toBe(1);
      const [row] = await database.db
        .select({ id: stages.id })
        .from(stages)
        .innerJoin(executions, eq(executions.id, stages.executionId))
        .where(sql`${executions.pipeline} = 'rush' AND ${executions.status} = 'running'`);
      await tx((t) => requestSkip(t, row?.id ?? '', 'Ada'));
      await expect
        .poll(async () => (await Promise.all(ids.map(status))).filter((one) => one === 'skipped').length)
        .toBe(ids.length - left + 1);
    }
    expect(most).toBe(1);
  });
});
