import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { executions, stages } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { Trigger } from '@/server/domain/execution';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { Message } from '@/server/domain/message';
import type { ParameterValues, PipelineDefinition } from '@/server/domain/pipeline';
import type { Status } from '@/server/domain/status';
import { enqueueJobs, notifyWorkers } from '@/server/engine/queue/enqueue-job';
import { insertStages } from '@/server/engine/requests/insert-stages';

/** What the services may ask of the engine. Each acts inside the caller's transaction. */

export interface NewExecution {
  readonly application: string;
  readonly pipeline: string;
  readonly pipelineRevision: number;
  readonly definition: PipelineDefinition;
  /** By refId, for stages that we have named and people have not: told in the reader's language. */
  readonly stageNames?: Readonly<Record<string, Message>>;
  readonly trigger: Trigger;
  readonly parameters: ParameterValues;
  readonly environment: string | null;
  readonly artifact: ArtifactRef | null;
  /** A second start with the same key answers the first execution. */
  readonly idempotencyKey: string | null;
  /** What the outside sent with the event that starts it. */
  readonly payload?: unknown;
  /** Stage of another execution that waits for this one. */
  readonly parentStageId?: string | null;
  readonly rerunOf?: string | null;
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
      payload: input.payload ?? null,
      parentStageId: input.parentStageId ?? null,
      rerunOf: input.rerunOf ?? null,
      openStages: input.definition.stages.length,
    })
    .onConflictDoNothing({ target: executions.idempotencyKey })
    .returning({ id: executions.id });
  if (!created) return { executionId: await earlierExecution(tx, input.idempotencyKey), created: false };

  await insertStages(tx, created.id, input.definition.stages, input.stageNames);
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

async function earlierExecution(tx: Transaction, idempotencyKey: string | null): Promise<string> {
  const [row] = await tx
    .select({ id: executions.id })
    .from(executions)
    .where(eq(executions.idempotencyKey, idempotencyKey ?? ''));
  if (!row) throw new AppError('conflict', 'The same request is being handled at this moment; ask again.');
  return row.id;
}
