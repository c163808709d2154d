import { and, eq } from 'drizzle-orm';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { eventCursors, notificationEndpoints, notifications } from '@/db/schema';
import { dispatchMoments } from '@/server/automation/notifications/dispatch';
import { Sender } from '@/server/automation/notifications/send';
import { Receiver } from '@/server/automation/testing/receiver';
import { Automation } from '@/server/automation/testing/setup';
import type { NotificationEvent, PipelineDefinition } from '@/server/domain/pipeline';
import type { Engine } from '@/server/engine/engine';
import { stageTypes } from '@/server/engine/stages/registry';
import { ended, engineFor, pipeline, stage, stageRow, start } from '@/server/engine/testing/harness';
import { startWorker } from '@/server/engine/testing/worker-process';
import { decideJudgment } from '@/server/services/judgments/decide';
import { createEndpoint } from '@/server/services/notifications/create-endpoint';
import { listEndpoints } from '@/server/services/notifications/list-endpoints';
import { listMessages } from '@/server/services/notifications/list-messages';
import { redeliver } from '@/server/services/notifications/redeliver';
import { rotateEndpoint } from '@/server/services/notifications/rotate-endpoint';
import { sendTest } from '@/server/services/notifications/send-test';
import { setEndpointEnabled } from '@/server/services/notifications/set-enabled';
import { testWorld } from '@/server/services/testing/world';

/** Messages to real receivers, from executions that a real engine ran. */

const world = await testWorld();
const automation = new Automation(world);
const { db, database } = world;
const receivers: Receiver[] = [];
/** Of a busy machine; what is awaited comes at once. */
const PATIENCE = { timeout: 10_000 };
const silence = new AbortController();
const sender = new Sender(automation.context());
let engine: Engine;
let count = 0;

beforeAll(async () => {
  engine = engineFor(database, stageTypes);
  engine.start();
  await dispatch();
});
afterAll(async () => {
  silence.abort();
  await engine.drain(1_000);
});
afterEach(async () => {
  for (const receiver of receivers.splice(0)) receiver.close();
  await db.delete(notificationEndpoints);
});

const dispatch = () => dispatchMoments(automation.context(), silence.signal);
const round = () => {
  // The database's clock made what is due; it may be a little ahead of ours.
  automation.now = new Date(Date.now() + 100);
  return sender.run(silence.signal);
};
const rows = (endpoint: string) =>
  db.select().from(notifications).where(eq(notifications.endpoint, endpoint));

async function endpoint(format = 'standard'): Promise<{ name: string; secret: string; receiver: Receiver }> {
  const receiver = await Receiver.open();
  receivers.push(receiver);
  count += 1;
  const name = `e${count}`;
  const { secret } = await createEndpoint(await world.as('admin'), { name, url: receiver.url, format });
  return { name, secret, receiver };
}

function telling(
  name: string,
  events: readonly NotificationEvent[],
  ...stages: Parameters<typeof pipeline>
): PipelineDefinition {
  return { ...pipeline(...stages), notifications: [{ endpoint: name, events: [...events] }] };
}

const pause = (seconds = 0) => stage('pause', 'wait', { seconds });

/** One message that is owed to the endpoint. */
async function owed(name: string): Promise<string> {
  await ended(database, await start(database, telling(name, ['execution.succeeded'], pause())));
  await vi.waitFor(async () => {
    await dispatch();
    expect(await rows(name)).not.toEqual([]);
  }, PATIENCE);
  const [row] = (await rows(name)).slice(-1);
  return row?.id ?? '';
}

/** As if so much time had gone by since the last try. */
const makeDue = (name: string) =>
  db
    .update(notifications)
    .set({ nextAt: new Date(0) })
    .where(and(eq(notifications.endpoint, name), eq(notifications.status, 'owed')));

/** Rounds until the outbox says what it should. */
async function until(name: string, wanted: Partial<typeof notifications.$inferSelect>): Promise<void> {
  await vi.waitFor(async () => {
    await dispatch();
    await round();
    expect((await rows(name)).at(-1)).toMatchObject(wanted);
  }, PATIENCE);
}

