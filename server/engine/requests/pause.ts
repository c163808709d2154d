import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { executions, stages } from '@/db/schema';
import type { Waiting } from '@/server/domain/execution';
import { message } from '@/server/domain/message';
import { enqueueJobs, type NewJob, notifyWorkers } from '@/server/engine/queue/enqueue-job';

/** Holds a running execution at the next task boundary: calls in flight finish, nothing new starts. */
export async function pauseExecution(tx: Transaction, executionId: string, by: string): Promise<boolean> {
  const [paused] = await tx
    .update(executions)
    .set({ status: 'paused', pausedAt: sql`now()` })
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
  // Before its stages are touched, as the engine does; otherwise each could wait for the other.
  await tx.select({ id: executions.id }).from(executions).where(eq(executions.id, executionId)).for('update');
  await countPause(tx, executionId);
  const [resumed] = await tx
    .update(executions)
    .set({ status: 'running', pausedAt: null })
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
    ...(await timedStages(tx, executionId)).map(
      (stageId): NewJob => ({ kind: 'deadline', executionId, stageId }),
    ),
  ]);
  await recordEvents(tx, [
    { kind: 'execution', application: resumed.application, executionId, status: 'running' },
  ]);
  await notifyWorkers(tx);
  return true;
}

/** The time that it was held counts for no stage's timeout, expiry or wait. */
async function countPause(tx: Transaction, executionId: string): Promise<void> {
  await tx.execute(sql`
    UPDATE ${stages} s SET paused_ms = s.paused_ms
      + (extract(epoch FROM now() - greatest(e.paused_at, s.started_at)) * 1000)::bigint
    FROM ${executions} e
    WHERE e.id = ${executionId} AND e.status = 'paused' AND s.execution_id = e.id AND s.status = 'running'`);
}

async function timedStages(tx: Transaction, executionId: string): Promise<string[]> {
  const rows = await tx
    .select({ id: stages.id })
    .from(stages)
    .where(
      and(
        eq(stages.executionId, executionId),
        eq(stages.status, 'running'),
        isNotNull(stages.timeoutSeconds),
      ),
    );
  return rows.map((row) => row.id);
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
