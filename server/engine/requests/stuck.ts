import { eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from '@/db/client';
import { executions } from '@/db/schema';
import { enqueueJobs, notifyWorkers } from '@/server/engine/queue/enqueue-job';
import type { JobKind } from '@/server/engine/queue/job';

/** Something open that no job would ever move again. */
export type Stuck = {
  readonly executionId: string;
  readonly stageId: string | null;
  /** The job that is missing. */
  readonly job: Extract<JobKind, 'execution' | 'cancelExecution' | 'stage' | 'deadline'>;
};

/**
 * What keeps everything moving is that whatever is open has a job, or something else open whose end
 * gives it one. Each line is a place where that must hold; a row is a place where it does not. All
 * transitions are transactions, so that one statement sees no half of one.
 */
const STUCK = sql`
  SELECT e.id AS "executionId", NULL::uuid AS "stageId", 'cancelExecution' AS job
  FROM executions e
  WHERE e.ended_at IS NULL AND e.cancel_requested_by IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.key = 'cancelExecution:' || e.id)
  UNION ALL
  SELECT e.id, NULL, 'execution'
  FROM executions e
  WHERE e.ended_at IS NULL AND e.cancel_requested_by IS NULL
    AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.key = 'execution:' || e.id)
    AND (
      (e.status = 'running' AND e.open_stages = 0)
      OR (e.status = 'pending' AND e.waiting IS NULL)
      OR (e.status = 'pending' AND e.waiting IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM executions o
        WHERE o.application = e.application AND o.pipeline = e.pipeline AND o.id <> e.id AND o.ended_at IS NULL
          AND (o.status IN ('running', 'paused')
            OR EXISTS (SELECT 1 FROM jobs j WHERE j.execution_id = o.id AND j.kind IN ('execution', 'cancelExecution')))))
    )
  UNION ALL
  SELECT s.execution_id, s.id, 'stage'
  FROM stages s JOIN executions e ON e.id = s.execution_id
  LEFT JOIN stages p ON p.id = s.parent_id
  WHERE e.ended_at IS NULL AND e.status = 'running' AND e.cancel_requested_by IS NULL AND NOT s.superseded
    AND (
      (s.status = 'running' AND s.open_children = 0)
      OR (s.status = 'pending' AND s.open_upstream = 0 AND (s.parent_id IS NULL OR p.status = 'running'))
    )
    AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.key = 'stage:' || s.id)
  UNION ALL
  SELECT s.execution_id, s.id, 'deadline'
  FROM stages s JOIN executions e ON e.id = s.execution_id
  WHERE e.ended_at IS NULL AND e.status = 'running' AND e.cancel_requested_by IS NULL AND NOT s.superseded
    AND s.status = 'running' AND s.timeout_seconds IS NOT NULL AND s.error IS NULL
    AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.key = 'deadline:' || s.id)`;

/** Counters that do not say what is there; a stage behind one would wait for ever. */
const MISCOUNTED = sql`
  SELECT s.execution_id AS "executionId", s.id AS "stageId"
  FROM stages s JOIN executions e ON e.id = s.execution_id
  WHERE e.ended_at IS NULL AND NOT s.superseded AND s.status IN ('pending', 'running', 'paused')
    AND s.open_children <> (SELECT count(*) FROM stages c WHERE c.parent_id = s.id AND c.ended_at IS NULL AND NOT c.superseded)
  UNION ALL
  SELECT e.id, NULL FROM executions e
  WHERE e.ended_at IS NULL AND e.open_stages <> (
    SELECT count(*) FROM stages t
    WHERE t.execution_id = e.id AND t.parent_id IS NULL AND t.ended_at IS NULL AND NOT t.superseded)`;

/** Everything open that nothing would move again. Empty, unless somebody touched the tables or we have a bug. */
export async function findStuck(db: Database): Promise<readonly Stuck[]> {
  return (await db.execute<Stuck>(STUCK)).rows;
}

/** Executions and stages whose counters are wrong. */
export async function findMiscounted(
  db: Database,
): Promise<readonly { executionId: string; stageId: string | null }[]> {
  return (await db.execute<{ executionId: string; stageId: string | null }>(MISCOUNTED)).rows;
}

/** Gives it its job again. Every handler looks at what is there before it acts, so one too many does no harm. */
export async function mend(tx: Transaction, { executionId, stageId, job }: Stuck): Promise<void> {
  await tx.select({ id: executions.id }).from(executions).where(eq(executions.id, executionId)).for('update');
  await enqueueJobs(tx, [{ kind: job, executionId, ...(stageId ? { stageId } : {}) }]);
  await notifyWorkers(tx);
}

/** Counts again what is open below a stage, or at the top of an execution. */
export async function recount(
  tx: Transaction,
  { executionId, stageId }: { readonly executionId: string; readonly stageId: string | null },
): Promise<void> {
  await tx.select({ id: executions.id }).from(executions).where(eq(executions.id, executionId)).for('update');
  await tx.execute(
    stageId
      ? sql`UPDATE stages s SET open_children = (
          SELECT count(*) FROM stages c WHERE c.parent_id = s.id AND c.ended_at IS NULL AND NOT c.superseded)
        WHERE s.id = ${stageId}`
      : sql`UPDATE executions e SET open_stages = (
          SELECT count(*) FROM stages t
          WHERE t.execution_id = e.id AND t.parent_id IS NULL AND t.ended_at IS NULL AND NOT t.superseded)
        WHERE e.id = ${executionId}`,
  );
}