it('tells of an execution, its stages, its gate and the decision, signed so that the library accepts it', async () => {
  const { name, secret, receiver } = await endpoint();
  const events: NotificationEvent[] = [
    'execution.queued',
    'execution.started',
    'execution.succeeded',
    'stage.started',
    'stage.succeeded',
    'judgment.waiting',
    'judgment.decided',
  ];
  const gate = { ...stage('gate', 'manualJudgment', { inputs: ['all', 'half'] }), name: 'Is it well?' };
  const id = await start(database, telling(name, events, gate));
  await vi.waitFor(async () => expect((await stageRow(database, id, 'gate')).waiting?.kind).toBe('person'));
  const ctx = await world.as('releaseManager');
  await decideJudgment(ctx, {
    executionId: id,
    refId: 'gate',
    decision: 'continue',
    input: 'half',
    comment: 'fine',
  });
  await ended(database, id);
  await vi.waitFor(async () => {
    await dispatch();
    await round();
    expect(receiver.received).toHaveLength(7);
  }, PATIENCE);
  expect([...receiver.types()].sort()).toEqual([...events].sort());
  for (const { text, headers } of receiver.received) {
    expect(() => new Webhook(secret).verify(text, headers)).not.toThrow();
    expect(() => new Webhook(`whsec_${'x'.repeat(32)}`).verify(text, headers)).toThrow();
    expect(() => new Webhook(secret).verify(`${text} `, headers)).toThrow();
  }
  const told = (type: string) => receiver.received.find(({ body }) => body.type === type)?.body;
  expect(told('execution.succeeded')).toMatchObject({
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    data: {
      application: 'shop',
      pipeline: 'test',
      executionId: id,
      status: 'succeeded',
      startedBy: 'Ada',
      environment: null,
      url: `http://localhost:3000/executions/${id}`,
    },
  });
  expect(told('judgment.decided').data).toMatchObject({
    url: `http://localhost:3000/executions/${id}?stage=gate`,
    stage: { refId: 'gate', name: 'Is it well?', type: 'manualJudgment' },
    judgment: { decision: 'continue', by: ctx.actor?.name, input: 'half', comment: 'fine' },
  });
});

it('tells nothing twice, whoever reads the log again, and nothing to endpoints that are off', async () => {
  const { name } = await endpoint();
  const off = await endpoint();
  await setEndpointEnabled(await world.as('admin'), { name: off.name, enabled: false });
  const [before] = await db.select().from(eventCursors);
  const definition = {
    ...pipeline(pause()),
    notifications: [
      { endpoint: name, events: ['execution.started' as const, 'execution.succeeded' as const] },
      { endpoint: name, events: ['execution.succeeded' as const] },
      { endpoint: off.name, events: ['execution.succeeded' as const] },
      { endpoint: 'nobody', events: ['execution.succeeded' as const] },
    ],
  };
  await ended(database, await start(database, definition));
  await vi.waitFor(async () => {
    await dispatch();
    expect(await rows(name)).toHaveLength(2);
  }, PATIENCE);
  await db.update(eventCursors).set({ xid: before?.xid ?? '0', seq: before?.seq ?? '0' });
  await Promise.all([dispatch(), dispatch()]);
  expect(await rows(name)).toHaveLength(2);
  expect(await rows(off.name)).toHaveLength(0);
});

