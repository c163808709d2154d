import { and, asc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { executions, stages, toggles } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { RAMP_PIPELINE, type RampSubject } from '@/server/domain/ramp';
import type { ExecutionSummary, StageTry, StageView } from '@/server/domain/views/execution';
import { whyNotSkippable } from '@/server/services/executions/skippable';
import type { Reader } from '@/server/services/shared/reader';
import { groupBy, iso } from '@/server/services/shared/sql';

/** Whether something of the execution waits for a person; for lists. */
export const waitingForPerson: SQL<boolean> = sql<boolean>`(${executions.endedAt} is null and exists (
  select 1 from ${stages} s where s.execution_id = ${executions}.id and s.status = 'running' and s.waiting->>'kind' = 'person'))`;

/** What a ramp raises, and where; null for every other execution. */
export const rampSubject: SQL<RampSubject | null> = sql<RampSubject | null>`case when ${executions}.pipeline = ${RAMP_PIPELINE} then (
  select json_build_object('toggle', c->>'toggle', 'name', coalesce(t.name, c->>'toggle'), 'environment', c->>'toggleEnvironment')
  from jsonb_path_query_first(${executions}.definition, '$.stages[*] ? (@.type == "toggle").config') c
  left join ${toggles} t on t.key = c->>'toggle' where c is not null) end`;

/** The columns of a summary, for `select`. */
export const summaryColumns = {
  id: executions.id,
  application: executions.application,
  pipeline: executions.pipeline,
  status: executions.status,
  environment: executions.environment,
  artifact: executions.artifact,
  version: executions.version,
  trigger: executions.trigger,
  createdAt: executions.createdAt,
  startedAt: executions.startedAt,
  endedAt: executions.endedAt,
  ramp: rampSubject,
  waitingForPerson,
};

type SummaryRow = Pick<
  typeof executions.$inferSelect,
  Exclude<keyof typeof summaryColumns, 'waitingForPerson' | 'ramp'>
> & {
  readonly ramp: RampSubject | null;
  readonly waitingForPerson: boolean;
};

export function summaryView(row: SummaryRow): ExecutionSummary {
  return { ...row, createdAt: iso(row.createdAt), startedAt: iso(row.startedAt), endedAt: iso(row.endedAt) };
}

/** @throws AppError `not_found`. */
export async function findExecution(db: Reader, id: string): Promise<typeof executions.$inferSelect> {
  const [row] = await db.select().from(executions).where(eq(executions.id, id));
  if (row) return row;
  throw new AppError('not_found', `There is no execution ${id}. It may belong to another installation.`);
}

/** An execution that nobody else changes until the transaction ends. @throws AppError `not_found`. */
export async function lockExecution(tx: Transaction, id: string): Promise<typeof executions.$inferSelect> {
  await tx.select({ id: executions.id }).from(executions).where(eq(executions.id, id)).for('no key update');
  return findExecution(tx, id);
}

/**
 * @param tryNumber an earlier try; the current one when absent.
 * @throws AppError `not_found` naming the stages there are.
 */
export async function findStage(
  db: Reader,
  executionId: string,
  refId: string,
  tryNumber?: number,
): Promise<typeof stages.$inferSelect> {
  const [row] = await db
    .select()
    .from(stages)
    .where(
      and(
        eq(stages.executionId, executionId),
        eq(stages.refId, refId),
        tryNumber === undefined ? eq(stages.superseded, false) : eq(stages.try, tryNumber),
      ),
    );
  if (row) return row;
  const { definition } = await findExecution(db, executionId);
  const known = definition.stages.slice(0, 20).map((stage) => stage.refId);
  throw new AppError('not_found', `The execution has no stage "${refId}". Stages: ${known.join(', ')}.`);
}

/**
 * The stages of an execution as the graph needs them: without config, outputs and log. Each is
 * followed by its children.
 */
export async function readStages(db: Reader, executionId: string): Promise<StageView[]> {
  const rows = await db
    .select({
      id: stages.id,
      parentId: stages.parentId,
      refId: stages.refId,
      type: stages.type,
      name: stages.name,
      status: stages.status,
      requires: stages.requires,
      startedAt: stages.startedAt,
      endedAt: stages.endedAt,
      waiting: stages.waiting,
      error: stages.error,
      try: stages.try,
      onFailure: stages.onFailure,
      skipRequestedBy: stages.skipRequestedBy,
    })
    .from(stages)
    .where(and(eq(stages.executionId, executionId), eq(stages.superseded, false)))
    .orderBy(asc(stages.position), asc(stages.refId));
  const refIds = new Map(rows.map((row) => [row.id, row.refId]));
  return depthFirst(rows).map(({ id: _id, parentId, startedAt, endedAt, ...row }) => ({
    ...row,
    skippable: row.skipRequestedBy === null && whyNotSkippable({ ...row, parentId }) === null,
    parentRefId: parentId === null ? null : (refIds.get(parentId) ?? null),
    startedAt: iso(startedAt),
    endedAt: iso(endedAt),
  }));
}

/** Earlier tries of top-level stages, oldest first. */
export async function readTries(db: Reader, executionId: string): Promise<StageTry[]> {
  const rows = await db
    .select({
      refId: stages.refId,
      try: stages.try,
      status: stages.status,
      startedAt: stages.startedAt,
      endedAt: stages.endedAt,
    })
    .from(stages)
    .where(and(eq(stages.executionId, executionId), eq(stages.superseded, true), isNull(stages.parentId)))
    .orderBy(asc(stages.try), asc(stages.position));
  return rows.map((row) => ({ ...row, startedAt: iso(row.startedAt), endedAt: iso(row.endedAt) }));
}

function depthFirst<Row extends { readonly id: string; readonly parentId: string | null }>(
  rows: readonly Row[],
): Row[] {
  const childrenOf = groupBy(rows, (row) => row.parentId ?? '');
  const below = (id: string): Row[] => (childrenOf.get(id) ?? []).flatMap((row) => [row, ...below(row.id)]);
  return below('');
}
