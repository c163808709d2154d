import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { and, eq, inArray, isNull } from 'drizzle-orm';
import { afterAll, expect, it } from 'vitest';
import { artifacts, executions, triggers } from '@/db/schema';
import { Automation, send } from '@/server/automation/testing/setup';
import { startExecution } from '@/server/services/executions/start';
import { testWorld } from '@/server/services/testing/world';
import { listTriggers } from '@/server/services/triggers/list';
import { setTriggerEnabled } from '@/server/services/triggers/set-enabled';

/** What looks by itself: clocks, registries, artifacts and other pipelines. */

const world = await testWorld();
const automation = new Automation(world);
const starts = async (pipeline: string) => (await automation.executions(pipeline)).length;
const view = async (pipeline: string) =>
  (await listTriggers(await world.as('engineer'), { application: 'catalog', pipeline }))[0];

it('fires at times of the clock in their time zone, across the change to summer time', async () => {
  await automation.pipeline('morning', {
    type: 'cron',
    config: { expression: '30 8 * * *', timeZone: 'Europe/Berlin' },
  });
  await world.db
    .update(triggers)
    .set({ nextAt: new Date('2026-03-27T00:00:00Z') })
    .where(eq(triggers.pipeline, 'morning'));
  await automation.lookAt('2026-03-27T12:00:00Z');
  expect((await view('morning'))?.nextAt).toBe('2026-03-28T07:30:00.000Z');
  await automation.lookAt('2026-03-28T07:30:00.400Z');
  expect(await starts('morning')).toBe(1);
  expect((await view('morning'))?.nextAt).toBe('2026-03-29T06:30:00.000Z');
  const [first] = await automation.executions('morning');
  expect(first?.payload).toEqual({ scheduledAt: '2026-03-28T07:30:00.000Z', missed: false });
});

it.each([
  ['skip', 0],
  ['runOnce', 1],
])('after hours without a worker, "%s" starts %i for all that was missed', async (missed, expected) => {
  const name = `missed-${missed.toLowerCase()}`;
  await automation.pipeline(name, { type: 'cron', config: { expression: '*/5 * * * *', missed } });
  await automation.lookAt(new Date());
  const later = Date.now() + 5 * 3_600_000;
  await automation.lookAt(new Date(later));
  expect(await starts(name)).toBe(expected);
  expect(new Date((await view(name))?.nextAt ?? 0).getTime()).toBeGreaterThan(later);
});

it('starts once when two workers look at the same moment', async () => {
  await automation.pipeline('twice', { type: 'cron', config: { expression: '0 * * * *' } });
  await automation.lookAt(new Date());
  const due = new Date((await view('twice'))?.nextAt ?? 0);
  automation.now = new Date(due.getTime() + 100);
  await Promise.all([automation.look(), automation.look(), automation.look()]);
  expect(await starts('twice')).toBe(1);
});

it('does not fire while it is off, and is armed anew when it is on again', async () => {
  await automation.pipeline('switch', {
    type: 'cron',
    config: { expression: '0 * * * *', missed: 'runOnce' },
  });
  const engineer = await world.as('engineer');
  const key = { application: 'catalog', pipeline: 'switch', key: 'it' };
  await setTriggerEnabled(engineer, { ...key, enabled: false });
  await automation.lookAt(new Date(Date.now() + 3 * 3_600_000));
  expect(await view('switch')).toMatchObject({ enabled: false, nextAt: null });
  await setTriggerEnabled(engineer, { ...key, enabled: true });
  await automation.lookAt(new Date(Date.now() + 6 * 3_600_000));
  expect(await starts('switch')).toBe(0);
  await automation.lookAt(new Date(Date.now() + 7.1 * 3_600_000));
  expect(await starts('switch')).toBe(1);
});

it('starts with each new version of an artifact that it wants, and with none from before', async () => {
  await automation.pipeline('published', {
    type: 'artifact',
    config: { artifact: 'catalog', versions: ['3.*'] },
  });
  await automation.lookAt(new Date());
  const publish = (version: string) => {
    const digest = `sha256:${createHash('sha256').update(version).digest('hex')}`;
    return world.db.insert(artifacts).values({ name: 'catalog', version, digest });
  };
  for (const version of ['3.0.0', '2.9.9', '3.0.1']) await publish(version);
  for (let round = 1; round <= 3; round += 1) await automation.lookAt(new Date(Date.now() + round * 1_500));
  const started = await automation.executions('published');
  expect(started.map(({ artifact, version, trigger }) => [artifact, version, trigger.kind])).toEqual([
    ['catalog', '3.0.0', 'artifact'],
    ['catalog', '3.0.1', 'artifact'],
  ]);
});

