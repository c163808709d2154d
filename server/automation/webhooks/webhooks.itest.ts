import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { Automation, githubHeaders, send } from '@/server/automation/testing/setup';
import { github } from '@/server/automation/webhooks/github';
import { testWorld } from '@/server/services/testing/world';
import { listTriggers } from '@/server/services/triggers/list';
import { listWebhookDeliveries } from '@/server/services/webhooks/list-deliveries';
import { listWebhookSources } from '@/server/services/webhooks/list-sources';
import { replayDelivery } from '@/server/services/webhooks/replay-delivery';
import { rotateWebhookSource } from '@/server/services/webhooks/rotate-source';

/** The door for events from outside, with what the senders really send. */

const world = await testWorld();
const automation = new Automation(world);
const examples = z
  .array(z.object({ name: z.string(), examples: z.array(z.looseObject({})) }))
  .parse(
    JSON.parse(
      readFileSync(
        createRequire(import.meta.url).resolve('@octokit/webhooks-examples/api.github.com/index.json'),
        'utf8',
      ),
    ),
  );
const pushSchema = z.looseObject({
  ref: z.string(),
  deleted: z.boolean(),
  after: z.string(),
  repository: z.looseObject({ full_name: z.string() }),
});
type Push = z.infer<typeof pushSchema>;
const pushes = (examples.find(({ name }) => name === 'push')?.examples ?? []).map((one) =>
  pushSchema.parse(one),
);
const push = (over: Partial<Push> = {}) =>
  JSON.stringify({ ...pushes[0], ref: 'refs/heads/main', deleted: false, after: 'a'.repeat(40), ...over });

it('knows the signature that GitHub documents', () => {
  const body = Buffer.from('Hello, World!');
  const headers = new Headers({
    'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  });
  const delivery = { headers, body, now: new Date() };
  expect(github.verify(delivery, ["It's a Secret to Everybody"])).toBeNull();
  expect(github.verify(delivery, ['another'])).toContain('does not fit');
  expect(
    github.verify({ ...delivery, body: Buffer.from('Hello, World?') }, ["It's a Secret to Everybody"]),
  ).toContain('does not fit');
});

it('takes every example of a GitHub delivery, and starts for the pushes to a branch alone', async () => {
  const secret = await automation.source('gh-examples', 'github');
  await automation.pipeline('on-any-push', { type: 'git', config: { source: 'gh-examples' } });
  let count = 0;
  for (const { name, examples: payloads } of examples)
    for (const payload of payloads) {
      const body = JSON.stringify(payload);
      count += 1;
      const answer = await send('gh-examples', body, githubHeaders(secret, body, name, `d${count}`));
      expect(answer).toEqual({ status: 202, body: { accepted: name === 'ping' ? 0 : 1 } });
    }
  expect(count).toBeGreaterThan(200);
  for (let round = 0; round < count / 50; round += 1) await automation.handle();
  const wanted = pushes.filter(({ ref, deleted }) => ref.startsWith('refs/heads/') && !deleted);
  expect(wanted.length).toBeGreaterThan(1);
  expect(await automation.executions('on-any-push')).toHaveLength(wanted.length);
  expect((await automation.lastDelivery('gh-examples'))?.outcome).toBe('ignored');
});

it('starts one execution for twenty copies of a delivery, sent all at once and handled by two workers', async () => {
  const secret = await automation.source('gh', 'github');
  await automation.pipeline('on-main', {
    type: 'git',
    config: { source: 'gh', repository: 'shop/catalog', branches: ['main', 'release/*'] },
  });
  const body = push({ repository: { full_name: 'Shop/Catalog' } });
  const headers = githubHeaders(secret, body, 'push', 'one-and-the-same');
  const answers = await Promise.all(Array.from({ length: 20 }, () => send('gh', body, headers)));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202));
  expect(answers.filter(({ body: { accepted } }) => accepted === 1)).toHaveLength(1);
  await Promise.all([automation.handle(), automation.handle()]);
  await send('gh', body, headers);
  await automation.handle();
  const [execution, ...others] = await automation.executions('on-main');
  expect(others).toEqual([]);
  expect(execution?.trigger).toMatchObject({
    kind: 'git',
    note: 'push to main of Shop/Catalog',
    triggerId: 'it',
  });
  expect(execution?.payload).toMatchObject({ commit: 'a'.repeat(40), ref: 'refs/heads/main' });
  const delivery = await automation.lastDelivery('gh');
  expect(delivery).toMatchObject({ outcome: 'started', started: [execution?.id] });

  // Shown to the triggers again, it starts nothing that it started before.
  const admin = await world.as('admin');
  await replayDelivery(admin, { id: String(delivery?.id) });
  await automation.handle();
  expect(await automation.executions('on-main')).toHaveLength(1);
  expect((await automation.lastDelivery('gh'))?.outcome).toBe('started');
});