it('signs with the old and the new secret while it is being changed', async () => {
  const { name, secret, receiver } = await endpoint();
  const rotated = await rotateEndpoint(await world.as('admin'), { name });
  await sendTest(await world.as('admin'), { name });
  await until(name, { status: 'delivered' });
  const [message] = receiver.received;
  for (const one of [secret, rotated.secret])
    expect(() => new Webhook(one).verify(message?.text ?? '', message?.headers ?? {})).not.toThrow();
  expect(message?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
});

it('tries a receiver that fails again, later and later, with the same id, and honours its wish', async () => {
  const { name, receiver } = await endpoint();
  const id = await owed(name);
  receiver.answer = () => ({ status: 503, body: 'not\u0000now' });
  await until(name, {
    status: 'owed',
    attempts: 1,
    lastStatus: 503,
    lastError: 'It answered 503: not\ufffdnow.',
  });
  const waits = async () => ((await rows(name))[0]?.nextAt.getTime() ?? 0) - automation.now.getTime();
  expect(await waits()).toBeGreaterThanOrEqual(5_000);
  expect(await waits()).toBeLessThanOrEqual(6_000);
  receiver.answer = () => ({ status: 429, headers: { 'retry-after': '1200' } });
  await makeDue(name);
  await until(name, { status: 'owed', attempts: 2, lastStatus: 429 });
  expect(await waits()).toBe(1_200_000);
  receiver.answer = () => ({ status: 302, headers: { location: 'http://169.254.169.254/' } });
  await makeDue(name);
  await until(name, { status: 'owed', attempts: 3, lastStatus: 302 });
  receiver.answer = () => ({ status: 204 });
  await makeDue(name);
  await until(name, { status: 'delivered', attempts: 4, lastStatus: 204, lastError: null });
  expect(receiver.received.map((one) => one.id)).toEqual([id, id, id, id]);
});

it('gives up after ten tries, and turns an endpoint off that took nothing in all that time', async () => {
  const { name, receiver } = await endpoint();
  await owed(name);
  receiver.answer = () => ({ status: 500 });
  for (let attempts = 1; attempts < 10; attempts += 1) {
    await until(name, { status: 'owed', attempts });
    await makeDue(name);
  }
  await until(name, { status: 'givenUp', attempts: 10 });
  const [view] = await listEndpoints(await world.as('admin'), {});
  expect(view).toMatchObject({ disabled: true, owed: 0 });
  expect(view?.disabledReason).toContain('It answered 500.');
});

it('turns an endpoint off that is gone; what it is owed waits until it is on again', async () => {
  const { name, receiver } = await endpoint();
  const first = await owed(name);
  receiver.answer = () => ({ status: 410 });
  await vi.waitFor(async () => {
    await round();
    const [view] = await listEndpoints(await world.as('admin'), {});
    expect(view).toMatchObject({ disabled: true, disabledReason: expect.stringContaining('410') });
  });
  await expect(sendTest(await world.as('admin'), { name })).rejects.toThrow('is off');
  receiver.answer = () => ({ status: 200 });
  await redeliver(await world.as('admin'), { id: first });
  await round();
  expect((await rows(name))[0]?.status).toBe('owed');
  await setEndpointEnabled(await world.as('admin'), { name, enabled: true });
  await until(name, { status: 'delivered' });
  expect(receiver.received.map((one) => one.id)).toEqual([first, first]);
  const [logged] = await listMessages(await world.as('engineer'), { endpoint: name, limit: 10 });
  expect(logged).toMatchObject({ status: 'delivered', attempts: 1, lastStatus: 200, nextAt: null });
});

it('is not held up by a receiver that does not answer', async () => {
  const slow = await endpoint();
  const quick = await endpoint();
  slow.receiver.answer = () => 'never';
  const admin = await world.as('admin');
  for (let index = 0; index < 8; index += 1) await sendTest(admin, { name: slow.name });
  await round();
  await vi.waitFor(() => expect(slow.receiver.received).toHaveLength(4));
  await sendTest(admin, { name: quick.name });
  await until(quick.name, { status: 'delivered' });
  expect(slow.receiver.received).toHaveLength(4);
  // The worker leaves: what is on the way has not been tried.
  silence.signal.throwIfAborted();
  const leaving = new AbortController();
  const other = new Sender(automation.context());
  await makeDue(slow.name);
  const left = other.run(leaving.signal);
  await vi.waitFor(() => expect(slow.receiver.received).toHaveLength(8));
  leaving.abort();
  await left;
  const attempts = (await rows(slow.name)).map((row) => row.attempts);
  expect(attempts.filter((tries) => tries === 0)).toHaveLength(4);
});

it('does not go to where it must not, and says so', async () => {
  const { name } = await endpoint();
  await db
    .update(notificationEndpoints)
    .set({ url: 'http://169.254.169.254/latest' })
    .where(eq(notificationEndpoints.name, name));
  await owed(name);
  await until(name, { status: 'owed', attempts: 1, lastStatus: null });
  expect((await rows(name))[0]?.lastError).toContain('SIGNALBOX_OUTBOUND_ALLOW');
});

it('sends again with the same id when the worker is killed between sending and noting it', async () => {
  const { name, secret, receiver } = await endpoint();
  const environment = {
    DATABASE_URL: database.url,
    SIGNALBOX_SECRET: 'x'.repeat(32),
    SIGNALBOX_OUTBOUND_ALLOW: '127.0.0.0/8',
  };
  const victim = await startWorker('server/worker.ts', environment);
  receiver.answer = () => {
    victim.kill('SIGKILL');
    return 'never';
  };
  const { id } = await sendTest(await world.as('admin'), { name });
  expect(await victim.exited).toBe('SIGKILL');
  expect((await rows(name))[0]).toMatchObject({ status: 'owed', attempts: 1 });

  receiver.answer = () => ({ status: 200 });
  const heir = await startWorker('server/worker.ts', environment);
  // Its lease is a minute; here it is over.
  await makeDue(name);
  await vi.waitFor(async () => expect((await rows(name))[0]?.status).toBe('delivered'), { timeout: 10_000 });
  heir.kill('SIGKILL');
  await heir.exited;
  expect(receiver.received.map((one) => one.id)).toEqual([id, id]);
  for (const { text, headers } of receiver.received) new Webhook(secret).verify(text, headers);
}, 60_000);