it('starts when another pipeline ends as it wants, once for each end, with what that delivered', async () => {
  await automation.pipeline('first', { type: 'cron', config: { expression: '0 0 1 1 *' } });
  await automation.pipeline('after-first', {
    type: 'pipeline',
    config: { application: 'catalog', pipeline: 'first', on: ['succeeded'] },
  });
  await automation.lookAt(new Date());
  const end = async (status: 'succeeded' | 'failed', version: string | null) => {
    await world.db.insert(executions).values({
      application: 'catalog',
      pipeline: 'first',
      status,
      openStages: 0,
      definition: { name: 'first', description: '', parameters: [], stages: [] },
      trigger: { kind: 'manual', by: 'someone', userId: null, note: null },
      artifact: version ? 'catalog' : null,
      version,
      endedAt: new Date(),
    });
  };
  await end('succeeded', '1.1.0');
  await end('failed', '1.2.0');
  for (let round = 1; round <= 3; round += 1) await automation.lookAt(new Date(Date.now() + round * 800));
  const started = await automation.executions('after-first');
  expect(started.map(({ version, trigger }) => [version, trigger.note])).toEqual([
    ['1.1.0', 'catalog/first succeeded'],
  ]);
});

/** A registry as far as digests go, with the token handshake; the wire is real, what is behind it is not. */
class Registry {
  digest = `sha256:${'1'.repeat(64)}`;
  answer: { status: number; headers?: Record<string, string> } | null = null;
  readonly server: Server;
  url = '';
  /** Something that happens while the answer is on its way. */
  onRead: (() => Promise<void>) | null = null;

