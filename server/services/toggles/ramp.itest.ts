import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { audit, executions, toggleChanges } from '@/db/schema';
import { ruleListSchema } from '@/server/domain/toggle-rules';
import type { Engine } from '@/server/engine/engine';
import { stageTypes } from '@/server/engine/stages/registry';
import { ended, engineFor, stageRow } from '@/server/engine/testing/harness';
import type { ServiceContext } from '@/server/services/context';
import { decideJudgment } from '@/server/services/judgments/decide';
import { addToggle, defineToggle, emptyToggles, keptDefinition } from '@/server/services/testing/toggles';
import { testWorld } from '@/server/services/testing/world';
import { applyToggleEnvironment } from '@/server/services/toggles/apply-environment';
import { listToggles } from '@/server/services/toggles/list';
import { rampToggle, rampToggleInput } from '@/server/services/toggles/ramp';
import { stopRamp } from '@/server/services/toggles/stop-ramp';
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
  await defineToggle(owner, 'badge', 'prod', { on: false, defaultVariant: 'off' });
});

const ramp = (changes: object = {}, as = owner) =>
  rampToggle(
    as,
    rampToggleInput.parse({
      key: 'badge',
      environment: 'prod',
      variant: 'on',
      percentages: [25, 100],
      holdSeconds: 5,
      ...changes,
    }),
  );

it('gives a variant to more and more people, as a product owner asks', async () => {
  const { executionId } = await ramp({ reason: 'the summer sale' });
  expect(await ended(database, executionId)).toBe('succeeded');

  const shares = await db
    .select({ after: toggleChanges.after, executionId: toggleChanges.executionId })
    .from(toggleChanges)
    .where(eq(toggleChanges.executionId, executionId))
    .orderBy(toggleChanges.id);
  expect(
    // Written by our own stages, in this shape.
    shares.map(({ after }) => rolloutOf((after as { targeting: never }).targeting, null, 'on')),
  ).toEqual([25, 100]);
  expect(await keptDefinition(world, 'badge', 'prod')).toMatchObject({ on: true });
  const [entry] = await db.select().from(audit).where(eq(audit.action, 'toggle.ramp'));
  expect(entry).toMatchObject({ subject: 'badge', reason: 'the summer sale' });
});

it('asks another person first where changes demand review', async () => {
  await applyToggleEnvironment(admin, { name: 'prod', order: 2, requiresReview: true });
  const before = await keptDefinition(world, 'badge', 'prod');
  const started = await ramp({ against: 'off' });
  await expect
    .poll(async () => (await stageRow(database, started.executionId, 'review')).status)
    .toBe('running');
  expect(await keptDefinition(world, 'badge', 'prod')).toEqual(before);
  // Our own names are told in the language of whoever reads them, and stay what expressions call them.
  expect((await stageRow(database, started.executionId, 'step-1')).name).toEqual({
    key: 'ramp.stage.share',
    values: { percent: 25, variant: 'on', text: '25 % get on' },
  });
  const [listed] = await listToggles(owner, {});
  const there = listed?.environments.find(({ environment }) => environment === 'prod');
  expect(there?.ramp).toMatchObject({ executionId: started.executionId, asks: 'review' });
  await stopRamp(owner, { key: 'badge', environment: 'prod', reason: '' });
  expect(await ended(database, started.executionId)).toBe('canceled');
});

it('is agreed to by another person, and at once refused to the one who asks', async () => {
  await applyToggleEnvironment(admin, { name: 'prod', order: 2, requiresReview: true });
  const started = await ramp({ against: 'off' });
  const status = async () => (await stageRow(database, started.executionId, 'review')).status;
  await expect.poll(status).toBe('running');
  const gate = { executionId: started.executionId, refId: 'review' };
  await expect(decideJudgment(owner, { ...gate, decision: 'continue' })).rejects.toThrow(
    'Another person must agree to a ramp that you have started',
  );
  const reviewer = await world.as('productOwner');
  expect(await decideJudgment(reviewer, { ...gate, decision: 'continue' })).toMatchObject({
    by: reviewer.actor?.name,
  });
  await expect.poll(async () => (await keptDefinition(world, 'badge', 'prod'))?.on).toBe(true);
  await stopRamp(owner, { key: 'badge', environment: 'prod', reason: '' });
  await ended(database, started.executionId);
});

it('can be called off at its gate by who asked for it', async () => {
  await applyToggleEnvironment(admin, { name: 'prod', order: 2, requiresReview: true });
  const { executionId } = await ramp({ against: 'off' });
  await expect.poll(async () => (await stageRow(database, executionId, 'review')).status).toBe('running');
  const decision = { executionId, refId: 'review', decision: 'stop' as const };
  expect(await decideJudgment(owner, decision)).toMatchObject({ by: owner.actor?.name });
  await ended(database, executionId);
});

it('compares those who have it with those who have not, where it is guarded', async () => {
  const guard = { config: 'golden', stepSeconds: 10, intervalSeconds: 60 };
  await expect(ramp({ guard })).rejects.toThrow(/golden/);
});

it.each([
  [{ variant: 'blue' }, /no variant “blue”/],
  [{ against: 'on' }, /Say which variant/],
  [{ environment: 'moon' }, /no environment “moon”/],
  [{ key: 'nobody' }, /no toggle “nobody”/],
])('refuses %o in a sentence and starts nothing', async (changes, said) => {
  const ramps = () => db.$count(executions, eq(executions.pipeline, 'ramp'));
  const before = await ramps();
  await expect(ramp(changes)).rejects.toThrow(said);
  expect(await ramps()).toBe(before);
});

it('does not step back below what is reached, and says what that is', async () => {
  const buckets = [
    { variant: 'on', weight: 30 },
    { variant: 'off', weight: 70 },
  ];
  const rules = ruleListSchema.parse({ rules: [], otherwise: { kind: 'split', buckets } });
  await defineToggle(owner, 'badge', 'prod', { on: true, defaultVariant: 'off' }, { rules });
  const said = '“on” reaches 30 % already; choose more for every step';
  await expect(ramp({ percentages: [10, 50] })).rejects.toThrow(said);
  await expect(ramp({ percentages: [30] })).rejects.toThrow(said);
  await defineToggle(owner, 'badge', 'prod', { on: true, defaultVariant: 'on' });
  await expect(ramp({ percentages: [50], against: 'off' })).rejects.toThrow('“on” reaches 100 % already');
});

it('takes rising percentages only', () => {
  const given = { key: 'badge', environment: 'prod', variant: 'on', holdSeconds: 60 };
  expect(rampToggleInput.safeParse({ ...given, percentages: [50, 25] }).success).toBe(false);
  expect(rampToggleInput.safeParse({ ...given, percentages: [10, 10] }).success).toBe(false);
});
