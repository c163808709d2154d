import { eq, inArray, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Database, Transaction } from '@/db/client';
import { executions, stages } from '@/db/schema';
import type { Status } from '@/server/domain/status';

const parent = alias(stages, 'parent');

/** What the engine reads to move a stage: one row, however large the execution is. */
const columns = {
  stage: {
    id: stages.id,
    refId: stages.refId,
    parentId: stages.parentId,
    type: stages.type,
    name: stages.name,
    config: stages.config,
    status: stages.status,
    openUpstream: stages.openUpstream,
    openChildren: stages.openChildren,
    taskIndex: stages.taskIndex,
    fence: stages.fence,
    attempts: stages.attempts,
    waiting: stages.waiting,
    outputs: stages.outputs,
    log: stages.log,
    error: stages.error,
    slot: stages.slot,
    startedAt: stages.startedAt,
    endedAt: stages.endedAt,
    pausedMs: stages.pausedMs,
    onFailure: stages.onFailure,
    runWhen: stages.runWhen,
    timeoutSeconds: stages.timeoutSeconds,
    window: stages.window,
    windowOverriddenBy: stages.windowOverriddenBy,
    skipRequestedBy: stages.skipRequestedBy,
  },
  execution: {
    id: executions.id,
    status: executions.status,
    application: executions.application,
    pipeline: executions.pipeline,
    environment: executions.environment,
    artifact: executions.artifact,
    version: executions.version,
    digest: executions.digest,
    parameters: executions.parameters,
    startedAt: executions.startedAt,
    trigger: executions.trigger,
    cancelRequestedBy: executions.cancelRequestedBy,
  },
};

/** In the order asked; undefined for a stage that is gone. */
export async function readStages(db: Database, stageIds: readonly string[]) {
  const rows = await db
    .select(columns)
    .from(stages)
    .innerJoin(executions, eq(executions.id, stages.executionId))
    .where(inArray(stages.id, [...stageIds]));
  const found = new Map(rows.map((row) => [row.stage.id, row]));
  return stageIds.map((id) => found.get(id));
}

export async function readStage(db: Database, stageId: string): Promise<StageState | undefined> {
  const [row] = await readStages(db, [stageId]);
  return row;
}

export type StageState = NonNullable<Awaited<ReturnType<typeof readStages>>[number]>;

export interface LockedExecution {
  readonly id: string;
  readonly application: string;
  readonly pipeline: string;
  readonly status: Status;
  readonly cancelRequested: boolean;
  readonly failing: boolean;
  readonly openStages: number;
  /** Stage of another execution that waits for this one. */
  readonly parentStageId: string | null;
}

const lockedColumns = {
  id: executions.id,
  application: executions.application,
  pipeline: executions.pipeline,
  parentStageId: executions.parentStageId,
  status: executions.status,
  cancelRequested: sql<boolean>`${executions.cancelRequestedBy} IS NOT NULL`,
  failing: sql<boolean>`${executions.error} IS NOT NULL`,
  openStages: executions.openStages,
};

/** Serialises everything that moves one execution. Held until the transaction ends. */
export async function lockExecution(
  tx: Transaction,
  executionId: string,
): Promise<LockedExecution | undefined> {
  const [row] = await tx
    .select(lockedColumns)
    .from(executions)
    .where(eq(executions.id, executionId))
    .for('update');
  return row;
}

/** As `lockExecution` for many, but without waiting: what another transaction holds is left out. */
export async function lockFreeExecutions(
  tx: Transaction,
  executionIds: readonly string[],
): Promise<ReadonlyMap<string, LockedExecution>> {
  const rows = await tx
    .select(lockedColumns)
    .from(executions)
    .where(inArray(executions.id, [...new Set(executionIds)]))
    .for('update', { skipLocked: true });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Whether a sibling, or for a top-level stage another one, has already failed. Needs the execution's lock. */
export async function isBranchFailing(
  tx: Transaction,
  stage: StageState['stage'],
  execution: LockedExecution,
): Promise<boolean> {
  if (!stage.parentId) return execution.failing;
  const [row] = await tx
    .select({ failing: sql<boolean>`${parent.error} IS NOT NULL` })
    .from(parent)
    .where(eq(parent.id, stage.parentId));
  return row?.failing ?? false;
}
