import { eq, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { executions, jobs, stages } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import { aftermath, statusOfWhole } from '@/server/domain/failure';
import { message } from '@/server/domain/message';
import type { StageDefinition } from '@/server/domain/pipeline';
import { isComplete, type Status } from '@/server/domain/status';
import type { Engine } from '@/server/engine/engine';
import { requestCancel } from '@/server/engine/enqueue';
import { pauseExecution, resumeExecution } from '@/server/engine/requests/pause';
import { findMiscounted, findStuck, mend, recount } from '@/server/engine/requests/stuck';
import {
  ended,
  engineFor,
  executionRow,
  expectNoJobsLeft,
  pipeline,
  start,
} from '@/server/engine/testing/harness';
import { testType } from '@/server/engine/testing/stage-types';

/** Nothing can be stuck: random pipelines with random failures, interruptions and lost jobs, against a pure model. */

const database = await testDatabase();
const { db } = database;
const waiting = { kind: 'time' as const, reason: message('engine.test'), until: null, who: [] };
const stageTypes = {
  act: testType('act', {
    skippable: true,
    tasks: [
      {
        name: 'act',
        run: async ({ config, stage }) => {
          const rounds = Number(stage.outputs.rounds ?? 0);
          if (rounds < Number(config.rounds))
            return { status: 'running', retryAfterMs: 5, waiting, outputs: { rounds: rounds + 1 } };
          if (config.fails === true) return { status: 'failed', error: message('engine.test') };
          return { status: 'succeeded' };
        },
      },
    ],
  }),
  whole: testType('whole', {
    plan: async ({ config }) => ({
      status: 'planned',
      children: Array.from({ length: Number(config.parts) }, (_, index) => ({
        key: `p${index}`,
        type: 'act',
        name: message('literal', { text: `p${index}` }),
        requires: index > 0 && config.chained === true ? [`p${index - 1}`] : [],
        config: { rounds: config.rounds, fails: config.fails === true && index === 1 },
      })),
    }),
  }),
};

let engines: Engine[] = [];
beforeAll(() => {
  engines = [engineFor(database, stageTypes), engineFor(database, stageTypes)];
  for (const engine of engines) engine.start();
});
afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.drain(1_000)));
});

const POLICIES = ['haltPipeline', 'haltBranch', 'haltBranchThenFail', 'ignore'] as const;
const anyStage = fc.record({
  type: fc.constantFrom('act', 'act', 'whole'),
  fails: fc.constantFrom(false, false, false, true),
  rounds: fc.integer({ min: 0, max: 2 }),
  parts: fc.integer({ min: 0, max: 3 }),
  chained: fc.boolean(),
  onFailure: fc.constantFrom(...POLICIES),
  when: fc.constantFrom(undefined, undefined, undefined, 'true', 'false'),
  timeoutSeconds: fc.constantFrom(undefined, undefined, 60),
  requires: fc.array(fc.nat(20), { maxLength: 3 }),
});
const anyPipeline = fc.array(anyStage, { minLength: 1, maxLength: 12 }).map((all) =>
  all.map(
    ({ type, requires, onFailure, when, timeoutSeconds, ...config }, index): StageDefinition => ({
      refId: `s${index}`,
      type,
      name: `s${index}`,
      // Only earlier ones, so there is no circle.
      requires: index === 0 ? [] : [...new Set(requires.map((n) => `s${n % index}`))],
      config,
      onFailure,
      ...(when ? { when } : {}),
      ...(timeoutSeconds ? { timeoutSeconds } : {}),
    }),
  ),
);

async function endings(executionId: string): Promise<Map<string, Status>> {
  const rows = await db.select().from(stages).where(eq(stages.executionId, executionId));
  return new Map(
    rows.filter(({ parentId }) => parentId === null).map(({ refId, status }) => [refId, status]),
  );
}

/** What a stage does when it has its turn. */
function ownEnding({ type, config, when }: StageDefinition): Status {
  if (when === 'false') return 'skipped';
  const fails = config.fails === true && (type === 'act' || Number(config.parts) > 1);
  return fails ? 'failed' : 'succeeded';
}

