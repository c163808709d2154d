import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { createDatabase, type DatabaseHandle } from '@/db/client';
import { migrateDatabase } from '@/db/migrate';
import { systemClock } from '@/server/domain/clock';
import { createEngine } from '@/server/engine/engine';
import { enqueueExecution } from '@/server/engine/enqueue';
import type { StageType } from '@/server/engine/stages/stage';
import { createLogger } from '@/server/log';
import { POSTGRES_STOP_SIGNAL, startPostgres } from '@/server/supervisor/postgres/postgres';
import { stopProcess } from '@/server/supervisor/process/running';

/**
 * The engine's throughput and hop latency over chains of stages that do nothing, against bare
 * transactions of UPDATE + INSERT in the same run: the least that any durable engine must do per step.
 * The embedded Postgres keeps its production settings (fsync on).
 */

const CONNECTIONS = 16;

const noop: StageType = {
  type: 'noop',
  label: 'noop',
  group: 'control',
  authorable: true,
  configSchema: z.unknown(),
  tasks: [{ name: 'run', run: async () => ({ status: 'succeeded' }) }],
};

async function main(): Promise<void> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'signalbox-bench-'));
  const postgres = await startPostgres({
    root: process.cwd(),
    dataDir,
    logFile: path.join(dataDir, 'postgres.log'),
  });
  try {
    await migrateDatabase(postgres.url, 'db/migrations');
    const database = createDatabase(postgres.url, { max: CONNECTIONS });
    const single = await baseline(database, 1, 500);
    const many = await baseline(database, CONNECTIONS, 6_000);
    print('bare UPDATE+INSERT, one after the other', `${single.perSecond} tx/s`, 1);
    print(`bare UPDATE+INSERT, ${CONNECTIONS} at once`, `${many.perSecond} tx/s`, 1);
    const chain = await chains(database, 1, 200);
    print(
      'engine, one chain',
      `${chain.perSecond} stages/s, hop ${chain.hopMs} ms`,
      single.perSecond / chain.perSecond,
    );
    const hundred = await chains(database, 100, 20);
    print('engine, 100 chains', `${hundred.perSecond} stages/s`, many.perSecond / hundred.perSecond);
    await parkTimers(database, 10_000);
    const waiting = await chains(database, 100, 20);
    print(
      'engine, 100 chains beside 10,000 timers',
      `${waiting.perSecond} stages/s`,
      many.perSecond / waiting.perSecond,
    );
    await database.close();
  } finally {
    await stopProcess(postgres.process, POSTGRES_STOP_SIGNAL, 5_000);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function print(what: string, figure: string, ratio: number): void {
  process.stdout.write(`${what.padEnd(44)} ${figure.padEnd(34)} baseline/this = ${ratio.toFixed(2)}\n`);
}

async function baseline(
  database: DatabaseHandle,
  clients: number,
  count: number,
): Promise<{ perSecond: number }> {
  const id = randomUUID();
  await database.db.execute(sql`CREATE TABLE IF NOT EXISTS bench (id int PRIMARY KEY, n int NOT NULL)`);
  await database.db.execute(
    sql`INSERT INTO bench SELECT g, 0 FROM generate_series(1, ${clients}) g ON CONFLICT DO NOTHING`,
  );
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let i = 0; i < count / clients; i++) {
        await database.db.transaction(async (tx) => {
          await tx.execute(sql`UPDATE bench SET n = n + 1 WHERE id = ${client + 1}`);
          await tx.execute(sql`INSERT INTO events (kind, subject) VALUES ('stage', ${id})`);
        });
      }
    }),
  );
  return { perSecond: Math.round(count / ((performance.now() - startedAt) / 1_000)) };
}

async function chains(
  database: DatabaseHandle,
  count: number,
  length: number,
): Promise<{ perSecond: number; hopMs: string }> {
  const definition = {
    name: 'bench',
    description: '',
    parameters: [],
    stages: Array.from({ length }, (_, index) => ({
      refId: `s${index}`,
      type: 'noop',
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
  const logger = createLogger('bench', 'warn');
  const services = {
    db: database.db,
    clock: systemClock,
    outbound: { allow: [] },
    provider: () => Promise.reject(new Error('none')),
  };
  const engine = createEngine({ database, services, stageTypes: { noop }, workerId: 'bench', logger });
  const startedAt = performance.now();
  engine.start();
  while (await anyOpen(database)) await new Promise((resolve) => setTimeout(resolve, 20));
  const seconds = (performance.now() - startedAt) / 1_000;
  await engine.drain(1_000);
  return {
    perSecond: Math.round((count * length) / seconds),
    hopMs: ((seconds * 1_000) / length).toFixed(2),
  };
}

async function anyOpen(database: DatabaseHandle): Promise<boolean> {
  const { rowCount } = await database.db.execute(
    sql`SELECT 1 FROM executions WHERE ended_at IS NULL LIMIT 1`,
  );
  return (rowCount ?? 0) > 0;
}

async function parkTimers(database: DatabaseHandle, count: number): Promise<void> {
  await database.db.execute(sql`
    INSERT INTO jobs (kind, key, run_at)
    SELECT 'stage', 'timer:' || g, now() + interval '1 hour' FROM generate_series(1, ${count}) g`);
}

await main();
