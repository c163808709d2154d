import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { testDatabase } from '@/db/test/database';
import type { Engine } from '@/server/engine/engine';
import { requestCancel } from '@/server/engine/enqueue';
import { webhook } from '@/server/engine/stages/webhook';
import {
  ended,
  engineFor,
  executionRow,
  expectNoJobsLeft,
  pipeline,
  stage,
  stageRow,
  start,
} from '@/server/engine/testing/harness';

/** Against a real HTTP server that answers as it is told. */

const database = await testDatabase();
interface Call {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
const calls: Call[] = [];
let answers: { status: number; body?: unknown; headers?: Record<string, string> }[] = [];
let server: Server;
let url = '';
let engine: Engine;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { method, url: path, headers } = request;
      calls.push({ method, url: path, headers, body });
      const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? { status: 200 };
      response.writeHead(answer.status, answer.headers ?? {});
      response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on TCP, so the address is not a path.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  engine = engineFor(database, { webhook });
  engine.start();
});
afterAll(async () => {
  await engine.drain(1_000);
  server.close();
});
beforeEach(() => {
  calls.length = 0;
  answers = [{ status: 200, body: {} }];
});

const run = (config: Record<string, unknown>) =>
  start(database, pipeline(stage('hook', 'webhook', { url, ...config })));

it('sends its payload once, known by its key, and leaves the answer to the stages after it', async () => {
  answers = [{ status: 201, body: { id: 7 } }];
  const id = await run({ payload: { version: '1.0' }, headers: { 'x-team': 'shop' } });
  expect(await ended(database, id)).toBe('succeeded');
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({ method: 'POST', body: '{"version":"1.0"}' });
  expect(calls[0]?.headers['x-team']).toBe('shop');
  const row = await stageRow(database, id, 'hook');
  expect(calls[0]?.headers['idempotency-key']).toBe(`${row.id}:call`);
  expect(row.outputs).toEqual({ webhook: { status: 201, body: { id: 7 } } });
});

it('reads secrets from the environment and keeps them out of what is stored', async () => {
  process.env.SIGNALBOX_WEBHOOK_SECRET_CI = 'Bearer hunter2';
  const id = await run({ headers: { authorization: 'secret:CI' } });
  expect(await ended(database, id)).toBe('succeeded');
  expect(calls[0]?.headers.authorization).toBe('Bearer hunter2');
  const row = await stageRow(database, id, 'hook');
  expect(JSON.stringify([row.config, row.outputs, row.log])).not.toContain('hunter2');
  const missing = await run({ headers: { authorization: 'secret:NOWHERE' } });
  expect(await ended(database, missing)).toBe('errored');
  expect((await executionRow(database, missing)).error?.values.text).toContain(
    'SIGNALBOX_WEBHOOK_SECRET_NOWHERE',
  );
});

it('asks again when the trouble may pass, and not when it is said to be final', async () => {
  answers = [{ status: 503 }, { status: 503 }, { status: 200, body: {} }];
  expect(await ended(database, await run({}))).toBe('succeeded');
  expect(calls).toHaveLength(3);
  answers = [{ status: 503, body: { reason: 'closed' } }];
  const final = await run({ failFastStatus: [503] });
  expect(await ended(database, final)).toBe('failed');
  expect((await executionRow(database, final)).error?.values).toMatchObject({ status: 503 });
});

it('ends at once at an answer that asking again will not change', async () => {
  answers = [{ status: 422, body: { reason: 'no such branch' } }];
  const id = await run({});
  expect(await ended(database, id)).toBe('failed');
  expect(calls).toHaveLength(1);
  expect((await executionRow(database, id)).error?.values).toMatchObject({ status: 422 });
});

it('says what it was answered while it calls again, and ends when the pipeline grants no more time', async () => {
  answers = [{ status: 501, body: { reason: 'later' } }];
  const id = await run({ retrySeconds: 1 });
  await expect
    .poll(async () => (await stageRow(database, id, 'hook')).waiting, { interval: 10 })
    .toMatchObject({
      reason: { key: 'engine.wait.webhookAnswered', values: { status: 501 } },
      until: expect.stringMatching(/Z$/),
    });
  expect(await ended(database, id)).toBe('failed');
  expect(calls.length).toBeGreaterThan(1);
  expect((await executionRow(database, id)).error).toMatchObject({
    key: 'engine.webhook.refused',
    values: { status: 501, text: '{"reason":"later"}' },
  });
  const nobody = await run({ url: 'http://127.0.0.1:1/', retrySeconds: 0 });
  expect(await ended(database, nobody)).toBe('errored');
  expect((await executionRow(database, nobody)).error?.key).toBe('engine.webhook.unreachable');
});

