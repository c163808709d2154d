import { and, desc, eq, sql } from 'drizzle-orm';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { audit, events, toggleChanges, toggleStates, toggles } from '@/db/schema';
import { Automation } from '@/server/automation/testing/setup';
import { settleToggles } from '@/server/automation/toggles-schedule';
import type { ServiceContext } from '@/server/services/context';
import {
  addToggle,
  defineToggle,
  emptyToggles,
  keptDefinition,
  switchToggle,
} from '@/server/services/testing/toggles';
import { testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const { db } = world;
const automation = new Automation(world);
let owner: ServiceContext;

beforeAll(async () => {
  owner = await world.as('productOwner');
});
beforeEach(async () => emptyToggles(world, await world.as('admin')));

const prod = () => keptDefinition(world, 'badge', 'prod');
const settleAt = async (moment: string) => {
  automation.now = new Date(moment);
  await settleToggles(automation.context());
};
const changes = () =>
  db
    .select()
    .from(toggleChanges)
    .where(and(eq(toggleChanges.toggle, 'badge'), eq(toggleChanges.environment, 'prod')))
    .orderBy(desc(toggleChanges.id));
const at = (moment: string, set: object) => ({ at: moment, timeZone: 'Europe/Berlin', set });

it('what was scheduled is in the history once its time has come, once, and what comes later stays', async () => {
  await addToggle(owner, 'badge');
  const schedule = [
    at('2090-01-01T09:00:00+01:00', { on: true }),
    at('2090-01-02T09:00:00+01:00', { on: false }),
  ];
  await defineToggle(owner, 'badge', 'prod', { on: false, schedule });
  const before = (await changes()).length;
  await settleAt('2090-01-01T07:59:59Z');
  expect(await changes()).toHaveLength(before);
  await Promise.all([settleAt('2090-01-01T08:00:00Z'), settleAt('2090-01-01T08:00:00Z')]);
  expect(await prod()).toMatchObject({ on: true, schedule: [schedule[1]] });
  const [newest, ...rest] = await changes();
  expect(rest).toHaveLength(before);
  expect(newest).toMatchObject({ by: 'Signalbox', reason: `as scheduled by ${owner.actor?.name}` });
  const [entry] = await db.select().from(audit).orderBy(desc(audit.id)).limit(1);
  expect(entry).toMatchObject({ action: 'toggle.schedule', via: 'engine', subject: 'badge in prod' });
  const [event] = await db
    .select()
    .from(events)
    .where(eq(events.kind, 'toggle'))
    .orderBy(desc(events.seq))
    .limit(1);
  expect(event).toMatchObject({ subject: 'badge' });
  await settleAt('2090-01-02T08:00:00Z');
  expect(await prod()).toMatchObject({ on: false, schedule: [] });
  await settleAt('2090-01-02T08:00:00Z');
  const [second] = await changes();
  expect(second).toMatchObject({ by: 'Signalbox', reason: `as scheduled by ${owner.actor?.name}` });
});

it('a definition that cannot be read keeps no other from its time', async () => {
  for (const key of ['odd', 'odder', 'badge'])
    await addToggle(owner, key, { expiresAt: '2090-01-01T00:00:00Z' });
  await db.update(toggles).set({ onExpiry: 'off' });
  const broken = (key: string, text: string) =>
    db
      .update(toggleStates)
      .set({ definition: sql`${text}::jsonb` })
      .where(eq(toggleStates.toggle, key));
  await broken('odd', '{"on": "perhaps", "schedule": 7}');
  await broken('odder', '{"on": true, "schedule": [{"at": "soon"}, {"at": "2000-01-01T00:00:00Z"}]}');
  await switchToggle(owner, { key: 'badge', environment: 'prod', on: true });
  await settleAt('2090-01-01T00:00:00Z');
  expect((await prod())?.on).toBe(false);
});

it('what a person switches after the moment is the last word', async () => {
  await addToggle(owner, 'badge');
  await defineToggle(owner, 'badge', 'prod', { schedule: [at('2090-01-01T09:00:00+01:00', { on: false })] });
  const later: ServiceContext = { ...owner, clock: { now: () => new Date('2090-01-01T08:00:01Z') } };
  await switchToggle(later, { key: 'badge', environment: 'prod', on: true });
  await settleAt('2090-01-01T08:00:02Z');
  expect(await prod()).toMatchObject({ on: true, schedule: [] });
});

it('an expiry switches off where it shall, and only tells otherwise', async () => {
  const expiresAt = '2090-01-01T00:00:00Z';
  await addToggle(owner, 'badge', { expiresAt, onExpiry: 'off' });
  await addToggle(owner, 'told', { expiresAt });
  for (const key of ['badge', 'told']) await switchToggle(owner, { key, environment: 'prod', on: true });
  await settleAt('2090-01-01T00:00:00Z');
  expect((await prod())?.on).toBe(false);
  expect((await keptDefinition(world, 'told', 'prod'))?.on).toBe(true);
  expect((await changes())[0]).toMatchObject({ reason: 'it expired' });
  const count = (await changes()).length;
  await settleAt('2090-01-01T00:00:01Z');
  expect(await changes()).toHaveLength(count);
});
