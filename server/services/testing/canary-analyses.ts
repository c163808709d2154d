import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { canaryAnalyses, canaryConfigs, canaryLooks, metricsSources, stages } from '@/db/schema';
import { signalbox } from '@/server/canary/signalbox/judge';
import { type AnalysisStatus, analysisOptionsSchema, type MetricMeasurement } from '@/server/domain/analysis';
import { type CanaryConfig, canaryConfigSchema } from '@/server/domain/canary';
import { canaryConfig } from '@/server/services/testing/canary-configs';
import type { World } from '@/server/services/testing/world';

const MINUTE = 60_000;

/** A source "prom" and a configuration that asks it, as they rest. */
export async function seedCanaryConfig(
  { db }: World,
  name = 'golden',
  application = 'catalog',
): Promise<void> {
  await db
    .insert(metricsSources)
    .values({ name: 'prom', kind: 'prometheus', config: { url: 'http://prom' }, updatedBy: 'test' })
    .onConflictDoNothing();
  const config = canaryConfigSchema.parse(canaryConfig());
  await db.insert(canaryConfigs).values({ application, name, source: 'prom', config, updatedBy: 'test' });
}

export interface SeededAnalysis {
  readonly id?: string;
  readonly executionId: string;
  readonly status?: AnalysisStatus;
  readonly startedAt?: Date;
  readonly looks?: number;
}

/** An analysis as the engine leaves it, its looks judged for real: the canary is half as slow again. */
export async function seedAnalysis({ db }: World, seeded: SeededAnalysis): Promise<string> {
  const { id = randomUUID(), executionId, status = 'running', startedAt = new Date(), looks = 2 } = seeded;
  const [stage] = await db.select().from(stages).where(eq(stages.executionId, executionId)).limit(1);
  const config = canaryConfigSchema.parse(canaryConfig());
  const judged = Array.from({ length: looks }, (_, index) => judgedLook(config, index + 1));
  const latest = judged.at(-1)?.judgement;
  await db.insert(canaryAnalyses).values({
    id,
    application: 'catalog',
    environment: 'prod',
    executionId,
    stageId: stage?.id ?? '',
    kind: 'realTime',
    configName: 'golden',
    configRevision: 1,
    source: 'prom',
    config,
    options: analysisOptionsSchema.parse({ config: 'golden' }),
    scopes: {
      baseline: { scope: 'catalog-prod-v001', location: 'eu', version: '1.0.0' },
      canary: { scope: 'catalog-prod-v002', location: 'eu', version: '1.1.0' },
      extra: {},
    },
    status,
    score: latest?.score ?? null,
    classification: latest?.classification ?? null,
    sentence: latest?.sentence ?? null,
    startedAt,
  });
  for (const [index, { judgement, measurement }] of judged.entries()) {
    await db.insert(canaryLooks).values({
      analysisId: id,
      number: index + 1,
      startMs: startedAt.getTime(),
      endMs: startedAt.getTime() + (index + 1) * 10 * MINUTE,
      stepMs: MINUTE,
      judgement,
      // Only the latest look of a growing window keeps its series.
      measurements: index + 1 === looks ? [measurement] : null,
      judgedAt: new Date(),
    });
  }
  return id;
}

function judgedLook(config: CanaryConfig, number: number) {
  const wave = (level: number) => Array.from({ length: 10 * number }, (_, at) => level + (at % 7) / 50);
  const baseline = wave(1);
  const canary = wave(1.5);
  const metric = { name: 'latency', id: 'latency', tags: {} };
  const measurement: MetricMeasurement = {
    ...metric,
    queries: { baseline: 'latency{server_group="v001"}', canary: 'latency{server_group="v002"}' },
    warnings: [],
    baseline: [null, ...baseline.slice(1)],
    canary,
    error: null,
  };
  const judgement = signalbox.judge({
    config,
    thresholds: { pass: 95, marginal: 75 },
    pairs: [{ ...metric, control: [Number.NaN, ...baseline.slice(1)], experiment: canary }],
  });
  return { judgement, measurement };
}
