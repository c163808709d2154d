import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { executions, stageEdges, stages } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { Trigger, Waiting } from '@/server/domain/execution';
import type { ArtifactRef } from '@/server/domain/inventory';
import { message } from '@/server/domain/message';
import type { ParameterValues, PipelineDefinition } from '@/server/domain/pipeline';
import type { Status } from '@/server/domain/status';
import { enqueueJobs, type NewJob, notifyWorkers } from '@/server/engine/queue/enqueue-job';

/** What the services may ask of the engine. Each acts inside the caller's transaction. */

export interface NewExecution {
  readonly application: string;
  readonly pipeline: string;
  readonly pipelineRevision: number;
  readonly definition: PipelineDefinition;
  readonly trigger: Trigger;
  readonly parameters: ParameterValues;
  readonly environment: string | null;
  readonly artifact: ArtifactRef | null;
  /** A second start with the same key answers the first execution. */
  readonly idempotencyKey: string | null;
}

/** Writes the execution, its stages and its first job. Workers see it when the transaction commits. */
export async function enqueueExecution(
  tx: Transaction,
  input: NewExecution,
): Promise<{ executionId: string; created: boolean }> {
  const [created] = await tx
    .insert(executions)
    .values({
      application: input.application,
      pipeline: input.pipeline,
      pipelineRevision: input.pipelineRevision,
      definition: input.definition,
      trigger: input.trigger,
      parameters: { ...input.parameters },
      environment: input.environment,
      artifact: input.artifact?.name ?? null,
      version: input.artifact?.version ?? null,
      digest: input.artifact?.digest ?? null,
      idempotencyKey: input.idempotencyKey,
      openStages: input.definition.stages.length,
    })
    .onConflictDoNothing({ target: executions.idempotencyKey })
    .returning({ id: executions.id });
  if (!created) return { executionId: await earlierExecution(tx, input.idempotencyKey), created: false };

  await insertStages(tx, created.id, input.definition);
  await enqueueJobs(tx, [{ kind: 'execution', executionId: created.id }]);
  await recordEvents(tx, [
    { kind: 'execution', application: input.application, executionId: created.id, status: 'pending' },
  ]);
  await notifyWorkers(tx);
  return { executionId: created.id, created: true };
}

/** Makes a running stage look again now: a decision it waits for was made. */
export async function wakeStage(tx: Transaction, stageId: string): Promise<boolean> {
  const [stage] = await tx
    .select({ executionId: stages.executionId })
    .from(stages)
    .where(and(eq(stages.id, stageId), eq(stages.status, 'running')));
  if (!stage) return false;
  await enqueueJobs(tx, [{ kind: 'stage', executionId: stage.executionId, stageId }]);
  await notifyWorkers(tx);
  return true;
}

/** Withdraws an execution. Works at any moment before its end, also while a platform does not answer. */
export async function requestCancel(
  tx: Transaction,
  executionId: string,
  by: string,
  reason: string | null,
): Promise<boolean> {
  const open: Status[] = ['pending', 'running', 'paused'];
  const rows = await tx
    .update(executions)
    .set({ cancelRequestedBy: by, cancelReason: reason })
    .where(
      and(
        eq(executions.id, executionId),
        inArray(executions.status, open),
        isNull(executions.cancelRequestedBy),
      ),
    )
    .returning({ id: executions.id });
  if (rows.length === 0) return false;
  await enqueueJobs(tx, [{ kind: 'cancelExecution', executionId }]);
  await notifyWorkers(tx, `cancel:${executionId}`);
  return true;
}

