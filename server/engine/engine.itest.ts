import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { events, jobs, judgments } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { Waiting } from '@/server/domain/execution';
import { message } from '@/server/domain/message';
import type { Engine } from '@/server/engine/engine';
import { requestCancel, wakeStage } from '@/server/engine/enqueue';
import { pauseExecution, resumeExecution } from '@/server/engine/requests/pause';
import type { StageType } from '@/server/engine/stages/stage';
import {
  ended,
  engineFor,
  executionRow,
  expectNoJobsLeft,
  pipeline,
  stage,
  stageRow,
  start,
  statuses,
} from '@/server/engine/testing/harness';

const database = await testDatabase();
const calls: string[] = [];
const gates = new Map<string, () => void>();

const childrenSchema = z.array(
  z.object({ key: z.string(), type: z.string(), requires: z.array(z.string()) }),
);
const anything = z.record(z.string(), z.unknown());
const waiting: Waiting = { kind: 'time', reason: message('engine.test'), until: null, who: [] };

function type(name: string, parts: Partial<StageType<Record<string, unknown>>>): StageType {
  return {
    type: name,
    label: name,
    group: 'control',
    authorable: true,
    configSchema: anything,
    tasks: [],
    ...parts,
  };
}

const stageTypes = {
  noop: type('noop', {
    tasks: [
      { name: 'run', run: async (context) => (calls.push(context.stage.refId), { status: 'succeeded' }) },
    ],
  }),
  strict: {
    type: 'strict',
    label: 'strict',
    group: 'control' as const,
    authorable: true,
    configSchema: z.object({ seconds: z.number() }),
    tasks: [],
  },
  fails: type('fails', {
    tasks: [
      { name: 'run', run: async () => ({ status: 'failed', error: message('engine.test', { n: 1 }) }) },
    ],
  }),
  throws: type('throws', {
    tasks: [{ name: 'run', run: () => Promise.reject(new Error('a bug')) }],
  }),
  /** Never answers, and does not even listen to its signal. */
  hangs: type('hangs', {
    tasks: [
      {
        name: 'run',
        run: (context) => {
          calls.push(`hang ${context.stage.refId}`);
          return new Promise(() => undefined);
        },
      },
    ],
  }),
  /** Waits until woken with a judgment row. */
  gate: type('gate', {
    tasks: [
      {
        name: 'wait',
        run: async ({ stage: self, services }) => {
          const [row] = await services.db.select().from(judgments).where(eq(judgments.stageId, self.id));
          return row ? { status: 'succeeded' } : { status: 'running', retryAfterMs: 3_600_000, waiting };
        },
      },
    ],
  }),
  /** A task that the test lets go on. */
  held: type('held', {
    tasks: [
      {
        name: 'first',
        run: (context) =>
          new Promise((resolve) => gates.set(context.stage.refId, () => resolve({ status: 'succeeded' }))),
      },
      {
        name: 'second',
        run: async (context) => (calls.push(`second ${context.stage.refId}`), { status: 'succeeded' }),
      },
    ],
  }),
  parent: type('parent', {
    plan: async ({ config }) => ({
      status: 'planned',
      children: childrenSchema.parse(config.children).map((child) => ({
        ...child,
        name: message('literal', { text: child.key }),
        config: {},
      })),
    }),
    tasks: [
      {
        name: 'after',
        run: async ({ stage: self }) => (calls.push(`after ${self.refId}`), { status: 'succeeded' }),
      },
    ],
    onFailure: [
      {
        name: 'clean',
        run: async ({ stage: self }) => (calls.push(`clean ${self.refId}`), { status: 'succeeded' }),
      },
    ],
  }),
};

let engine: Engine;
beforeAll(() => {
  engine = engineFor(database, stageTypes);
  engine.start();
});
afterAll(() => engine.drain(1_000));

const child = (key: string, childType: string, ...requires: string[]) => ({ key, type: childType, requires });

