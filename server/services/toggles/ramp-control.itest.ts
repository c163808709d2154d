import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { audit, executions, stages } from '@/db/schema';
import type { Engine } from '@/server/engine/engine';
import { stageTypes } from '@/server/engine/stages/registry';
import { ended, engineFor, stageRow } from '@/server/engine/testing/harness';
import type { ServiceContext } from '@/server/services/context';
import { startDeployment } from '@/server/services/deployments/start';
import { getExecution } from '@/server/services/executions/get';
import { decideJudgment } from '@/server/services/judgments/decide';
import { getEvidence } from '@/server/services/judgments/evidence';
import { listWaiting } from '@/server/services/judgments/list-waiting';
import { addToggle, defineToggle, emptyToggles, keptDefinition } from '@/server/services/testing/toggles';
import { openGate, testWorld } from '@/server/services/testing/world';
import { applyToggleEnvironment } from '@/server/services/toggles/apply-environment';
import { getToggle } from '@/server/services/toggles/get';
import { killToggle } from '@/server/services/toggles/kill';
import { rampToggle, rampToggleInput } from '@/server/services/toggles/ramp';
import { stopRamp } from '@/server/services/toggles/stop-ramp';
import { rolloutOf } from '@/server/toggles/rules/rollout';

/** Ramps while they run: what is seen of them, and who may stop and decide them. */

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
  await addToggle(owner, 'badge', { application: 'catalog', name: 'Badge on the cheapest' });
  await defineToggle(owner, 'badge', 'prod', { on: false, defaultVariant: 'off' });
});

async function ramp(changes: object = {}): Promise<string> {
  const plan = {
    key: 'badge',
    environment: 'prod',
    variant: 'on',
    percentages: [12.5, 25, 50],
    holdSeconds: 600,
  };
  const { executionId } = await rampToggle(owner, rampToggleInput.parse({ ...plan, ...changes }));
  return executionId;
}

async function seen() {
  const { environments } = await getToggle(owner, { key: 'badge' });
  return environments.find(({ environment }) => environment === 'prod')?.ramp ?? null;
}

const begun = (executionId: string) =>
  expect.poll(async () => (await stageRow(database, executionId, 'hold-1')).waiting?.until).toBeTruthy();
const asked = (executionId: string) =>
  expect.poll(async () => (await stageRow(database, executionId, 'review')).status).toBe('running');

it('says how far a ramp is, and what comes when', async () => {
  const executionId = await ramp();
  await begun(executionId);
  const until = (await stageRow(database, executionId, 'hold-1')).waiting?.until;
  expect(await seen()).toEqual({
    executionId,
    by: owner.actor?.name,
    variant: 'on',
    step: 1,
    steps: 3,
    percent: 12.5,
    next: { percent: 25, at: until },
    guard: null,
    asks: null,
    isStopping: false,
  });
  const execution = await getExecution(owner, { id: executionId });
  expect(execution.ramp).toEqual({ toggle: 'badge', name: 'Badge on the cheapest', environment: 'prod' });
  await stopRamp(owner, { key: 'badge', environment: 'prod', reason: '' });
  await ended(database, executionId);
});

it('gives the off variant to those who do not get it yet, when it is what is served behind the switch', async () => {
  await defineToggle(owner, 'badge', 'prod', { on: false, defaultVariant: 'on', offVariant: 'off' });
  const executionId = await ramp();
  await begun(executionId);
  const definition = await keptDefinition(world, 'badge', 'prod');
  expect(definition?.on && rolloutOf(definition.targeting, null, 'on')).toBe(12.5);
  await stopRamp(owner, { key: 'badge', environment: 'prod', reason: '' });
  await ended(database, executionId);
});

it('refuses a second one beside it', async () => {
  const executionId = await ramp();
  await expect(ramp()).rejects.toThrow(/A ramp of “badge” runs in prod already, started by/);
  await stopRamp(owner, { key: 'badge', environment: 'prod', reason: '' });
  expect(await ended(database, executionId)).toBe('canceled');
  const second = await ramp();
  await stopRamp(owner, { key: 'badge', environment: 'prod', reason: '' });
  await ended(database, second);
});

it('ends when who may switch the toggle stops it, and says so in the audit trail', async () => {
  const executionId = await ramp();
  await begun(executionId);
  await stopRamp(owner, { key: 'badge', environment: 'prod', reason: 'complaints' });
  expect(await ended(database, executionId)).toBe('canceled');
  expect(await seen()).toBeNull();
  const [entry] = await db.select().from(audit).where(eq(audit.reason, 'complaints'));
  expect(entry).toMatchObject({ action: 'toggle.stopRamp', subject: 'badge' });
  await expect(stopRamp(owner, { key: 'badge', environment: 'prod', reason: '' })).rejects.toThrow(
    /No ramp of “badge” runs in prod/,
  );
});

it('ends with the kill switch, and leaves it off', async () => {
  const executionId = await ramp();
  await begun(executionId);
  await killToggle(owner, { key: 'badge', reason: 'prices are wrong' });
  expect(await ended(database, executionId)).toBe('canceled');
  expect(await keptDefinition(world, 'badge', 'prod')).toMatchObject({ on: false });
});

it('is let begin by another product owner, whose card speaks of the feature and of no deployment', async () => {
  await applyToggleEnvironment(admin, { name: 'prod', order: 2, requiresReview: true });
  const executionId = await ramp();
  await asked(executionId);
  expect(await seen()).toMatchObject({
    step: 0,
    percent: null,
    next: { percent: 12.5, at: null },
    asks: 'review',
  });
  expect((await listWaiting(owner, {})).map(({ mine }) => mine)).toEqual([false]);
  expect(await getEvidence(owner, { executionId, refId: 'review' })).toMatchObject({
    mayDecide: false,
    mayNotReason: { key: 'evidence.mayNot.ownRamp' },
  });
  const other = await world.as('productOwner');
  const [gate] = await listWaiting(other, {});
  expect(gate).toMatchObject({ mine: true, ramp: { toggle: 'badge', environment: 'prod' } });

  const card = await getEvidence(other, { executionId, refId: 'review' });
  expect(card).toMatchObject({
    mayDecide: true,
    environment: 'prod',
    ramp: { name: 'Badge on the cheapest' },
    warnings: [],
    onContinue: [{ key: 'evidence.ramp.step' }, { key: 'evidence.ramp.upTo' }],
    onStop: [{ key: 'evidence.ramp.stays' }],
    rollbackSeconds: null,
  });
  await decideJudgment(other, { executionId, refId: 'review', decision: 'stop' });
  await ended(database, executionId);
  expect((await getEvidence(other, { executionId, refId: 'review' })).ramp).toMatchObject({
    toggle: 'badge',
  });
});

it('leaves the gates of deployments to those who judge them', async () => {
  const engineer = await world.as('engineer');
  const { executionId } = await startDeployment(engineer, {
    artifact: 'catalog',
    environment: 'prod',
    version: '1.1.0',
  });
  await openGate(world, executionId);
  const decision = { executionId, refId: 'approve', decision: 'continue' } as const;
  await expect(decideJudgment(owner, decision)).rejects.toMatchObject({ code: 'forbidden' });
  expect((await listWaiting(owner, {})).map(({ mine, ramp: about }) => ({ mine, about }))).toEqual([
    { mine: false, about: null },
  ]);
  const open = and(eq(stages.executionId, executionId), eq(stages.refId, 'approve'));
  await db.update(stages).set({ status: 'stopped' }).where(open);
  await db.update(executions).set({ endedAt: new Date() }).where(eq(executions.id, executionId));
});