/** Holds a running execution at the next task boundary: calls in flight finish, nothing new starts. */
export async function pauseExecution(tx: Transaction, executionId: string, by: string): Promise<boolean> {
  const [paused] = await tx
    .update(executions)
    .set({ status: 'paused' })
    .where(
      and(
        eq(executions.id, executionId),
        eq(executions.status, 'running'),
        isNull(executions.cancelRequestedBy),
      ),
    )
    .returning({ application: executions.application });
  if (!paused) return false;
  const waiting: Waiting = { kind: 'person', reason: message('engine.paused', { by }), until: null, who: [] };
  await tx
    .update(stages)
    .set({ waiting })
    .where(
      and(eq(stages.executionId, executionId), eq(stages.status, 'running'), eq(stages.openChildren, 0)),
    );
  await recordEvents(tx, [
    { kind: 'execution', application: paused.application, executionId, status: 'paused' },
  ]);
  return true;
}

/** Lets a paused execution go on where it was held. */
export async function resumeExecution(tx: Transaction, executionId: string): Promise<boolean> {
  const [resumed] = await tx
    .update(executions)
    .set({ status: 'running' })
    .where(
      and(
        eq(executions.id, executionId),
        eq(executions.status, 'paused'),
        isNull(executions.cancelRequestedBy),
      ),
    )
    .returning({ application: executions.application });
  if (!resumed) return false;
  await tx
    .update(stages)
    .set({ waiting: null })
    .where(
      and(
        eq(stages.executionId, executionId),
        sql`${stages.waiting} -> 'reason' ->> 'key' = 'engine.paused'`,
      ),
    );
  const movable = await movableStages(tx, executionId);
  await enqueueJobs(tx, [
    // Ends it, when its last stage ended while it was paused.
    { kind: 'execution', executionId },
    ...movable.map((stageId): NewJob => ({ kind: 'stage', executionId, stageId })),
  ]);
  await recordEvents(tx, [
    { kind: 'execution', application: resumed.application, executionId, status: 'running' },
  ]);
  await notifyWorkers(tx);
  return true;
}

/** Stages that have something to do by themselves: neither blocked by upstream nor waiting for children. */
async function movableStages(tx: Transaction, executionId: string): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    SELECT s.id FROM ${stages} s LEFT JOIN ${stages} p ON p.id = s.parent_id
    WHERE s.execution_id = ${executionId} AND s.open_children = 0
      AND (s.status = 'running' OR (s.status = 'pending' AND s.open_upstream = 0))
      AND (p.id IS NULL OR p.status = 'running')`);
  return rows.rows.map((row) => row.id);
}

async function earlierExecution(tx: Transaction, idempotencyKey: string | null): Promise<string> {
  const [row] = await tx
    .select({ id: executions.id })
    .from(executions)
    .where(eq(executions.idempotencyKey, idempotencyKey ?? ''));
  if (!row) throw new AppError('conflict', 'The same request is being handled at this moment; ask again.');
  return row.id;
}

async function insertStages(
  tx: Transaction,
  executionId: string,
  definition: PipelineDefinition,
): Promise<void> {
  const rows = await tx
    .insert(stages)
    .values(
      definition.stages.map((stage, position) => ({
        executionId,
        refId: stage.refId,
        type: stage.type,
        name: message('literal', { text: stage.name }),
        config: stage.config,
        requires: stage.requires,
        openUpstream: new Set(stage.requires).size,
        position,
      })),
    )
    .returning({ id: stages.id, refId: stages.refId });
  const idOf = new Map(rows.map((row) => [row.refId, row.id]));
  const edges = definition.stages.flatMap((stage) =>
    [...new Set(stage.requires)].map((required) => ({
      fromId: idFor(idOf, required, stage.refId),
      toId: idFor(idOf, stage.refId, stage.refId),
    })),
  );
  if (edges.length > 0) await tx.insert(stageEdges).values(edges);
}

function idFor(idOf: ReadonlyMap<string, string>, refId: string, usedBy: string): string {
  const id = idOf.get(refId);
  if (!id)
    throw new AppError(
      'bad_request',
      `Stage "${usedBy}" requires "${refId}", which the pipeline does not have.`,
    );
  return id;
}
