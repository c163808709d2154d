import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { canaryAnalyses, canaryConfigs, canaryLooks, judgments, metricsSources } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import { openSource } from '@/server/analysis/open-source';
import { canaryConfigSchema } from '@/server/domain/canary';
import { type Engine } from '@/server/engine/engine';
import { wakeStage } from '@/server/engine/enqueue';
import { stageTypes } from '@/server/engine/stages/registry';
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
import { secretBox } from '@/server/secrets/seal';

/**
 * What a metrics source may do while an analysis runs. The source is Prometheus at the wire and no more than that: the
 * real one cannot be told to misbehave like this.
 */

type Mood = 'well' | 'error' | 'empty' | 'hanging' | 'garbage';
const database = await testDatabase();
const { db } = database;
const secrets = secretBox('a secret of tests that is long enough');
let mood: Mood = 'well';
let server: Server;
let engine: Engine;

beforeAll(async () => {
  server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const config = { url: `http://127.0.0.1:${port}`, timeoutSeconds: 1 };
  await db.insert(metricsSources).values({ name: 'moody', kind: 'prometheus', config, updatedBy: 'test' });
  const query = { type: 'prometheus', customInlineTemplate: 'PromQL:rate{group="${scope}"}' };
  const metric = {
    name: 'rate',
    query,
    groups: ['A'],
    analysisConfigurations: { canary: { direction: 'increase' } },
  };
  await db.insert(canaryConfigs).values({
    application: 'shop',
    name: 'moody',
    source: 'moody',
    config: canaryConfigSchema.parse({
      name: 'moody',
      metrics: [metric],
      judge: { name: 'signalbox-v1', judgeConfigurations: { onNoData: 'extend' } },
    }),
    updatedBy: 'test',
  });
  engine = engineFor(
    database,
    { canaryAnalysis: stageTypes.canaryAnalysis },
    {
      services: {
        db,
        clock: { now: () => new Date() },
        outbound: { allow: [] },
        provider: () => Promise.reject(new Error('this test has no platform')),
        metricsSource: (name) => openSource(db, secrets, name),
      },
    },
  );
  engine.start();
}, 60_000);
afterAll(async () => {
  await engine.drain(1_000);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  mood = 'well';
});

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const { status, text } = answer(new URLSearchParams(body));
  if (mood === 'hanging') return;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(text);
}

function answer(asked: URLSearchParams): { status: number; text: string } {
  switch (mood) {
    case 'error':
      return {
        status: 503,
        text: JSON.stringify({ status: 'error', errorType: 'unavailable', error: 'too busy' }),
      };
    case 'empty':
      return ok([]);
    case 'garbage':
      return { status: 200, text: '<html>a proxy in between</html>' };
    case 'hanging':
    case 'well':
      return ok(asked.has('start') ? [{ metric: {}, values: points(asked) }] : []);
    default:
      return mood satisfies never;
  }
}

function ok(result: unknown[]) {
  return { status: 200, text: JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }) };
}

/** Level, and the same on both sides. */
function points(asked: URLSearchParams): [number, string][] {
  const [from, to, step] = ['start', 'end', 'step'].map((name) => Number(asked.get(name)));
  const all: [number, string][] = [];
  for (let at = from ?? 0; at <= (to ?? 0); at += step || 1) all.push([at, '10']);
  return all;
}

const side = (scope: string) => ({ scope, location: '' });
function analyse(changes: object = {}): Promise<string> {
  const config = {
    config: 'moody',
    warmupSeconds: 0,
    intervalSeconds: 6,
    lifetimeSeconds: 6,
    stepSeconds: 1,
    extendSeconds: 0,
    scopes: { baseline: side('old'), canary: side('new') },
    ...changes,
  };
  return start(database, pipeline(stage('judge', 'canaryAnalysis', config)));
}

async function analysisOf(executionId: string) {
  const [row] = await db.select().from(canaryAnalyses).where(eq(canaryAnalyses.executionId, executionId));
  const looks = await db
    .select()
    .from(canaryLooks)
    .where(eq(canaryLooks.analysisId, row?.id ?? ''));
  return { row, looks };
}

it('passes while all is well', async () => {
  const id = await analyse();
  expect(await ended(database, id)).toBe('succeeded');
  expect((await analysisOf(id)).row).toMatchObject({ status: 'passed', classification: 'Pass' });
});

it.each<[Mood, RegExp | null, string]>([
  ['error', /too busy|503/, 'canary.metric.error'],
  ['hanging', /in time|did not answer|timeout|within/i, 'canary.metric.error'],
  ['garbage', /proxy in between/, 'canary.metric.error'],
  ['empty', null, 'canary.metric.noData'],
])(
  'asks a person, and says why, when the source is %s',
  async (given, said, reason) => {
    mood = given;
    const id = await analyse();
    await expect
      .poll(async () => (await stageRow(database, id, 'judge')).waiting?.kind, { timeout: 40_000 })
      .toBe('person');
    const asked = await stageRow(database, id, 'judge');
    expect(asked.status).toBe('running');
    expect(asked.waiting?.reason.key).toBe(reason);
    const { row, looks } = await analysisOf(id);
    expect(row).toMatchObject({ status: 'inconclusive', classification: 'Inconclusive', endedAt: null });
    const [measured] = looks.at(-1)?.measurements ?? [];
    if (said) expect(measured?.error).toMatch(said);
    else expect(measured?.error).toBeNull();

    await db.insert(judgments).values({ stageId: asked.id, decision: 'stop', by: 'Ada', evidence: {} });
    await db.transaction((tx) => wakeStage(tx, asked.id));
    expect(await ended(database, id)).toBe('stopped');
    expect((await analysisOf(id)).row?.status).toBe('failed');
    await expectNoJobsLeft(database);
  },
  60_000,
);

it('measures on when it may, and passes once the source is back', async () => {
  mood = 'empty';
  const id = await analyse({ extendSeconds: 30 });
  await expect.poll(async () => (await analysisOf(id)).looks.length, { timeout: 20_000 }).toBe(1);
  expect((await executionRow(database, id)).status).toBe('running');
  mood = 'well';
  expect(await ended(database, id, 40_000)).toBe('succeeded');
  expect((await analysisOf(id)).looks.length).toBeGreaterThan(1);
}, 60_000);
