import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executions, stages } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { Waiting } from '@/server/domain/execution';
import { message } from '@/server/domain/message';
import type { StageDefinition } from '@/server/domain/pipeline';
import type { Engine } from '@/server/engine/engine';
import { requestCancel } from '@/server/engine/enqueue';
import { pauseExecution, resumeExecution } from '@/server/engine/requests/pause';
import { restartFrom } from '@/server/engine/requests/restart';
import { overrideWindow, requestSkip } from '@/server/engine/requests/skip';
import { checkPreconditions } from '@/server/engine/stages/check-preconditions';
import { evaluateVariables } from '@/server/engine/stages/evaluate-variables';
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
import { testType } from '@/server/engine/testing/stage-types';

const database = await testDatabase();
const cleaned: string[] = [];
const runs: string[] = [];
/** refIds whose stage fails now; a test changes its mind. */
const broken = new Set<string>();
const waiting: Waiting = { kind: 'time', reason: message('engine.test'), until: null, who: [] };
const child = (key: string) => ({
  key,
  type: 'sleeps',
  name: message('literal', { text: key }),
  requires: [],
  config: {},
});

const stageTypes = {
  checkPreconditions,
  evaluateVariables,
  /** Succeeds with what it was configured with, or fails when the test says so. */
  step: testType('step', {
    tasks: [
      {
        name: 'run',
        run: async ({ stage: { refId }, config }) => {
          runs.push(refId);
          return broken.has(refId)
            ? { status: 'failed', error: message('engine.test', { refId }) }
            : { status: 'succeeded', outputs: config };
        },
      },
    ],
  }),
  /** Waits until something ends it. */
  sleeps: testType('sleeps', {
    skippable: true,
    tasks: [{ name: 'sleep', run: async () => ({ status: 'running', retryAfterMs: 3_600_000, waiting }) }],
    onCancel: [
      {
        name: 'clean',
        run: async ({ stage: { refId } }) => {
          cleaned.push(refId);
          return { status: 'succeeded', log: [message('engine.test', { cleaned: refId })] };
        },
      },
    ],
  }),
  never: testType('never', { tasks: [{ name: 'hang', run: () => new Promise(() => undefined) }] }),
  family: testType('family', {
    plan: async () => ({ status: 'planned', children: [child('one'), child('two')] }),
    tasks: [],
    onFailure: [
      {
        name: 'clean',
        run: async ({ stage: { refId } }) => (cleaned.push(refId), { status: 'succeeded' }),
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

const more = (definition: StageDefinition, changes: Partial<StageDefinition>) => ({
  ...definition,
  ...changes,
});
const tx = database.db.transaction.bind(database.db);

describe('a failure policy', () => {
  it('halts a branch and leaves the others, joins included', async () => {
    broken.add('bad');
    const id = await start(
      database,
      pipeline(
        more(stage('bad', 'step'), { onFailure: 'haltBranch' }),
        stage('after', 'step', {}, ['bad']),
        stage('join', 'step', {}, ['after', 'other']),
        stage('other', 'step'),
        stage('end', 'step', {}, ['other']),
      ),
    );
    expect(await ended(database, id)).toBe('succeeded');
    expect(await statuses(database, id)).toEqual({
      bad: 'failed',
      after: 'skipped',
      join: 'skipped',
      other: 'succeeded',
      end: 'succeeded',
    });
  });

  it('fails in the end with haltBranchThenFail, and goes on with ignore', async () => {
    broken.add('bad');
    const late = await start(
      database,
      pipeline(more(stage('bad', 'step'), { onFailure: 'haltBranchThenFail' }), stage('other', 'step')),
    );
    const ignored = await start(
      database,
      pipeline(more(stage('bad', 'step'), { onFailure: 'ignore' }), stage('after', 'step', {}, ['bad'])),
    );
    expect(await ended(database, late)).toBe('failed');
    expect((await statuses(database, late)).other).toBe('succeeded');
    expect(await ended(database, ignored)).toBe('succeeded');
    expect(await statuses(database, ignored)).toEqual({ bad: 'failed', after: 'succeeded' });
    await expectNoJobsLeft(database);
  });
});

describe('expressions', () => {
  it('give a stage what came before, and skip what does not apply', async () => {
    const id = await start(
      database,
      {
        ...pipeline(
          stage('vars', 'evaluateVariables', {
            variables: [
              { key: 'base', value: '${parameters.count + 1}' },
              { key: 'twice', value: '${variables.base * 2}' },
            ],
          }),
          stage('use', 'step', { n: '${stages.vars.outputs.twice}', text: 'n=${parameters.count}' }, [
            'vars',
          ]),
          more(stage('never', 'step', {}, ['use']), { when: 'stages.use.outputs.n > 100' }),
          stage('end', 'step', {}, ['never']),
        ),
      },
      { parameters: { count: 4 } },
    );
    expect(await ended(database, id)).toBe('succeeded');
    expect((await stageRow(database, id, 'use')).outputs).toEqual({ n: 10, text: 'n=4' });
    const never = await stageRow(database, id, 'never');
    expect([never.status, never.log[0]?.text.key]).toEqual(['skipped', 'engine.expression.skipped']);
    expect((await statuses(database, id)).end).toBe('succeeded');
  });

  it('that cannot be evaluated end the stage with the place and the reason', async () => {
    const id = await start(database, pipeline(stage('a', 'step', { deep: [{ x: '${parameters.nope}' }] })));
    expect(await ended(database, id)).toBe('errored');
    expect((await stageRow(database, id, 'a')).error?.values.problem).toBe(
      'deep.0.x: ${parameters.nope}: No such key: nope (at character 12)',
    );
  });

  it('are not evaluated in what a stage planned, which may hold text from outside', async () => {
    const text = '${parameters.secret}';
    const id = await start(database, pipeline(stage('a', 'step', { x: '${trigger.payload.text}' })), {
      parameters: { secret: 'hidden' },
      payload: { text },
    });
    expect(await ended(database, id)).toBe('succeeded');
    expect((await stageRow(database, id, 'a')).outputs).toEqual({ x: text });
  });

  it('let preconditions tell everything that is not so', async () => {
    const preconditions = [
      { type: 'expression', expression: '${1 > 2}', failureMessage: 'one is not more than two' },
      { type: 'stageStatus', stage: 'a', status: 'failed' },
    ];
    const id = await start(
      database,
      pipeline(stage('a', 'step'), stage('b', 'checkPreconditions', { preconditions }, ['a'])),
    );
    expect(await ended(database, id)).toBe('failed');
    expect((await stageRow(database, id, 'b')).log.map((entry) => entry.text.key)).toEqual([
      'engine.precondition.expression',
      'engine.precondition.stageStatus',
    ]);
  });
});

describe('time', () => {
  const closed = {
    timeZone: 'UTC',
    days: [((new Date().getUTCDay() + 3) % 7) + 1],
    spans: [{ from: '00:00', to: '00:01' }],
  };

  it('outside its window holds a stage, says until when, and a person may override it', async () => {
    const id = await start(database, pipeline(more(stage('a', 'step'), { window: closed })));
    await expect
      .poll(async () => (await stageRow(database, id, 'a')).waiting?.reason.key)
      .toBe('engine.wait.window');
    const held = await stageRow(database, id, 'a');
    expect(held.status).toBe('pending');
    expect(held.waiting?.who).toContain('releaseManager');
    expect(Date.parse(held.waiting?.until ?? '')).toBeGreaterThan(Date.now());

    expect(await tx((t) => overrideWindow(t, held.id, 'Ada'))).toBe(true);
    expect(await ended(database, id)).toBe('succeeded');
  });

  it('ends a stage whose time is up although its call never answers', async () => {
    const id = await start(database, pipeline(more(stage('a', 'never'), { timeoutSeconds: 1 })));
    expect(await ended(database, id)).toBe('failed');
    expect((await stageRow(database, id, 'a')).error).toEqual(message('engine.timedOut', { seconds: 1 }));
    await expectNoJobsLeft(database);
  });

  it('withdraws the children of a stage whose time is up, and cleans up after them', async () => {
    cleaned.length = 0;
    const id = await start(database, pipeline(more(stage('f', 'family'), { timeoutSeconds: 1 })));
    expect(await ended(database, id)).toBe('failed');
    expect(await statuses(database, id)).toEqual({ f: 'failed', 'f.one': 'canceled', 'f.two': 'canceled' });
    await expect.poll(() => cleaned.toSorted()).toEqual(['f', 'f.one', 'f.two']);
    await expectNoJobsLeft(database);
  });

  it('does not count while a person holds the execution', async () => {
    const id = await start(database, pipeline(more(stage('a', 'sleeps'), { timeoutSeconds: 2 })));
    await expect.poll(async () => (await stageRow(database, id, 'a')).status).toBe('running');
    await tx((t) => pauseExecution(t, id, 'Ada'));
    // As if it had been held for an hour.
    await database.db
      .update(executions)
      .set({ pausedAt: sql`now() - interval '1 hour'` })
      .where(eq(executions.id, id));
    await database.db
      .update(stages)
      .set({ startedAt: sql`now() - interval '1 hour'` })
      .where(eq(stages.executionId, id));
    await tx((t) => resumeExecution(t, id));
    const row = await stageRow(database, id, 'a');
    expect(row.pausedMs).toBeGreaterThan(3_599_000);
    expect(row.status).toBe('running');
    expect(await ended(database, id)).toBe('failed');
  });
});

describe('people', () => {
  it('skip a stage beforehand, and end a wait', async () => {
    const id = await start(
      database,
      pipeline(stage('a', 'sleeps'), stage('b', 'step', {}, ['a']), stage('c', 'step', {}, ['b'])),
    );
    await tx(async (t) => requestSkip(t, (await stageRow(database, id, 'b')).id, 'Ada'));
    await expect.poll(async () => (await stageRow(database, id, 'a')).status).toBe('running');
    await tx(async (t) => requestSkip(t, (await stageRow(database, id, 'a')).id, 'Ada'));
    expect(await ended(database, id)).toBe('succeeded');
    expect(await statuses(database, id)).toEqual({ a: 'skipped', b: 'skipped', c: 'succeeded' });
  });

  it('restart from a stage: what is behind it is done again, the first try stays as history', async () => {
    broken.clear();
    broken.add('b');
    const id = await start(
      database,
      pipeline(
        stage('a', 'step', { n: 1 }),
        stage('beside', 'step'),
        stage('b', 'step', { from: '${stages.a.outputs.n}' }, ['a', 'beside']),
        stage('c', 'step', {}, ['b']),
      ),
    );
    expect(await ended(database, id)).toBe('failed');
    broken.clear();
    runs.length = 0;

    expect(await tx((t) => restartFrom(t, id, 'b'))).toBeNull();
    expect(await ended(database, id)).toBe('succeeded');
    expect(runs).toEqual(['b', 'c']);
    const rows = await database.db.select().from(stages).where(eq(stages.executionId, id));
    const told = rows.map((row) => `${row.refId} ${row.try} ${row.status}${row.superseded ? ' was' : ''}`);
    expect(told.toSorted()).toEqual([
      'a 1 succeeded',
      'b 1 failed was',
      'b 2 succeeded',
      'beside 1 succeeded',
      'c 1 skipped was',
      'c 2 succeeded',
    ]);
    expect((await executionRow(database, id)).error).toBeNull();
    await expectNoJobsLeft(database);
  });

  it('may not restart behind what failed, nor what runs', async () => {
    broken.clear();
    broken.add('a');
    const id = await start(database, pipeline(stage('a', 'step'), stage('b', 'step', {}, ['a'])));
    await ended(database, id);
    expect(await tx((t) => restartFrom(t, id, 'b'))).toEqual({ why: 'upstream', refId: 'a' });
    broken.clear();
    const open = await start(database, pipeline(stage('a', 'sleeps')));
    await expect.poll(async () => (await stageRow(database, open, 'a')).status).toBe('running');
    expect(await tx((t) => restartFrom(t, open, 'a'))).toEqual({ why: 'running', refId: 'a' });
    await tx((t) => requestCancel(t, open, 'Ada', null));
    await ended(database, open);
  });

  it('cancel, and what ran cleans up afterwards and says so', async () => {
    cleaned.length = 0;
    const id = await start(database, pipeline(stage('a', 'sleeps'), stage('b', 'sleeps', {}, ['a'])));
    await expect.poll(async () => (await stageRow(database, id, 'a')).status).toBe('running');
    await tx((t) => requestCancel(t, id, 'Ada', null));
    expect(await ended(database, id)).toBe('canceled');
    await expect.poll(() => cleaned).toEqual(['a']);
    await expect
      .poll(async () => (await stageRow(database, id, 'a')).log.at(-1)?.text.values)
      .toEqual({ cleaned: 'a' });
    await expectNoJobsLeft(database);
  });
});