/** Whether each stage ended as the rules allow, given how those before it ended. */
function expectLawful(definitions: readonly StageDefinition[], got: ReadonlyMap<string, Status>): void {
  const policy = new Map(definitions.map(({ refId, onFailure }) => [refId, onFailure]));
  const after = (refId: string) =>
    aftermath({ status: got.get(refId) ?? 'pending', onFailure: policy.get(refId) });
  const allHalts = definitions.some(({ refId }) => after(refId) === 'allHalts');
  // A branch that halts takes everything behind it along, however far.
  const halted = new Set<string>();
  for (const definition of definitions) {
    const { refId } = definition;
    const cut = definition.requires.some((one) => halted.has(one) || after(one) === 'branchHalts');
    if (cut) halted.add(refId);
    const own = ownEnding(definition);
    // When all halts, what has not begun is skipped and what runs is withdrawn: which, is a matter of timing.
    const allowed = cut ? ['skipped'] : allHalts ? [own, 'skipped', 'canceled'] : [own];
    expect(allowed, refId).toContain(got.get(refId));
  }
}

it('ends every random pipeline as the model says, with nothing left and never anything stuck', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyPipeline, { minLength: 6, maxLength: 6 }), async (definitions) => {
      const ids = await Promise.all(definitions.map((one) => start(database, pipeline(...one))));
      for (const [index, id] of ids.entries()) {
        const status = await ended(database, id);
        expect(await findStuck(db)).toEqual([]);
        const got = await endings(id);
        const all = definitions[index] ?? [];
        expectLawful(all, got);
        const parts = all.map(({ refId, onFailure }) => ({ status: got.get(refId) ?? 'pending', onFailure }));
        expect(status).toBe(statusOfWhole(parts));
      }
      expect(await findMiscounted(db)).toEqual([]);
    }),
    { numRuns: 12, interruptAfterTimeLimit: 20_000 },
  );
  await expectNoJobsLeft(database);
});

it('ends them also when people pause, resume and cancel in the middle', async () => {
  const script = fc.array(fc.constantFrom('pause', 'resume', 'cancel', 'look'), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(anyPipeline, script), { minLength: 6, maxLength: 6 }),
      async (cases) => {
        await Promise.all(
          cases.map(async ([definition, acts]) => {
            const id = await start(database, pipeline(...definition));
            for (const act of acts) {
              await db.transaction(async (tx) => {
                if (act === 'pause') await pauseExecution(tx, id, 'Ada');
                if (act === 'resume') await resumeExecution(tx, id);
                if (act === 'cancel') await requestCancel(tx, id, 'Ada', null);
              });
              expect(await findStuck(db)).toEqual([]);
            }
            await db.transaction((tx) => resumeExecution(tx, id));
            const status = await ended(database, id);
            for (const [, one] of await endings(id)) expect(isComplete(one)).toBe(true);
            if (!acts.includes('cancel')) expectLawful(definition, await endings(id));
            else expect(isComplete(status as Status)).toBe(true);
          }),
        );
      },
    ),
    { numRuns: 10, interruptAfterTimeLimit: 20_000 },
  );
  await expectNoJobsLeft(database);
});

it('is set going again by the watchdog when its jobs were taken away and its counters spoiled', async () => {
  const held = { refId: 'held', type: 'act', name: 'held', requires: [], config: { rounds: 1_000_000 } };
  const id = await start(
    database,
    pipeline(
      { ...held, timeoutSeconds: 3_600 },
      { refId: 'after', type: 'whole', name: 'after', requires: ['held'], config: { parts: 2, rounds: 0 } },
    ),
  );
  await vi.waitFor(async () => expect((await endings(id)).get('held')).toBe('running'));
  // The holder of a lease writes its job no more once the row is gone.
  await vi.waitFor(async () => {
    await db.delete(jobs);
    expect(await findStuck(db)).toHaveLength(2);
  });
  await db.update(executions).set({ openStages: 7 }).where(eq(executions.id, id));
  expect(await findMiscounted(db)).toEqual([{ executionId: id, stageId: null }]);
  await db.execute(sql`UPDATE stages SET config = config || '{"rounds": 0}' WHERE ref_id = 'held'`);
  for (const wrong of await findMiscounted(db)) await db.transaction((tx) => recount(tx, wrong));
  for (const stuck of await findStuck(db)) await db.transaction((tx) => mend(tx, stuck));
  expect(await ended(database, id)).toBe('succeeded');
  expect((await executionRow(database, id)).openStages).toBe(0);
  await expectNoJobsLeft(database);
});
