import { and, desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { judgments, toggleChanges } from '@/db/schema';
import { PutBack } from '@/server/automation/toggles-put-back';
import { systemClock } from '@/server/domain/clock';
import type { Engine } from '@/server/engine/engine';
import { wakeStage } from '@/server/engine/enqueue';
import { stageTypes } from '@/server/engine/stages/registry';
import {
  ended,
  engineFor,
  executionRow,
  pipeline,
  silent,
  stage,
  stageRow,
  start,
} from '@/server/engine/testing/harness';
import { secretBox } from '@/server/secrets/seal';
import type { ServiceContext } from '@/server/services/context';
import { restartStage } from '@/server/services/executions/restart-stage';
import {
  addToggle,
  defineToggle,
  emptyToggles,
  keptDefinition,
  switchToggle,
} from '@/server/services/testing/toggles';
import { testWorld } from '@/server/services/testing/world';
import { applyToggleEnvironment } from '@/server/services/toggles/apply-environment';
import { getToggle } from '@/server/services/toggles/get';
import { killToggle } from '@/server/services/toggles/kill';
import { rolloutOf } from '@/server/toggles/rules/rollout';

const world = await testWorld();
const { database, db } = world;
let engine: Engine;
let owner: ServiceContext;
let admin: ServiceContext;

beforeAll(async () => {
  owner = await world.as('productOwner');
  admin = await world.as('admin');
  engine = engineFor(database, stageTypes);
  engine.start();
});
afterAll(() => engine.drain(1_000));
beforeEach(async () => {
  await emptyToggles(world, admin);
  await addToggle(owner, 'badge', { application: 'catalog' });
});

const prod = () => keptDefinition(world, 'badge', 'prod');
const set = (refId: string, config: object, requires: string[] = []) =>
  stage(refId, 'toggle', { toggle: 'badge', toggleEnvironment: 'prod', ...config }, requires);
const percent = (refId: string, share: number, requires: string[] = []) =>
  set(refId, { set: 'percentage', variant: 'on', percent: share, against: 'off', putBack: true }, requires);
const bad = (requires: string[]) =>
  stage(
    'bad',
    'checkPreconditions',
    { preconditions: [{ type: 'expression', expression: false }] },
    requires,
  );
const run = async (...stages: Parameters<typeof pipeline>) => {
  const id = await start(database, pipeline(...stages));
  return { id, status: await ended(database, id) };
};
async function decide(executionId: string, by: string): Promise<void> {
  const { id: stageId } = await stageRow(database, executionId, 'gate');
  await db.transaction(async (tx) => {
    await tx.insert(judgments).values({ stageId, decision: 'continue', by, evidence: {} });
    await wakeStage(tx, stageId);
  });
}
const putBack = () =>
  new PutBack({
    database,
    clock: systemClock,
    secrets: secretBox('x'.repeat(32)),
    outbound: { allow: [] },
    logger: silent,
    url: 'http://localhost:3000',
  }).run();

it('a stage switches a toggle, and its history names the execution', async () => {
  const { id, status } = await run(set('release', { set: 'on' }));
  expect(status).toBe('succeeded');
  expect((await prod())?.on).toBe(true);
  const [newest] = await db.select().from(toggleChanges).orderBy(desc(toggleChanges.id)).limit(1);
  expect(newest).toMatchObject({ toggle: 'badge', executionId: id, by: 'test (Ada)' });
  expect((await stageRow(database, id, 'release')).log).toMatchObject([
    { text: { key: 'engine.toggle.on' } },
  ]);
  const again = await run(set('release', { set: 'on' }));
  expect((await stageRow(database, again.id, 'release')).log).toMatchObject([
    { text: { key: 'engine.toggle.already' } },
  ]);
});

it('a percentage switches it on and grows without moving anyone out', async () => {
  await run(percent('some', 10), percent('more', 25, ['some']));
  const definition = await prod();
  expect(definition?.on).toBe(true);
  expect(rolloutOf(definition?.targeting ?? null, null, 'on')).toBeCloseTo(25);
});

it('all steps are put back when the execution fails in the end, as it stood before the first', async () => {
  const before = await prod();
  const { id, status } = await run(percent('some', 10), percent('more', 25, ['some']), bad(['more']));
  expect(status).toBe('failed');
  expect((await prod())?.on).toBe(true);
  await putBack();
  expect(await prod()).toEqual(before);
  const changes = await db
    .select()
    .from(toggleChanges)
    .where(and(eq(toggleChanges.toggle, 'badge'), eq(toggleChanges.environment, 'prod')))
    .orderBy(desc(toggleChanges.id));
  expect(changes[0]).toMatchObject({ by: 'Signalbox', reason: 'put back: test ended as failed' });
  expect(changes[0]?.undoes).toBe(changes.findLast(({ executionId }) => executionId === id)?.id);
  await putBack();
  expect(await db.select().from(toggleChanges).where(eq(toggleChanges.environment, 'prod'))).toHaveLength(
    changes.length,
  );
});

it('stays when a person has changed it since, when it shall stay, or when all went well', async () => {
  await run(percent('some', 10), bad(['some']));
  await switchToggle(owner, { key: 'badge', environment: 'prod', on: false });
  await switchToggle(owner, { key: 'badge', environment: 'prod', on: true });
  const theirs = await prod();
  await putBack();
  expect(await prod()).toEqual(theirs);
  await run(set('release', { set: 'off' }), bad(['release']));
  await putBack();
  expect((await prod())?.on).toBe(false);
  await run(set('release', { set: 'on', putBack: true }));
  await putBack();
  expect((await prod())?.on).toBe(true);
});

it('a step that is done again after it was put back goes ahead, and is put back again', async () => {
  const before = await prod();
  const { id } = await run(percent('some', 10), bad(['some']));
  await putBack();
  await restartStage(admin, { executionId: id, refId: 'some' });
  expect(await ended(database, id)).toBe('failed');
  expect((await stageRow(database, id, 'bad')).status).toBe('failed');
  expect((await prod())?.on).toBe(true);
  await putBack();
  expect(await prod()).toEqual(before);
});

it('the next step does not switch on what a person has killed, and the kill stays', async () => {
  const gate = stage('gate', 'manualJudgment', {}, ['some']);
  for (const first of [percent('some', 10), stage('some', 'wait', { seconds: 0 })]) {
    await switchToggle(owner, { key: 'badge', environment: 'prod', on: true });
    const id = await start(database, pipeline(first, gate, percent('more', 50, ['gate'])));
    await expect.poll(async () => (await stageRow(database, id, 'gate')).status).toBe('running');
    await killToggle(owner, { key: 'badge', reason: 'it burns' });
    await decide(id, 'Grace');
    expect(await ended(database, id)).toBe('failed');
    expect((await executionRow(database, id)).error).toMatchObject({
      key: 'engine.toggle.overtaken',
      values: { by: owner.actor?.name },
    });
    await putBack();
    expect((await prod())?.on).toBe(false);
  }
});

it('what was off when it was killed is not switched on by what was begun before, but by what is begun after', async () => {
  const gate = stage('gate', 'manualJudgment');
  const id = await start(database, pipeline(gate, percent('some', 10, ['gate'])));
  await expect.poll(async () => (await stageRow(database, id, 'gate')).status).toBe('running');
  const underway = async () => (await getToggle(owner, { key: 'badge' })).environments.at(-1)?.underway;
  expect(await underway()).toEqual([{ executionId: id, pipeline: 'test' }]);
  expect(await killToggle(owner, { key: 'badge', reason: 'it burns' })).toMatchObject({ killed: [] });
  // What is done to it afterwards, and leaves it off, does not take the kill back.
  await defineToggle(owner, 'badge', 'prod', { on: false, defaultVariant: 'off' });
  await decide(id, 'Grace');
  expect(await ended(database, id)).toBe('failed');
  expect((await executionRow(database, id)).error?.key).toBe('engine.toggle.overtaken');
  expect((await prod())?.on).toBe(false);
  expect(await underway()).toEqual([]);
  expect((await run(set('release', { set: 'on' }))).status).toBe('succeeded');
});

it('waits out a freeze, says why and until when, and is put back in one', async () => {
  const before = await prod();
  const freeze = { from: '2020-01-01T00:00:00Z', until: '2100-01-01T00:00:00Z', reason: 'the summer sale' };
  await applyToggleEnvironment(admin, { name: 'prod', freezes: [freeze] });
  const gate = stage('gate', 'manualJudgment', {}, ['some']);
  const id = await start(database, pipeline(percent('some', 10), gate, bad(['gate'])));
  const waiting = async () => (await stageRow(database, id, 'some')).waiting;
  await expect.poll(waiting).toMatchObject({
    kind: 'time',
    reason: { key: 'engine.toggle.frozen' },
    until: '2100-01-01T00:00:00.000Z',
  });
  expect(await prod()).toEqual(before);
  await applyToggleEnvironment(admin, { name: 'prod', freezes: [] });
  await db.transaction(async (tx) => wakeStage(tx, (await stageRow(database, id, 'some')).id));
  await expect.poll(async () => (await stageRow(database, id, 'gate')).status).toBe('running');
  await applyToggleEnvironment(admin, { name: 'prod', freezes: [freeze] });
  await decide(id, 'Grace');
  expect(await ended(database, id)).toBe('failed');
  await putBack();
  expect(await prod()).toEqual(before);
});

it.each<[string, object, string]>([
  ['there is no such toggle', { toggle: 'bagde', set: 'on' }, 'There is no toggle “bagde”'],
  ['there is no such environment', { toggleEnvironment: 'moon', set: 'on' }, 'no environment “moon”'],
  ['there is no such variant', { set: 'percentage', variant: 'maybe', percent: 5, against: 'off' }, 'maybe'],
])('fails with a sentence when %s', async (_name, config, says) => {
  const { id, status } = await run(set('release', config));
  expect(status).toBe('failed');
  const { error } = await executionRow(database, id);
  expect(error).toMatchObject({
    key: 'engine.toggle.refused',
    values: { reason: expect.stringContaining(says) },
  });
});

it('where changes demand review, another person must have said yes at a gate before', async () => {
  await applyToggleEnvironment(admin, { name: 'prod', requiresReview: true });
  const alone = await run(set('release', { set: 'on' }));
  expect((await executionRow(database, alone.id)).error?.key).toBe('engine.toggle.unreviewed');
  for (const [by, expected] of [
    ['Ada', 'failed'],
    ['Grace', 'succeeded'],
  ] as const) {
    const id = await start(
      database,
      pipeline(stage('gate', 'manualJudgment'), set('release', { set: 'on' }, ['gate'])),
    );
    await expect.poll(async () => (await stageRow(database, id, 'gate')).status).toBe('running');
    await decide(id, by);
    expect(await ended(database, id)).toBe(expected);
  }
});