  constructor() {
    this.server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
      if (pathname === '/token') {
        const known = request.headers.authorization === `Basic ${btoa('robot:pass')}`;
        const scope = searchParams.get('scope') === 'repository:team/shop:pull';
        response.writeHead(known && scope ? 200 : 401);
        return response.end(JSON.stringify({ token: 'let-me-in' }));
      }
      if (request.headers.authorization !== 'Bearer let-me-in') {
        const challenge = `Bearer realm="${this.url}/token",service="registry",scope="repository:team/shop:pull"`;
        response.writeHead(401, { 'www-authenticate': challenge });
        return response.end();
      }
      if (this.answer) {
        response.writeHead(this.answer.status, this.answer.headers);
        return response.end();
      }
      const fits = request.method === 'HEAD' && pathname === '/v2/team/shop/manifests/stable';
      const wantsIndex = request.headers.accept?.includes('application/vnd.oci.image.index.v1+json');
      response.writeHead(fits && wantsIndex ? 200 : 404, { 'docker-content-digest': this.digest });
      return void (this.onRead?.() ?? Promise.resolve()).then(() => response.end());
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    // Listening on TCP, so the address is not a path.
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
}
const registry = new Registry();
await registry.listen();
afterAll(() => registry.server.close());

it('starts when a tag of an image moves, whether a poll or a notification sees it first', async () => {
  process.env.SIGNALBOX_WEBHOOK_SECRET_REGISTRY = 'robot:pass';
  const secret = await automation.source('images', 'distribution');
  await automation.pipeline('image', {
    type: 'registry',
    config: {
      registry: registry.url,
      repository: 'team/shop',
      tag: 'stable',
      everySeconds: 10,
      credentials: 'REGISTRY',
      source: 'images',
    },
  });
  let seconds = 1;
  const poll = () => automation.lookAt(new Date(Date.now() + (seconds += 11) * 1_000));
  await poll();
  await poll();
  expect(await view('image')).toMatchObject({ error: null });
  expect(await starts('image')).toBe(0);

  registry.digest = `sha256:${'2'.repeat(64)}`;
  await poll();
  expect((await automation.executions('image')).map(({ payload }) => payload)).toEqual([
    { registry: registry.url, repository: 'team/shop', tag: 'stable', digest: registry.digest },
  ]);

  registry.digest = `sha256:${'3'.repeat(64)}`;
  const target = { repository: 'team/shop', tag: 'stable', digest: registry.digest };
  const events = [
    { id: 'e1', action: 'pull', target },
    { id: 'e2', action: 'push', target: { ...target, tag: undefined } },
    { id: 'e3', action: 'push', target },
  ];
  const body = JSON.stringify({ events });
  const sent = await send('images', body, { authorization: `Bearer ${secret}` });
  expect(sent).toEqual({ status: 202, body: { accepted: 2 } });
  await automation.handle();
  await poll();
  expect(await starts('image')).toBe(2);
});

it('shows why a registry cannot be read, leaves it alone as long as it asks, and goes on afterwards', async () => {
  registry.answer = { status: 403 };
  let now = Date.now() + 3_600_000;
  await automation.lookAt(new Date(now));
  expect((await view('image'))?.error).toContain('403');
  registry.answer = { status: 429, headers: { 'retry-after': '300' } };
  await automation.lookAt(new Date((now += 60_000)));
  registry.answer = null;
  registry.digest = `sha256:${'4'.repeat(64)}`;
  await automation.lookAt(new Date((now += 200_000)));
  expect(await starts('image')).toBe(2);
  await automation.lookAt(new Date((now += 101_000)));
  expect(await starts('image')).toBe(3);
  expect((await view('image'))?.error).toBeNull();
});

it('starts again when a tag goes back to what it was, and once for notifications that say the same', async () => {
  const secret = await automation.source('back-and-forth', 'distribution');
  const digests = [5, 6].map((digit) => `sha256:${String(digit).repeat(64)}`);
  const [first = '', second = ''] = digests;
  let now = Date.now() + 18_000_000;
  const poll = () => automation.lookAt(new Date((now += 11_000)));
  let event = 0;
  const notify = async (digest: string) => {
    const target = { repository: 'team/shop', tag: 'stable', digest };
    const body = JSON.stringify({ events: [{ id: `b${(event += 1)}`, action: 'push', target }] });
    await send('back-and-forth', body, { authorization: `Bearer ${secret}` });
    automation.now = new Date((now += 1_000));
    await automation.handle();
  };
  registry.digest = first;
  await automation.pipeline('back', {
    type: 'registry',
    config: {
      registry: registry.url,
      repository: 'team/shop',
      tag: 'stable',
      everySeconds: 10,
      credentials: 'REGISTRY',
      source: 'back-and-forth',
    },
  });
  await poll();
  registry.digest = second;
  await poll();
  registry.digest = first;
  await poll();
  await poll();
  expect(await starts('back')).toBe(2);
  // By notification, before a poll sees it, and said three times.
  registry.digest = second;
  for (let times = 0; times < 3; times += 1) await notify(second);
  await poll();
  expect(await starts('back')).toBe(3);
  await notify(first);
  registry.digest = first;
  await poll();
  expect(await starts('back')).toBe(4);
});

it('does not forget what was pushed while it was asking the registry', async () => {
  const secret = await automation.source('meanwhile', 'distribution');
  const was = `sha256:${'7'.repeat(64)}`;
  const pushed = `sha256:${'8'.repeat(64)}`;
  registry.digest = was;
  let now = Date.now() + 20_000_000;
  const poll = () => automation.lookAt(new Date((now += 11_000)));
  await automation.pipeline('racing', {
    type: 'registry',
    config: {
      registry: registry.url,
      repository: 'team/shop',
      tag: 'stable',
      everySeconds: 10,
      credentials: 'REGISTRY',
      source: 'meanwhile',
    },
  });
  await poll();
  const target = { repository: 'team/shop', tag: 'stable', digest: pushed };
  registry.onRead = async () => {
    registry.onRead = null;
    const body = JSON.stringify({ events: [{ id: 'm1', action: 'push', target }] });
    await send('meanwhile', body, { authorization: `Bearer ${secret}` });
    await automation.handle();
  };
  await poll();
  expect(await starts('racing')).toBe(1);
  // The registry still says what it said before: that is a move back.
  await poll();
  expect(await starts('racing')).toBe(2);
});

it('stops pipelines that start each other in a circle, and says so at the trigger', async () => {
  const after = (pipeline: string) => ({ type: 'pipeline', config: { application: 'catalog', pipeline } });
  await automation.pipeline('circle-a', after('circle-b'));
  await automation.pipeline('circle-b', after('circle-a'));
  let now = Date.now() + 22_000_000;
  const look = () => automation.lookAt(new Date((now += 600)));
  await look();
  const admin = await world.as('admin');
  await startExecution(admin, {
    application: 'catalog',
    pipeline: 'circle-a',
    parameters: {},
    artifacts: [],
  });
  const circle = inArray(executions.pipeline, ['circle-a', 'circle-b']);
  for (let round = 0; round < 15; round += 1) {
    await world.db
      .update(executions)
      .set({ status: 'succeeded', endedAt: new Date(now + 100) })
      .where(and(circle, isNull(executions.endedAt)));
    await look();
  }
  const all = await world.db.select().from(executions).where(circle);
  expect(all).toHaveLength(10);
  const errors = [(await view('circle-a'))?.error, (await view('circle-b'))?.error];
  expect(errors.filter((error) => error?.includes('in a circle'))).toHaveLength(1);
});

it('may not start its own pipeline', async () => {
  const own = { type: 'pipeline', config: { application: 'catalog', pipeline: 'selfish' } };
  await expect(automation.pipeline('selfish', own)).rejects.toMatchObject({
    code: 'bad_request',
    message: expect.stringContaining('triggers.0.config.pipeline: the pipeline would start itself'),
  });
  const other = { type: 'pipeline', config: { application: 'other', pipeline: 'selfish' } };
  await automation.pipeline('selfish', other);
});
