import { desc, eq, sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audit, executions, stages } from '@/db/schema';
import type { AnalysisStatus } from '@/server/domain/analysis';
import { canaryAnalysis } from '@/server/engine/stages/canary-analysis';
import { listAnalyses, listAnalysesInput } from '@/server/services/analyses/list';
import { reportAnalysis } from '@/server/services/analyses/report';
import { startRetrospective, startRetrospectiveInput } from '@/server/services/analyses/start-retrospective';
import { listScopes } from '@/server/services/canary-configs/scopes';
import type { ServiceContext } from '@/server/services/context';
import { seedAnalysis, seedCanaryConfig } from '@/server/services/testing/canary-analyses';
import { seeServerGroup, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const { db } = world;
const application = 'catalog';
const scopes = {
  baseline: { scope: 'catalog-prod-v001', location: 'eu', version: '1.0.0' },
  canary: { scope: 'catalog-prod-v002', location: 'eu', version: '1.1.0' },
};
const MINUTE = 60_000;
const now = Math.floor(Date.now() / MINUTE) * MINUTE;
let ann: ServiceContext;

beforeAll(async () => {
  ann = await world.as('engineer');
  await seedCanaryConfig(world);
});
beforeEach(async () => void (await db.delete(executions)));

const begin = (more: object = {}, ctx: ServiceContext = ann) =>
  startRetrospective(
    ctx,
    startRetrospectiveInput.parse({
      application,
      config: 'golden',
      scopes,
      startMs: now - 60 * MINUTE,
      endMs: now,
      ...more,
    }),
  );

describe('judging a past window', () => {
  it('starts an execution of one stage that looks and deploys nothing', async () => {
    await seeServerGroup(world, 'eu', 'prod', 2, '1.1.0');
    const { executionId } = await begin({ intervalSeconds: 600 });
    const [execution] = await db.select().from(executions).where(eq(executions.id, executionId));
    expect(execution).toMatchObject({
      application,
      pipeline: 'canary-analysis',
      environment: 'prod',
      artifact: null,
      trigger: { kind: 'manual', by: ann.actor?.name },
    });
    const [stage] = await db.select().from(stages).where(eq(stages.executionId, executionId));
    expect(stage).toMatchObject({ refId: 'analysis', type: 'canaryAnalysis' });
    expect(canaryAnalysis.configSchema.parse(stage?.config)).toMatchObject({
      config: 'golden',
      intervalSeconds: 600,
      lifetimeSeconds: 3_600,
      startTime: new Date(now - 60 * MINUTE).toISOString(),
      endTime: new Date(now).toISOString(),
      scopes: { canary: scopes.canary },
    });
    const [entry] = await db.select().from(audit).orderBy(desc(audit.id)).limit(1);
    expect(entry).toMatchObject({ action: 'analysis.start', application, subject: executionId });
  });

  it('begins and ends on whole steps, so that every look holds points', async () => {
    const { executionId } = await begin({ startMs: now - 5 * MINUTE - 1, endMs: now - 1 });
    const [stage] = await db.select().from(stages).where(eq(stages.executionId, executionId));
    expect(stage?.config).toMatchObject({
      startTime: new Date(now - 6 * MINUTE).toISOString(),
      endTime: new Date(now - MINUTE).toISOString(),
      intervalSeconds: 300,
    });
  });

  it('is the same again under the same key, and a conflict for another request under it', async () => {
    const first = await begin({ idempotencyKey: 'k' });
    expect(await begin({ idempotencyKey: 'k' })).toEqual(first);
    await expect(begin({ idempotencyKey: 'k', passScore: 90 })).rejects.toThrow('used for another request');
    expect(await begin({ idempotencyKey: 'k' }, await world.as('engineer'))).not.toEqual(first);
    expect(await db.select().from(executions)).toHaveLength(2);
  });

  it.each<[string, object, string]>([
    ['a window in the future', { endMs: now + 60 * MINUTE }, 'endMs: is in the future'],
    ['an empty window', { startMs: now }, 'endMs: must be a step or more after the start'],
    ['a window that ends before it starts', { endMs: now - 90 * MINUTE }, 'endMs: must be a step'],
    ['a window of more than a week', { startMs: now - 8 * 24 * 60 * MINUTE }, 'longer than a week'],
    [
      'an interval longer than the window',
      { intervalSeconds: 7_200 },
      'must not be longer than the lifetime',
    ],
    ['an interval of broken steps', { intervalSeconds: 90 }, 'intervalSeconds: must be whole steps of 60 s'],
    ['a lookback of broken steps', { lookbackSeconds: 90 }, 'lookbackSeconds: must be whole steps of 60 s'],
    ['thresholds that are crossed', { passScore: 50, marginalScore: 75 }, 'marginalScore: must not be above'],
    [
      'an expression for a name',
      { scopes: { ...scopes, extra: { zone: '${x}' } } },
      'scopes.extra.zone: must not hold',
    ],
    ['a configuration that there is not', { config: 'silver' }, 'Configurations: golden.'],
    ['a source that there is not', { source: 'ghost' }, 'Sources: prom.'],
  ])('is refused for %s', async (_name, more, says) => {
    await expect(begin(more)).rejects.toThrow(says);
    expect(await db.select().from(executions)).toEqual([]);
  });
});

describe('analyses', () => {
  it('are listed newest first, in pages, by execution and by status', async () => {
    const first = await analysed('failed', 3);
    const second = await analysed('running', 2);
    const third = await analysed('passed', 1);
    const list = (more: object = {}) => listAnalyses(ann, listAnalysesInput.parse({ application, ...more }));
    const ids = async (more: object) => (await list(more)).items.map(({ id }) => id);
    const page = await list({ limit: 2 });
    expect(page.items.map(({ id }) => id)).toEqual([third.id, second.id]);
    expect(await ids({ limit: 2, cursor: page.nextCursor })).toEqual([first.id]);
    expect(await ids({ executionId: first.executionId })).toEqual([first.id]);
    expect(await ids({ statuses: ['failed', 'running'] })).toEqual([second.id, first.id]);
    expect(page.items[1]).toMatchObject({
      executionId: second.executionId,
      refId: 'analysis',
      pipeline: 'canary-analysis',
      kind: 'realTime',
      configName: 'golden',
      scopes,
      status: 'running',
      looks: 2,
      plannedLooks: 6,
      endedAt: null,
    });
    await expect(list({ cursor: 'x' })).rejects.toThrow('The cursor is not one of ours');
    await expect(listAnalyses(ann, listAnalysesInput.parse({ application: 'ghost' }))).rejects.toThrow(
      'ghost',
    );
  });

  it('are each on one page, however close in time they began', async () => {
    for (const minutesAgo of [1, 2, 3]) await analysed('passed', minutesAgo);
    await db.execute(sql`UPDATE canary_analyses SET started_at = '2026-01-01T00:00:00Z'::timestamptz
      + (extract(epoch from now() - started_at)::int / 60) * interval '1 microsecond'`);
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await listAnalyses(ann, listAnalysesInput.parse({ application, limit: 1, cursor }));
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(3);
    expect(new Set(seen).size).toBe(3);
  });

  it('are reported with the history and what the latest look saw, or the one asked for', async () => {
    const { id } = await analysed('passed', 1);
    const report = await reportAnalysis(ann, { id });
    expect(report).toMatchObject({
      id,
      config: { name: 'golden' },
      options: { intervalSeconds: 300 },
      history: [
        {
          number: 1,
          classification: 'Inconclusive',
          action: 'extend',
          sentence: { key: expect.any(String) },
        },
        { number: 2, score: 0, classification: 'Fail', action: 'fail' },
      ],
      shown: {
        number: 2,
        judgement: { results: [{ name: 'latency', classification: 'High' }] },
        measurements: [{ name: 'latency' }],
      },
    });
    expect(report.history[0]).not.toHaveProperty('results');
    expect((await reportAnalysis(ann, { id, look: 1 })).shown).toMatchObject({
      number: 1,
      measurements: null,
    });
    expect((await reportAnalysis(ann, { id, points: false })).shown).toMatchObject({
      number: 2,
      judgement: { results: [{ name: 'latency' }] },
      measurements: null,
    });
    await expect(reportAnalysis(ann, { id, look: 3 })).rejects.toThrow('no look 3. Choose one from 1 to 2.');
    await expect(reportAnalysis(ann, { id: '00000000-0000-4000-8000-000000000000' })).rejects.toThrow(
      'There is no canary analysis',
    );
  });

  it('are reported before their first look', async () => {
    const { id } = await analysed('running', 1, 0);
    expect(await reportAnalysis(ann, { id })).toMatchObject({ looks: 0, history: [], shown: null });
    await expect(reportAnalysis(ann, { id, look: 1 })).rejects.toThrow('It has not looked yet.');
  });

  it('remember server groups that are gone, for another comparison', async () => {
    await analysed('passed', 1);
    const gone = (await listScopes(ann, { application })).filter(({ scope }) => scope.endsWith('v001'));
    expect(gone).toMatchObject([{ location: 'eu', version: '1.0.0', enabled: false }]);
  });
});

/** One that was begun so many minutes ago. */
async function analysed(status: AnalysisStatus, minutesAgo: number, looks = 2) {
  const { executionId } = await begin();
  const startedAt = new Date(now - minutesAgo * MINUTE);
  return { id: await seedAnalysis(world, { executionId, status, startedAt, looks }), executionId };
}
