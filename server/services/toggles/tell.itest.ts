import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { notificationEndpoints, notifications } from '@/db/schema';
import { PutBack } from '@/server/automation/toggles-put-back';
import { systemClock } from '@/server/domain/clock';
import type { Engine } from '@/server/engine/engine';
import { stageTypes } from '@/server/engine/stages/registry';
import { ended, engineFor, pipeline, silent, stage, start } from '@/server/engine/testing/harness';
import { secretBox } from '@/server/secrets/seal';
import type { ServiceContext } from '@/server/services/context';
import { addToggle, defineToggle, emptyToggles, switchToggle } from '@/server/services/testing/toggles';
import { testWorld } from '@/server/services/testing/world';
import { applyToggleEnvironment } from '@/server/services/toggles/apply-environment';
import { killToggle } from '@/server/services/toggles/kill';

const world = await testWorld();
const { database, db } = world;
let engine: Engine;
let owner: ServiceContext;
let admin: ServiceContext;

beforeAll(async () => {
  owner = await world.as('productOwner');
  admin = await world.as('admin');
  const values = { url: 'https://example.com/hook', secrets: [], createdBy: 'Ada' };
  await db.insert(notificationEndpoints).values([
    { ...values, name: 'oncall', format: 'standard' },
    { ...values, name: 'events', format: 'cdevents' },
    { ...values, name: 'off', format: 'standard', disabled: true },
  ]);
  engine = engineFor(database, stageTypes);
  engine.start();
});
afterAll(() => engine.drain(1_000));
beforeEach(async () => {
  await db.delete(notifications);
  await emptyToggles(world, admin);
  await addToggle(owner, 'badge', { application: 'catalog', name: 'The badge' });
  for (const environment of ['staging', 'prod']) await defineToggle(owner, 'badge', environment, {});
});

const told = (endpoint: string) =>
  db.select().from(notifications).where(eq(notifications.endpoint, endpoint));
const subscribe = (name: string, endpoint: string, ...events: ('toggle.killed' | 'toggle.returned')[]) =>
  applyToggleEnvironment(admin, { name, notifications: [{ endpoint, events }] });

it('a kill is told once to each endpoint, of the environments that it is told of', async () => {
  await subscribe('prod', 'oncall', 'toggle.killed');
  await subscribe('staging', 'oncall', 'toggle.returned');
  await killToggle(owner, { key: 'badge', reason: 'checkout is slow' });
  const messages = await told('oncall');
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatchObject({
    type: 'toggle.killed',
    application: 'catalog',
    status: 'owed',
    body: {
      type: 'toggle.killed',
      data: {
        toggle: { key: 'badge', name: 'The badge', application: 'catalog' },
        environments: ['prod'],
        by: owner.actor?.name,
        reason: 'checkout is slow',
        url: 'http://localhost:3000/features/badge',
      },
    },
  });
  await killToggle(owner, { key: 'badge', reason: 'to be sure' });
  expect(await told('oncall')).toHaveLength(1);
});

it('no more is told than was asked for: no switch, no endpoint that is off', async () => {
  await subscribe('prod', 'off', 'toggle.killed');
  await subscribe('staging', 'oncall', 'toggle.killed');
  await switchToggle(owner, { key: 'badge', environment: 'staging', on: false });
  await killToggle(owner, { key: 'badge', environment: 'prod', reason: 'it burns' });
  expect(await db.select().from(notifications)).toEqual([]);
});

it('what was taken back by itself is told with why, also as a CDEvent', async () => {
  await subscribe('prod', 'events', 'toggle.killed', 'toggle.returned');
  const set = { toggle: 'badge', toggleEnvironment: 'prod', set: 'off', putBack: true };
  const wrong = { preconditions: [{ type: 'expression', expression: false }] };
  const id = await start(
    database,
    pipeline(stage('off', 'toggle', set), stage('bad', 'checkPreconditions', wrong, ['off'])),
  );
  expect(await ended(database, id)).toBe('failed');
  await new PutBack({
    database,
    clock: systemClock,
    secrets: secretBox('x'.repeat(32)),
    outbound: { allow: [] },
    logger: silent,
    url: 'https://signalbox.example',
  }).run();
  const [message] = await told('events');
  expect(message).toMatchObject({
    type: 'dev.cdeventsx.signalbox-toggle.returned.0.1.0',
    executionId: id,
    body: {
      subject: 'badge',
      data: {
        context: { chainId: id },
        subject: {
          id: 'badge',
          content: {
            environments: ['prod'],
            by: 'Signalbox',
            reason: expect.stringMatching(/^put back: test ended as failed\. \S+/),
            uri: 'https://signalbox.example/features/badge',
          },
        },
        customData: { application: 'catalog' },
      },
    },
  });
});

it('an endpoint that is not there is refused', async () => {
  await expect(subscribe('prod', 'nobody', 'toggle.killed')).rejects.toThrow(
    /no notification endpoint “nobody”/,
  );
});
