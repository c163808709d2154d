import { sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import type { NewJob } from '@/server/engine/queue/enqueue-job';

/**
 * What is still open before, below and in a stage is counted, so that the end of one costs as much as
 * it has neighbours, however large the execution is. All of it needs the locks of the executions.
 */

export interface Ended {
  /** Parent stage, or execution. */
  readonly id: string;
  /** How many of its stages have ended. */
  readonly count: number;
}

/** Lowers the count of what blocks the stages after these; those with nothing left may start. */
export async function releaseDownstream(tx: Transaction, stageIds: readonly string[]): Promise<NewJob[]> {
  const { rows } = await tx.execute<{ id: string; execution_id: string; open_upstream: number }>(sql`
    UPDATE stages SET open_upstream = open_upstream - behind.ended FROM (
      SELECT to_id, count(*)::int AS ended FROM stage_edges
      WHERE from_id = ANY (${`{${stageIds.join(',')}}`}::uuid[]) GROUP BY to_id
    ) behind
    WHERE stages.id = behind.to_id AND stages.status = 'pending'
    RETURNING stages.id, stages.execution_id, stages.open_upstream`);
  return rows
    .filter((row) => row.open_upstream === 0)
    .map((row) => ({ kind: 'stage', executionId: row.execution_id, stageId: row.id }));
}

/** Counts ended stages off their parents. @returns jobs for those that have nothing open any more. */
export async function countOffParents(tx: Transaction, ended: readonly Ended[]): Promise<NewJob[]> {
  if (ended.length === 0) return [];
  const { rows } = await tx.execute<{ id: string; execution_id: string; open: number }>(sql`
    UPDATE stages SET open_children = open_children - ended.count FROM (${summed(ended)}) ended
    WHERE stages.id = ANY (${ids(ended)}::uuid[]) AND stages.id = ended.id
    RETURNING stages.id, stages.execution_id, stages.open_children AS open`);
  return rows
    .filter(({ open }) => open === 0)
    .map((row) => ({ kind: 'stage', executionId: row.execution_id, stageId: row.id }));
}

/** Counts ended stages off their executions. @returns ids of those that have nothing open any more. */
export async function countOffExecutions(tx: Transaction, ended: readonly Ended[]): Promise<string[]> {
  if (ended.length === 0) return [];
  const { rows } = await tx.execute<{ id: string; open: number }>(sql`
    UPDATE executions SET open_stages = open_stages - ended.count FROM (${summed(ended)}) ended
    WHERE executions.id = ANY (${ids(ended)}::uuid[]) AND executions.id = ended.id
    RETURNING executions.id, executions.open_stages AS open`);
  return rows.filter(({ open }) => open === 0).map(({ id }) => id);
}

function ids(ended: readonly Ended[]): string {
  return `{${[...new Set(ended.map(({ id }) => id))].join(',')}}`;
}

function summed(ended: readonly Ended[]) {
  return sql`
    SELECT id, sum(count)::int AS count
    FROM jsonb_to_recordset(${JSON.stringify(ended)}::jsonb) AS one (id uuid, count int) GROUP BY id`;
}