it.each([
  ['another branch', { ref: 'refs/heads/feature' }, 0],
  ['a branch by its pattern', { ref: 'refs/heads/release/2.0' }, 1],
  ['a tag, when branches are wanted', { ref: 'refs/tags/main' }, 0],
  ['a branch that was deleted', { deleted: true, after: '0'.repeat(40) }, 0],
  ['another repository', { repository: { full_name: 'shop/cart' } }, 0],
])('counts %s as it should', async (what, over, expected) => {
  const name = `case-${what.replaceAll(/[^a-z]+/g, '-')}`;
  const secret = await automation.source(name, 'github');
  await automation.pipeline(name, {
    type: 'git',
    config: { source: name, repository: 'shop/catalog', branches: ['main', 'release/*'] },
  });
  const body = push({ repository: { full_name: 'shop/catalog' }, ...over });
  await send(name, body, githubHeaders(secret, body, 'push', name));
  await automation.handle();
  expect(await automation.executions(name)).toHaveLength(expected);
});

it('lets payload constraints decide, fills parameters from the payload, and says what it refused', async () => {
  const secret = await automation.source('hook', 'standard');
  await automation.pipeline(
    'by-hook',
    {
      type: 'webhook',
      config: { source: 'hook', event: 'build.finished' },
      constraints: [{ path: 'build.status', pattern: '^(ok|green)$' }],
      parameters: { build: '${trigger.payload.build.number}', who: 'by ${trigger.payload.by}' },
    },
    {
      parameters: [
        { name: 'build', type: 'number', label: 'Build', required: true },
        { name: 'who', type: 'string', label: 'Who', required: false },
      ] as never,
    },
  );
  const deliver = async (id: string, payload: unknown, signedBy = secret) => {
    const body = JSON.stringify(payload);
    const at = new Date();
    const answer = await send('hook', body, {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(signedBy).sign(id, at, body),
    });
    await automation.handle();
    return answer;
  };
  const build = { number: 7, status: 'green' };
  await deliver('1', { type: 'build.finished', build: { ...build, status: 'red' }, by: 'ci' });
  await deliver('2', { type: 'build.started', build, by: 'ci' });
  expect(await automation.executions('by-hook')).toEqual([]);
  await deliver('3', { type: 'build.finished', build, by: 'ci' });
  expect((await automation.executions('by-hook')).map(({ parameters }) => parameters)).toEqual([
    { build: 7, who: 'by ci' },
  ]);
  await deliver('4', { type: 'build.finished', build: { status: 'ok', number: 'many' }, by: 'ci' });
  expect(await automation.executions('by-hook')).toHaveLength(1);
  const items = await listWebhookDeliveries(await world.as('engineer'), { source: 'hook', limit: 10 });
  expect(items.map(({ outcome }) => outcome)).toEqual(['refused', 'started', 'ignored', 'refused']);

  const trouble = async (now = new Date()) => {
    const engineer = { ...(await world.as('engineer')), clock: { now: () => now } };
    const [trigger] = await listTriggers(engineer, { pipeline: 'by-hook' });
    return trigger;
  };
  // It stays beside a later start that works, with its time, for a day.
  await deliver('4b', { type: 'build.finished', build, by: 'ci' });
  expect(await automation.executions('by-hook')).toHaveLength(2);
  expect(await trouble()).toMatchObject({
    error: expect.stringContaining('build'),
    errorAt: automation.now.toISOString(),
  });
  expect(await trouble(new Date(automation.now.getTime() + 25 * 3_600_000))).toMatchObject({
    error: null,
    errorAt: null,
  });

  expect((await deliver('5', {}, `whsec_${Buffer.from('other').toString('base64')}`)).status).toBe(401);
  const rotated = await rotateWebhookSource(await world.as('admin'), { name: 'hook' });
  expect((await deliver('6', {}, rotated.secret)).status).toBe(202);
  expect((await deliver('7', {})).status).toBe(202);
  await rotateWebhookSource(await world.as('admin'), { name: 'hook' });
  expect((await deliver('8', {})).status).toBe(401);
});