it('has its time for each trouble anew, also while it asks for the status', async () => {
  answers = [
    { status: 429 },
    { status: 202, headers: { location: '/builds/11' } },
    { status: 503 },
    { status: 200, body: { status: 'SUCCESS' } },
  ];
  const id = await run({ completion: { statusPath: 'status' }, retrySeconds: 5 });
  expect(await ended(database, id)).toBe('succeeded');
  expect((await stageRow(database, id, 'hook')).outputs).toMatchObject({ trouble: null });
});

it('refuses a header that cannot be sent at once, wherever it came from', async () => {
  process.env.SIGNALBOX_WEBHOOK_SECRET_BROKEN = 'Bearer x\ny';
  const cases = [{ 'x a': '1' }, { 'x-a': '${"a\\nb"}' }, { 'x-a': 'secret:BROKEN' }];
  for (const headers of cases) expect(await ended(database, await run({ headers }))).toBe('errored');
  expect(calls).toEqual([]);
});

it('sends no secret that an expression names', async () => {
  process.env.SIGNALBOX_WEBHOOK_SECRET_CI = 'Bearer hunter2';
  const given = { authorization: '${parameters.who}' };
  for (const headers of [
    given,
    { authorization: 'secret:${"CI"}' },
    '${{"authorization": parameters.who}}',
  ]) {
    const id = await start(database, pipeline(stage('hook', 'webhook', { url, headers })), {
      parameters: { who: 'secret:CI' },
    });
    expect(await ended(database, id)).toBe('errored');
    expect((await executionRow(database, id)).error?.values.problem).toContain('"secret:CI"');
  }
  expect(calls).toEqual([]);
});

it('waits for completion where the answer says, and ends as the other system does', async () => {
  const completion = { statusUrlPath: 'links.self', statusPath: '$.build.status', everySeconds: 1 };
  answers = [
    { status: 202, body: { links: { self: '/builds/9' } } },
    { status: 200, body: { build: { status: 'RUNNING' } } },
    { status: 200, body: { build: { status: 'SUCCESS' } } },
  ];
  expect(await ended(database, await run({ completion }))).toBe('succeeded');
  expect(calls.map((call) => `${call.method} ${call.url}`)).toEqual([
    'POST /',
    'GET /builds/9',
    'GET /builds/9',
  ]);
  answers = [
    { status: 202, headers: { location: '/builds/10' } },
    { status: 200, body: { build: { status: 'FAILED' } } },
  ];
  const failed = await run({ completion: { statusPath: 'build.status' } });
  expect(await ended(database, failed)).toBe('failed');
});

it('tells the other system to stop when the execution is withdrawn', async () => {
  answers = [
    { status: 202, body: {} },
    { status: 200, body: { status: 'RUNNING' } },
  ];
  const id = await run({
    completion: { statusUrl: `${url}/status`, statusPath: 'status' },
    cancel: { url: `${url}/stop`, method: 'DELETE' },
  });
  await expect.poll(async () => (await stageRow(database, id, 'hook')).waiting?.kind).toBe('platform');
  await database.db.transaction((tx) => requestCancel(tx, id, 'Ada', null));
  expect(await ended(database, id)).toBe('canceled');
  await expect.poll(() => calls.at(-1)).toMatchObject({ method: 'DELETE', url: '/stop' });
  await expectNoJobsLeft(database);
});

it('does not call what is not allowed', async () => {
  const id = await start(
    database,
    pipeline(stage('hook', 'webhook', { url: 'http://169.254.169.254/latest' })),
  );
  expect(await ended(database, id)).toBe('errored');
  expect((await executionRow(database, id)).error?.values.text).toContain('SIGNALBOX_OUTBOUND_ALLOW');
});
