import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { executions, stageEdges, stages } from '@/db/schema';
import { aftermath } from '@/server/domain/failure';
import { isComplete } from '@/server/domain/status';
import { enqueueJobs, notifyWorkers } from '@/server/engine/queue/enqueue-job';
import { stageColumns } from '@/server/engine/requests/insert-stages';

type StageRow = typeof stages.$inferSelect;

/** Why a stage cannot be restarted now. */
export type RestartRefusal =
  | { readonly why: 'notTopLevel' }
  | { readonly why: 'canceling' }
  | { readonly why: 'paused' }
  /** This stage, which would have to be done again, is being worked on. */
  | { readonly why: 'running'; readonly refId: string }
  /** This stage, which must come before, has not let anything through. */
  | { readonly why: 'upstream'; readonly refId: string };

/**
 * Does a stage and everything behind it again, within the same execution. Their rows stay as history of
 * the earlier try; new rows take their place, configured anew from the definition, so that expressions
 * are evaluated and people are asked again. What came before keeps its results.
 */
export async function restartFrom(
  tx: Transaction,
  executionId: string,
  refId: string,
): Promise<RestartRefusal | null> {
  const [execution] = await tx.select().from(executions).where(eq(executions.id, executionId)).for('update');
  if (!execution) return { why: 'notTopLevel' };
  const rows = await tx
    .select()
    .from(stages)
    .where(and(eq(stages.executionId, executionId), isNull(stages.parentId), eq(stages.superseded, false)))
    .orderBy(asc(stages.position));
  const current = new Map(rows.map((row) => [row.refId, row]));
  const first = current.get(refId);
  if (!first) return { why: 'notTopLevel' };
  const ended = isComplete(execution.status);
  if (execution.cancelRequestedBy && !ended) return { why: 'canceling' };
  if (execution.status === 'paused') return { why: 'paused' };
  const affected = behind(rows, refId);
  const refusal = objection(rows, affected, first);
  if (refusal) return refusal;

  await supersede(tx, affected);
  const created = await insertTries(tx, execution, affected, current);
  await reopen(tx, execution, ended);
  await enqueueJobs(
    tx,
    ended || execution.status === 'pending'
      ? [{ kind: 'execution', executionId }]
      : created.filter(isReady).map((row) => ({ kind: 'stage', executionId, stageId: row.id })),
  );
  const { application } = execution;
  await recordEvents(tx, [
    { kind: 'execution', application, executionId, status: ended ? 'pending' : execution.status },
    ...created.map((row) => ({
      kind: 'stage' as const,
      application,
      executionId,
      subject: row.refId,
      status: row.status,
    })),
  ]);
  await notifyWorkers(tx);
  return null;
}

/** The stage and all that require it, directly or not, in the order of the definition. */
function behind(rows: readonly StageRow[], refId: string): StageRow[] {
  const names = new Set([refId]);
  for (let grew = true; grew; ) {
    const more = rows.filter((row) => !names.has(row.refId) && row.requires.some((one) => names.has(one)));
    for (const row of more) names.add(row.refId);
    grew = more.length > 0;
  }
  return rows.filter((row) => names.has(row.refId));
}

function objection(
  rows: readonly StageRow[],
  affected: readonly StageRow[],
  first: StageRow,
): RestartRefusal | null {
  const running = affected.find((row) => row.status === 'running');
  if (running) return { why: 'running', refId: running.refId };
  const blocked = rows.find(
    (row) => first.requires.includes(row.refId) && (!isComplete(row.status) || aftermath(row) !== 'goesOn'),
  );
  return blocked ? { why: 'upstream', refId: blocked.refId } : null;
}

/** What was never started has no history to keep. */
async function supersede(tx: Transaction, affected: readonly StageRow[]): Promise<void> {
  const unstarted = affected.filter((row) => row.status === 'pending').map((row) => row.id);
  const done = affected.filter((row) => row.status !== 'pending').map((row) => row.id);
  if (unstarted.length > 0) await tx.delete(stages).where(inArray(stages.id, unstarted));
  if (done.length === 0) return;
  await tx.execute(sql`
    WITH RECURSIVE tree (id) AS (
      SELECT id FROM stages WHERE id = ANY(${`{${done.join(',')}}`}::uuid[])
      UNION ALL SELECT s.id FROM stages s JOIN tree ON s.parent_id = tree.id
    ) UPDATE stages SET superseded = true FROM tree WHERE stages.id = tree.id`);
}

type Created = Pick<StageRow, 'id' | 'refId' | 'status' | 'openUpstream'>;

async function insertTries(
  tx: Transaction,
  execution: typeof executions.$inferSelect,
  affected: readonly StageRow[],
  current: ReadonlyMap<string, StageRow>,
): Promise<Created[]> {
  const again = new Set(affected.map((row) => row.refId));
  const never = unreachable(affected, again, current);
  const created = await tx
    .insert(stages)
    .values(
      execution.definition.stages.flatMap((definition, position) => {
        const before = again.has(definition.refId) ? current.get(definition.refId) : undefined;
        if (!before) return [];
        const open = new Set(
          definition.requires.filter((name) => again.has(name) || isOpen(current.get(name))),
        );
        return {
          ...stageColumns(execution.id, definition, position),
          try: before.status === 'pending' ? before.try : before.try + 1,
          openUpstream: open.size,
          ...(never.has(definition.refId) ? { status: 'skipped' as const, endedAt: sql`now()` } : {}),
        };
      }),
    )
    .returning({
      id: stages.id,
      refId: stages.refId,
      status: stages.status,
      openUpstream: stages.openUpstream,
    });
  const idOf = new Map([...current].map(([name, row]) => [name, row.id]));
  for (const row of created) idOf.set(row.refId, row.id);
  const edges = affected.flatMap((row) =>
    [...new Set(row.requires)].map((name) => ({
      fromId: idOf.get(name) ?? row.id,
      toId: idOf.get(row.refId) ?? row.id,
    })),
  );
  if (edges.length > 0) await tx.insert(stageEdges).values(edges);
  return created;
}

/** Those that another branch, which is not done again, has halted. */
function unreachable(
  affected: readonly StageRow[],
  again: ReadonlySet<string>,
  current: ReadonlyMap<string, StageRow>,
): Set<string> {
  const never = new Set<string>();
  for (let grew = true; grew; ) {
    const more = affected.filter(
      (row) =>
        !never.has(row.refId) &&
        row.requires.some((name) => never.has(name) || (!again.has(name) && hasHalted(current.get(name)))),
    );
    for (const row of more) never.add(row.refId);
    grew = more.length > 0;
  }
  return never;
}

function hasHalted(row: StageRow | undefined): boolean {
  return row !== undefined && isComplete(row.status) && aftermath(row) !== 'goesOn';
}

function isOpen(row: StageRow | undefined): boolean {
  return row !== undefined && !isComplete(row.status);
}

function isReady(row: Created): boolean {
  return row.status === 'pending' && row.openUpstream === 0;
}

/** The only way back from the end: the execution waits for its place like a new one. */
async function reopen(
  tx: Transaction,
  execution: typeof executions.$inferSelect,
  ended: boolean,
): Promise<void> {
  await tx
    .update(executions)
    .set({
      error: null,
      openStages: sql`(SELECT count(*) FROM stages s WHERE s.execution_id = ${execution.id}
        AND s.parent_id IS NULL AND NOT s.superseded AND s.ended_at IS NULL)`,
      ...(ended
        ? { status: 'pending' as const, endedAt: null, cancelRequestedBy: null, cancelReason: null }
        : {}),
    })
    .where(eq(executions.id, execution.id));
}