it('takes the token of GitLab and starts for a push with several copies by its idempotency key once', async () => {
  const secret = await automation.source('lab', 'gitlab');
  await automation.pipeline('by-tag', { type: 'git', config: { source: 'lab', tags: ['v*'] } });
  const body = JSON.stringify({
    object_kind: 'tag_push',
    ref: 'refs/tags/v1.2.0',
    after: 'b'.repeat(40),
    project: { path_with_namespace: 'shop/catalog' },
  });
  const headers = { 'x-gitlab-event': 'Tag Push Hook', 'idempotency-key': 'k1' };
  expect((await send('lab', body, headers)).status).toBe(401);
  expect((await send('lab', body, { ...headers, 'x-gitlab-token': 'no' })).status).toBe(401);
  for (let i = 0; i < 2; i += 1) await send('lab', body, { ...headers, 'x-gitlab-token': secret });
  await automation.handle();
  const started = await automation.executions('by-tag');
  expect(started.map(({ trigger }) => trigger.note)).toEqual(['push to v1.2.0 of shop/catalog']);
});

it('starts with the artifact that a CDEvent published, in structured and in binary form', async () => {
  const secret = await automation.source('events', 'cloudevents');
  await automation.pipeline('by-event', {
    type: 'artifact',
    config: { artifact: 'catalog', versions: ['1.*'], source: 'events' },
  });
  const event = (id: string, version: string) => ({
    specversion: '1.0',
    id,
    source: '/ci',
    type: 'dev.cdevents.artifact.published.0.2.0',
    datacontenttype: 'application/json',
    data: { subject: { id: `pkg:generic/catalog@${version}`, type: 'artifact', content: {} } },
  });
  const bearer = { authorization: `Bearer ${secret}` };
  const structured = { ...bearer, 'content-type': 'application/cloudevents+json' };
  expect((await send('events', JSON.stringify(event('1', '1.1.0')), structured)).body.accepted).toBe(1);
  const binary = {
    ...bearer,
    'ce-specversion': '1.0',
    'ce-id': '2',
    'ce-source': '/ci',
    'ce-type': 'dev.cdevents.artifact.published.0.2.0',
  };
  await send('events', JSON.stringify(event('', '1.2.0').data), binary);
  await send('events', JSON.stringify(event('3', '2.0.0')), structured);
  // The same event again, in the other form.
  await send('events', JSON.stringify(event('2', '1.2.0')), structured);
  await automation.handle();
  const started = await automation.executions('by-event');
  expect(started.map(({ version }) => version)).toEqual(['1.1.0', '1.2.0']);
});

it('answers what cannot be taken with a sentence and keeps nothing of it', async () => {
  const secret = await automation.source('strict', 'github');
  const sentence = async (answer: ReturnType<typeof send>) => {
    const { status, body } = await answer;
    return [status, body.error?.message ?? ''] as const;
  };
  const signed = (body: string) => githubHeaders(secret, body, 'push', 'x');
  expect(await sentence(send('nobody', '{}', signed('{}')))).toEqual([
    404,
    expect.stringContaining('"nobody"'),
  ]);
  expect(await sentence(send('strict', '{}'))).toEqual([401, expect.stringContaining('X-Hub-Signature-256')]);
  expect(await sentence(send('strict', '{', signed('{')))).toEqual([
    400,
    expect.stringContaining('cannot be read'),
  ]);
  for (const lost of ['{"a":["\\u0000"]}', '{"a":["\\ud800"]}'])
    expect(await sentence(send('strict', lost, signed(lost)))).toEqual([
      400,
      expect.stringContaining('a.0:'),
    ]);
  expect((await sentence(send('a%00b', '{}')))[0]).toBe(404);
  const huge = 'x'.repeat(25_000_001);
  expect((await sentence(send('strict', huge, signed(huge))))[0]).toBe(413);
  expect(await automation.lastDelivery('strict')).toBeUndefined();
  const sources = JSON.stringify(await listWebhookSources(await world.as('admin'), {}));
  expect(sources).toContain('strict');
  expect(sources).not.toContain(secret);
});
