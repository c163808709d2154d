import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { pino } from 'pino';
import { expect, vi } from 'vitest';
import type { DatabaseHandle } from '@/db/client';
import { executions, jobs, stages } from '@/db/schema';
import { systemClock } from '@/server/domain/clock';
import type { PipelineDefinition, StageDefinition } from '@/server/domain/pipeline';
import { isComplete } from '@/server/domain/status';
import { createEngine, type Engine, type EngineOptions } from '@/server/engine/engine';
import { enqueueExecution, type NewExecution } from '@/server/engine/enqueue';
import type { StageCatalogue } from '@/server/engine/stages/stage';

/** What integration tests of the engine share. */

export const silent = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });

export function engineFor(
  database: DatabaseHandle,
  stageTypes: StageCatalogue,
  options: Partial<EngineOptions> = {},
): Engine {
  return createEngine({
    database,
    stageTypes,
    services: {
      db: database.db,
      clock: systemClock,
      outbound: { allow: ['127.0.0.0/8'] },
      provider: () => Promise.reject(new Error('this test has no platform')),
      metricsSource: () => Promise.reject(new Error('this test has no metrics')),
    },
    workerId: `test-${randomUUID()}`,
    logger: silent,
    ...options,
  });
}

export function stage(
  refId: string,
  type: string,
  config: Record<string, unknown> = {},
  requires: string[] = [],
): StageDefinition {
  return { refId, type, name: refId, requires, config };
}

export function pipeline(...definitions: StageDefinition[]): PipelineDefinition {
  return { name: 'test', description: '', parameters: [], stages: definitions };
}

export async function start(
  database: DatabaseHandle,
  definition: PipelineDefinition,
  more: Partial<NewExecution> = {},
): Promise<string> {
  const { executionId } = await database.db.transaction((tx) =>
    enqueueExecution(tx, {
      application: 'shop',
      pipeline: definition.name,
      pipelineRevision: 1,
      definition,
      trigger: { kind: 'manual', by: 'Ada', userId: null, note: null },
      parameters: {},
      environment: null,
      artifact: null,
      idempotencyKey: null,
      ...more,
    }),
  );
  return executionId;
}

export async function executionRow(database: DatabaseHandle, id: string) {
  const [row] = await database.db.select().from(executions).where(eq(executions.id, id));
  if (!row) throw new Error(`no execution ${id}`);
  return row;
}

export async function stageRow(database: DatabaseHandle, executionId: string, refId: string) {
  const rows = await database.db.select().from(stages).where(eq(stages.executionId, executionId));
  const row = rows.find((candidate) => candidate.refId === refId);
  if (!row) throw new Error(`no stage ${refId}`);
  return row;
}

/** refId → status, for a glance at a whole execution. */
export async function statuses(
  database: DatabaseHandle,
  executionId: string,
): Promise<Record<string, string>> {
  const rows = await database.db.select().from(stages).where(eq(stages.executionId, executionId));
  return Object.fromEntries(rows.map((row) => [row.refId, row.status]));
}

/** The status it ended with. */
export function ended(database: DatabaseHandle, executionId: string, timeout = 25_000): Promise<string> {
  // Not expect.poll, which does not know its test among concurrent ones.
  return vi.waitFor(
    async () => {
      const { status } = await executionRow(database, executionId);
      if (!isComplete(status)) throw new Error(`the execution is still ${status}`);
      return status;
    },
    { timeout, interval: 20 },
  );
}

/** No job may outlive the execution it belongs to. */
export async function expectNoJobsLeft(database: DatabaseHandle): Promise<void> {
  await vi.waitFor(async () => expect(await database.db.select().from(jobs)).toEqual([]), {
    timeout: 10_000,
  });
}
