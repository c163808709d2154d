import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { testDatabase } from '@/db/test/database';
import type { Engine } from '@/server/engine/engine';
import { requestCancel } from '@/server/engine/enqueue';
import { evaluateVariables } from '@/server/engine/stages/evaluate-variables';
import type { StageType } from '@/server/engine/stages/stage';
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

/** What stages bring in from outside and the database cannot keep, and statements that fail. */

const database = await testDatabase();
let calls = 0;
let server: Server;
let url = '';
let engine: Engine;

/** Ends with an error that holds what cannot be kept. */
const refusing: StageType = {
  type: 'refusing',
  label: 'Refusing',
  group: 'control',
  authorable: true,
  configSchema: z.unknown(),
  tasks: [
    {
      name: 'refuse',
      run: () =>
        Promise.resolve({
          status: 'failed',
          error: { key: 'literal', values: { text: 'no\u0000!' } },
          log: [{ key: 'literal', values: { text: 'half \ud800' } }],
        }),
    },
  ],
};

/** Its statement fails each time. */
const querying: StageType = {
  type: 'querying',
  label: 'Querying',
  group: 'control',
  authorable: true,
  configSchema: z.unknown(),
  tasks: [
    {
      name: 'query',
      async run({ services }) {
        await services.db.execute(sql`select ${'hunter2'}::int`);
        return { status: 'succeeded' };
      },
    },
  ],
};

beforeAll(async () => {
  server = createServer((request, response) => {
    calls += 1;
    request.resume();
    response.end('{"a":"x\\u0000y","b\\ud800":["\\udc00"]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on TCP, so the address is not a path.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  engine = engineFor(database, { webhook, evaluateVariables, refusing, querying });
  engine.start();
});
afterAll(async () => {
  await engine.drain(1_000);
  server.close();
});

it('keeps the answer of a webhook with the sign for what was lost, and calls once', async () => {
  const id = await start(database, pipeline(stage('hook', 'webhook', { url })));
  expect(await ended(database, id)).toBe('succeeded');
  expect(calls).toBe(1);
  const body = { a: 'x\ufffdy', 'b\ufffd': ['\ufffd'] };
  expect((await stageRow(database, id, 'hook')).outputs).toEqual({ webhook: { status: 200, body } });
});

it('keeps what expressions made, as variables and as configuration', async () => {
  const variables = [
    { key: 'nul', value: '${"a\\u0000b"}' },
    { key: 'decoded', value: '${fromBase64("YQBi")}' },
    { key: 'read', value: '${fromJson("{\\"k\\\\u0000\\": \\"\\\\ud800\\"}")}' },
  ];
  const id = await start(
    database,
    pipeline(
      stage('vars', 'evaluateVariables', { variables }),
      stage('hook', 'webhook', { url, payload: '${fromBase64("YQBi")}' }, ['vars']),
    ),
  );
  expect(await ended(database, id)).toBe('succeeded');
  expect((await stageRow(database, id, 'vars')).outputs).toEqual({
    nul: 'a\ufffdb',
    decoded: 'a\ufffdb',
    read: { 'k\ufffd': '\ufffd' },
  });
  expect((await stageRow(database, id, 'hook')).config.payload).toBe('a\ufffdb');
});

it('keeps an error and a log', async () => {
  const id = await start(database, pipeline(stage('no', 'refusing')));
  expect(await ended(database, id)).toBe('failed');
  expect((await executionRow(database, id)).error?.values.text).toBe('no\ufffd!');
  expect((await stageRow(database, id, 'no')).log[0]?.text.values.text).toBe('half \ufffd');
});

it('tells a failed statement by its number, without what is in it', async () => {
  const id = await start(database, pipeline(stage('ask', 'querying')));
  await expect
    .poll(async () => (await stageRow(database, id, 'ask')).waiting?.reason, { interval: 20 })
    .toEqual({ key: 'engine.retryingOurs', values: { code: '22P02' } });
  const { rows } = await database.db.execute(sql`select last_error from jobs`);
  expect(rows).toEqual([{ last_error: 'database error 22P02' }]);
  await database.db.transaction((tx) => requestCancel(tx, id, 'Ada', null));
  expect(await ended(database, id)).toBe('canceled');
  await expectNoJobsLeft(database);
});
