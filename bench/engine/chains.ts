import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { pause } from '@/bench/support/statistics';
import type { DatabaseHandle } from '@/db/client';
import { systemClock } from '@/server/domain/clock';
import { createEngine } from '@/server/engine/engine';
import { enqueueExecution } from '@/server/engine/enqueue';
import type { StageType } from '@/server/engine/stages/stage';
import { createLogger } from '@/server/log';

/** Stages that do nothing: what is left is the engine. */
function nothing(type: string, instant: boolean): StageType {
  return {
    type,
    label: type,
    group: 'control',
    authorable: true,
    configSchema: z.unknown(),
    instant,
    tasks: [{ name: 'run', run: async () => ({ status: 'succeeded' }) }],
  };
}

const stageTypes = { nothing: nothing('nothing', false), instant: nothing('instant', true) };

export interface Run {
  /** Status changes of stages and executions per second. */
  readonly transitions: number;
  /** From the end of one stage to the end of the next. */
  readonly hop: { readonly p50: number; readonly p99: number };
}

/**
 * Runs `count` executions of `length` stages one after the other through a real worker loop.
 * @param timers jobs that are not due yet and lie beside.
 */
export async function runChains(
  database: DatabaseHandle,
  count: number,
  length: number,
  type: keyof typeof stageTypes = 'nothing',
  timers = 0,
): Promise<Run> {
  await database.db.execute(sql`TRUNCATE executions, jobs, events CASCADE`);
  await enqueue(database, count, length, type);
  await parkTimers(database, timers);
  await database.db.execute(sql`VACUUM ANALYZE executions, stages, stage_edges, jobs, events`);
  const services = {
    db: database.db,
    clock: systemClock,
    outbound: { allow: [] },
    provider: () => Promise.reject(new Error('none')),
    metricsSource: () => Promise.reject(new Error('none')),
  };
  const logger = createLogger('bench', 'warn');
  const engine = createEngine({ database, services, stageTypes, workerId: 'bench', logger });
  const startedAt = performance.now();
  engine.start();
  while (await anyOpen(database)) await pause(10);
  const seconds = (performance.now() - startedAt) / 1_000;
  await engine.drain(1_000);
  return {
    transitions: (await countTransitions(database)) / seconds,
    hop: await hops(database),
  };
}

async function enqueue(database: DatabaseHandle, count: number, length: number, type: string): Promise<void> {
  const definition = {
    name: 'bench',
    description: '',
    parameters: [],
    stages: Array.from({ length }, (_, index) => ({
      refId: `s${index}`,
      type,
      name: `s${index}`,
      requires: index === 0 ? [] : [`s${index - 1}`],
      config: {},
    })),
  };
  for (let i = 0; i < count; i++) {
    await database.db.transaction((tx) =>
      enqueueExecution(tx, {
        application: 'bench',
        pipeline: 'bench',
        pipelineRevision: 1,
        definition,
        trigger: { kind: 'api', by: 'bench', userId: null, note: null },
        parameters: {},
        environment: null,
        artifact: null,
        idempotencyKey: null,
      }),
    );
  }
}

async function anyOpen(database: DatabaseHandle): Promise<boolean> {
  const { rowCount } = await database.db.execute(
    sql`SELECT 1 FROM executions WHERE ended_at IS NULL LIMIT 1`,
  );
  return (rowCount ?? 0) > 0;
}

/** As the rows tell it: to running, and to the end. */
async function countTransitions(database: DatabaseHandle): Promise<number> {
  const { rows } = await database.db.execute<{ count: number }>(sql`
    SELECT sum((started_at IS NOT NULL)::int + (ended_at IS NOT NULL)::int)::int AS count
    FROM (SELECT started_at, ended_at FROM stages UNION ALL SELECT started_at, ended_at FROM executions) all_of_it`);
  return rows[0]?.count ?? 0;
}

/** In milliseconds. */
async function hops(database: DatabaseHandle): Promise<Run['hop']> {
  const { rows } = await database.db.execute<{ p50: number; p99: number }>(sql`
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS p50,
      percentile_cont(0.99) WITHIN GROUP (ORDER BY gap) AS p99
    FROM (
      SELECT extract(epoch FROM ended_at - lag(ended_at) OVER (PARTITION BY execution_id ORDER BY ended_at)) * 1000 AS gap
      FROM stages
    ) gaps`);
  return rows[0] ?? { p50: 0, p99: 0 };
}

async function parkTimers(database: DatabaseHandle, count: number): Promise<void> {
  await database.db.execute(sql`
    INSERT INTO jobs (kind, key, run_at)
    SELECT 'stage', 'timer:' || g, now() + interval '1 hour' FROM generate_series(1, ${count}) g`);
}
