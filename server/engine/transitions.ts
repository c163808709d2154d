import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { executions, stages } from '@/db/schema';
import { isComplete, type Status } from '@/server/domain/status';
import { sourcesOf } from '@/server/domain/transitions';

/**
 * The only place where a status changes. Each change is conditional on a status that the table in
 * domain/transitions allows it to come from; stages that someone else moved first are not answered.
 */

export interface MovedStage {
  readonly id: string;
  readonly refId: string;
  readonly openChildren: number;
  readonly type: string;
  readonly startedAt: Date | null;
}

type StageChanges = Partial<
  Pick<typeof stages.$inferInsert, 'outputs' | 'log' | 'error' | 'taskIndex' | 'config' | 'waiting'>
>;

/** @param which the stages meant, beyond being in a status that may become `to`. */
export async function moveStages(
  tx: Transaction,
  which: SQL | undefined,
  to: Status,
  changes: StageChanges = {},
): Promise<MovedStage[]> {
  return tx
    .update(stages)
    .set({ ...changes, status: to, ...stageMoments(to) })
    .where(and(which, inArray(stages.status, sourcesOf(to))))
    .returning({
      id: stages.id,
      refId: stages.refId,
      openChildren: stages.openChildren,
      type: stages.type,
      startedAt: stages.startedAt,
    });
}

export async function moveStage(
  tx: Transaction,
  stageId: string,
  to: Status,
  changes: StageChanges = {},
): Promise<MovedStage | undefined> {
  const [moved] = await moveStages(tx, eq(stages.id, stageId), to, changes);
  return moved;
}

/** @returns how many were in a status that may become `to`. */
export async function moveExecutions(
  tx: Transaction,
  executionIds: readonly string[],
  to: Status,
): Promise<number> {
  const { rowCount } = await tx
    .update(executions)
    .set({
      status: to,
      ...(to === 'running' ? { startedAt: sql`coalesce(${executions.startedAt}, now())` } : {}),
      ...(isComplete(to) ? { endedAt: sql`now()` } : {}),
    })
    .where(and(inArray(executions.id, [...executionIds]), inArray(executions.status, sourcesOf(to))));
  return rowCount ?? 0;
}

export async function moveExecution(tx: Transaction, executionId: string, to: Status): Promise<boolean> {
  return (await moveExecutions(tx, [executionId], to)) === 1;
}

function stageMoments(to: Status) {
  if (to === 'running') return { startedAt: sql`coalesce(${stages.startedAt}, now())` };
  if (isComplete(to)) return { endedAt: sql`now()`, waiting: null };
  return {};
}