describe('an execution that succeeds', () => {
  it('runs stages after what they require, each once, and leaves no job', async () => {
    calls.length = 0;
    const id = await start(
      database,
      pipeline(
        stage('a', 'noop'),
        stage('b', 'noop', {}, ['a']),
        stage('c', 'noop', {}, ['a']),
        stage('d', 'noop', {}, ['b', 'c']),
      ),
    );

    expect(await ended(database, id)).toBe('succeeded');
    expect(calls.toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(calls[0]).toBe('a');
    expect(calls[3]).toBe('d');
    await expectNoJobsLeft(database);
  });

  it('runs planned children before the own tasks', async () => {
    calls.length = 0;
    const id = await start(
      database,
      pipeline(
        stage('p', 'parent', { children: [child('x', 'noop'), child('y', 'noop', 'x')] }),
        stage('z', 'noop', {}, ['p']),
      ),
    );

    expect(await ended(database, id)).toBe('succeeded');
    expect(calls).toEqual(['p.x', 'p.y', 'after p', 'z']);
  });

  it('tells every change in the event log, the last one with the end', async () => {
    const id = await start(database, pipeline(stage('a', 'noop')));
    await ended(database, id);

    const rows = await database.db
      .select()
      .from(events)
      .where(eq(events.executionId, id))
      .orderBy(events.seq);
    expect(rows.map((row) => [row.kind, row.subject, row.status])).toEqual([
      ['execution', null, 'pending'],
      ['execution', null, 'running'],
      ['stage', 'a', 'running'],
      ['stage', 'a', 'succeeded'],
      ['execution', null, 'succeeded'],
    ]);
  });
});

describe('an execution that does not succeed', () => {
  it('skips what has not started and takes the status of the failure', async () => {
    const id = await start(
      database,
      pipeline(stage('a', 'fails'), stage('b', 'noop', {}, ['a']), stage('c', 'noop', {}, ['b'])),
    );

    expect(await ended(database, id)).toBe('failed');
    expect(await statuses(database, id)).toEqual({ a: 'failed', b: 'skipped', c: 'skipped' });
    expect((await executionRow(database, id)).error).toEqual(message('engine.test', { n: 1 }));
    await expectNoJobsLeft(database);
  });

  it('cancels a sibling that waits, cleans up after all have ended, and takes the worst status', async () => {
    calls.length = 0;
    gates.clear();
    const children = [
      child('first', 'held'),
      child('bad', 'fails', 'first'),
      child('waits', 'gate'),
      child('later', 'noop', 'waits'),
    ];
    const id = await start(
      database,
      pipeline(stage('p', 'parent', { children }), stage('z', 'noop', {}, ['p'])),
    );
    await expect.poll(async () => (await statuses(database, id))['p.waits']).toBe('running');
    await expect.poll(() => gates.has('p.first')).toBe(true);

    gates.get('p.first')?.();

    expect(await ended(database, id)).toBe('failed');
    expect(await statuses(database, id)).toEqual({
      p: 'failed',
      'p.first': 'succeeded',
      'p.bad': 'failed',
      'p.waits': 'canceled',
      'p.later': 'skipped',
      z: 'skipped',
    });
    expect(calls.at(-1)).toBe('clean p');
    expect(calls).not.toContain('after p');
  });

  it('lets a sibling end the call it is in before it is canceled', async () => {
    calls.length = 0;
    gates.clear();
    const children = [child('busy', 'held'), child('first', 'held'), child('bad', 'fails', 'first')];
    const id = await start(database, pipeline(stage('p', 'parent', { children })));
    await expect.poll(() => [...gates.keys()].toSorted()).toEqual(['p.busy', 'p.first']);
    gates.get('p.first')?.();
    await expect.poll(async () => (await stageRow(database, id, 'p.bad')).status).toBe('failed');
    expect((await stageRow(database, id, 'p.busy')).status).toBe('running');
    expect(calls).not.toContain('clean p');

    gates.get('p.busy')?.();

    expect(await ended(database, id)).toBe('failed');
    expect((await stageRow(database, id, 'p.busy')).status).toBe('canceled');
    expect(calls).not.toContain('second p.busy');
    expect(calls.at(-1)).toBe('clean p');
  });

  it('says in a sentence what is wrong with a configuration', async () => {
    const id = await start(database, pipeline(stage('a', 'strict', { seconds: 'many' })));

    expect(await ended(database, id)).toBe('errored');
    const error = (await stageRow(database, id, 'a')).error;
    expect(error?.key).toBe('engine.badConfig');
    expect(error?.values.problem).toContain('seconds');
  });

  it('names a stage type that does not exist', async () => {
    const id = await start(database, pipeline(stage('a', 'teleport')));

    expect(await ended(database, id)).toBe('errored');
    expect((await stageRow(database, id, 'a')).error).toEqual(
      message('engine.unknownStageType', { type: 'teleport' }),
    );
  });

  it('shows a bug as a reason to wait, and gives the stage up after some tries', async () => {
    const id = await start(database, pipeline(stage('a', 'throws')));
    await expect.poll(async () => (await stageRow(database, id, 'a')).waiting?.kind).toBe('retry');

    // Time passes: every put-off is over at once.
    const hurry = setInterval(
      () =>
        void database.db
          .execute(sql`UPDATE jobs SET run_at = now() WHERE claimed_by IS NULL`)
          .catch(() => undefined),
      20,
    );
    const status = await ended(database, id).finally(() => clearInterval(hurry));

    expect(status).toBe('errored');
    expect((await stageRow(database, id, 'a')).error?.values).toMatchObject({ reason: 'a bug' });
    await expectNoJobsLeft(database);
  });
});

describe('people', () => {
  it('cancel an execution while a call does not answer', async () => {
    const id = await start(database, pipeline(stage('a', 'hangs'), stage('b', 'noop', {}, ['a'])));
    await expect.poll(() => calls).toContain('hang a');

    const applied = await database.db.transaction((tx) => requestCancel(tx, id, 'Ada', 'wrong version'));

    expect(applied).toBe(true);
    expect(await ended(database, id)).toBe('canceled');
    expect(await statuses(database, id)).toEqual({ a: 'canceled', b: 'canceled' });
    expect((await executionRow(database, id)).error).toEqual(
      message('engine.canceledBecause', { by: 'Ada', reason: 'wrong version' }),
    );
    await expectNoJobsLeft(database);
    await expect.poll(() => engine.jobsInFlight()).toBe(0);
    expect(await database.db.transaction((tx) => requestCancel(tx, id, 'Bob', null))).toBe(false);
  });

  it('hold an execution at the next task boundary and let it go on', async () => {
    calls.length = 0;
    gates.clear();
    const id = await start(database, pipeline(stage('a', 'held'), stage('b', 'noop', {}, ['a'])));
    await expect.poll(() => gates.has('a')).toBe(true);

    expect(await database.db.transaction((tx) => pauseExecution(tx, id, 'Ada'))).toBe(true);
    expect((await stageRow(database, id, 'a')).waiting?.reason).toEqual(
      message('engine.paused', { by: 'Ada' }),
    );
    gates.get('a')?.();
    await expectNoJobsLeft(database);
    expect((await executionRow(database, id)).status).toBe('paused');
    expect((await stageRow(database, id, 'a')).taskIndex).toBe(1);
    expect(calls).toEqual([]);

    expect(await database.db.transaction((tx) => resumeExecution(tx, id))).toBe(true);
    expect(await ended(database, id)).toBe('succeeded');
    expect(calls).toEqual(['second a', 'b']);
  });

  it('end an execution whose last stage ended while it was paused', async () => {
    gates.clear();
    const id = await start(database, pipeline(stage('p', 'parent', { children: [child('x', 'gate')] })));
    await expect.poll(async () => (await statuses(database, id))['p.x']).toBe('running');
    await database.db.transaction((tx) => pauseExecution(tx, id, 'Ada'));
    await judge((await stageRow(database, id, 'p.x')).id);
    await expectNoJobsLeft(database);

    await database.db.transaction((tx) => resumeExecution(tx, id));

    expect(await ended(database, id)).toBe('succeeded');
  });

  it('wake a stage that waits for them', async () => {
    const id = await start(database, pipeline(stage('a', 'gate')));
    await expect.poll(async () => (await stageRow(database, id, 'a')).waiting).not.toBeNull();

    await judge((await stageRow(database, id, 'a')).id);

    expect(await ended(database, id)).toBe('succeeded');
  });
});

it('answers the first execution to a second start with the same key', async () => {
  const [first, second] = await Promise.all([
    start(database, pipeline(stage('a', 'noop')), { idempotencyKey: 'once' }),
    start(database, pipeline(stage('a', 'noop')), { idempotencyKey: 'once' }),
  ]);

  expect(second).toBe(first);
  await ended(database, first);
});

it('keeps fences rising over all jobs of a stage', async () => {
  const id = await start(database, pipeline(stage('p', 'parent', { children: [child('x', 'gate')] })));
  await expect.poll(async () => (await statuses(database, id))['p.x']).toBe('running');
  const parent = await stageRow(database, id, 'p');
  expect(parent.fence).toBeGreaterThan(0);
  const open = await database.db.select().from(jobs).where(eq(jobs.stageId, parent.id));
  expect(open).toEqual([]);

  await judge((await stageRow(database, id, 'p.x')).id);
  await ended(database, id);
});

async function judge(stageId: string): Promise<void> {
  await database.db.transaction(async (tx) => {
    await tx.insert(judgments).values({ stageId, decision: 'continue', by: 'Ada', evidence: {} });
    await wakeStage(tx, stageId);
  });
}
