import { type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { sourcesOf } from '@/server/domain/transitions';
import type { BeginStep, EndStep, StageStep, StartStep, WaitStep } from '@/server/engine/group-commit/step';
import type { ClaimedJob } from '@/server/engine/queue/job';

export interface BegunExecution {
  readonly id: string;
  /** Its stages that wait for nothing. */
  readonly first: readonly string[];
}

/**
 * The status changes of many stages in one statement. Each proves its lease and its status by itself: a
 * stage whose worker was replaced, or that someone moved meanwhile, is left out and not answered. All
 * of them need the locks of their executions.
 * @returns ids of the stages that were moved.
 */
type Moved = Promise<ReadonlySet<string>>;

/** Executions to running; their jobs are done. Those that need a place among others are left out. */
export async function beginAll(tx: Transaction, steps: readonly BeginStep[]): Promise<BegunExecution[]> {
  if (steps.length === 0) return [];
  const asked = steps.map(({ job }) => ({ job: job.id, lease: job.attempts, execution: job.executionId }));
  const { rows } = await tx.execute<{ id: string; first: string[] }>(sql`
    WITH asked AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) AS one (job bigint, lease int, execution uuid)
    ), done AS (
      DELETE FROM jobs j USING asked, executions e
      WHERE ${ofJobs(steps)} AND j.id = asked.job AND j.attempts = asked.lease
        AND e.id = asked.execution AND e.status = 'pending' AND e.definition -> 'concurrency' IS NULL
      RETURNING asked.execution
    )
    UPDATE executions e SET status = 'running', started_at = coalesce(e.started_at, now())
    FROM done WHERE e.id = done.execution
    RETURNING e.id, (
      SELECT coalesce(array_agg(s.id::text), '{}') FROM stages s
      WHERE s.execution_id = e.id AND s.parent_id IS NULL AND s.status = 'pending' AND s.open_upstream = 0
    ) AS first`);
  return rows;
}

/** To running. The lease stays; that its row is locked keeps it from being taken until the commit. */
export function startAll(tx: Transaction, steps: readonly StartStep[]): Moved {
  const asked = steps.map(({ job, stage, taskIndex, config }) => ({
    job: job.id,
    lease: job.attempts,
    stage: stage.id,
    task: taskIndex,
    config,
  }));
  return moved(
    tx,
    sql`
    WITH asked AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
        AS one (job bigint, lease int, stage uuid, task int, config jsonb)
    ), held AS (
      SELECT asked.* FROM asked JOIN jobs j ON j.id = asked.job AND j.attempts = asked.lease
      WHERE ${ofJobs(steps)} FOR UPDATE OF j
    )
    UPDATE stages s SET
      status = 'running', started_at = coalesce(s.started_at, now()), task_index = held.task,
      config = coalesce(held.config, s.config), waiting = NULL
    FROM held
    WHERE ${ofStages(steps)} AND s.id = held.stage AND s.status = ANY (${texts(sourcesOf('running'))}::text[])
    RETURNING s.id`,
    steps,
  );
}

/** To their end; their jobs are done. One whose start was not committed passes through running. */
export function endAll(tx: Transaction, steps: readonly EndStep[]): Moved {
  const asked = steps.map(({ job, stage, status, outputs, log, start }) => ({
    job: job.id,
    lease: job.attempts,
    stage: stage.id,
    status,
    outputs,
    log,
    sources: start ? sourcesOf('running') : sourcesOf(status),
    starts: start !== null,
    task: start?.taskIndex,
    config: start?.config,
  }));
  return moved(
    tx,
    sql`
    WITH asked AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
        AS one (job bigint, lease int, stage uuid, status text, outputs jsonb, log jsonb, sources text[],
                starts boolean, task int, config jsonb)
    ), done AS (
      DELETE FROM jobs j USING asked, stages s
      WHERE ${ofJobs(steps)} AND ${ofStages(steps)} AND j.id = asked.job AND j.attempts = asked.lease
        AND s.id = asked.stage AND s.status = ANY (asked.sources) AND s.error IS NULL
      RETURNING asked.*
    )
    UPDATE stages s SET
      status = done.status, ended_at = now(), waiting = NULL,
      outputs = coalesce(done.outputs, s.outputs), log = coalesce(done.log, s.log),
      started_at = CASE WHEN done.starts THEN coalesce(s.started_at, now()) ELSE s.started_at END,
      task_index = CASE WHEN done.starts THEN done.task ELSE s.task_index END,
      config = coalesce(done.config, s.config)
    FROM done WHERE ${ofStages(steps)} AND s.id = done.stage
    RETURNING s.id`,
    steps,
  );
}

/** Gives leases back until the next look. A look that found nothing new does not touch the stage's row. */
export function rescheduleAll(tx: Transaction, steps: readonly WaitStep[]): Moved {
  const asked = steps.map(({ job, stage, delayMs, wakeOn, regardless, changes }) => ({
    job: job.id,
    lease: job.attempts,
    stage: stage.id,
    delay: delayMs,
    wake: wakeOn,
    regardless,
    changed: changes !== null,
    ...changes,
  }));
  return moved(
    tx,
    sql`
    WITH asked AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
        AS one (job bigint, lease int, stage uuid, delay float8, wake text, regardless boolean, changed boolean,
                waiting jsonb, attempts int, outputs jsonb, log jsonb)
    ), put_off AS (
      UPDATE jobs j SET
        run_at = CASE WHEN j.payload ? 'again' THEN now() ELSE now() + asked.delay * interval '1 millisecond' END,
        payload = j.payload - 'again', claimed_by = NULL, failures = 0, last_error = NULL, wake_on = asked.wake
      FROM asked, stages s
      LEFT JOIN stages p ON p.id = s.parent_id
      WHERE ${ofJobs(steps)} AND ${ofStages(steps)} AND j.id = asked.job AND j.attempts = asked.lease
        AND s.id = asked.stage AND s.status = 'running'
        AND (asked.regardless OR p.error IS NULL)
      RETURNING asked.*
    ), told AS (
      UPDATE stages s SET
        waiting = put_off.waiting, attempts = put_off.attempts,
        outputs = coalesce(put_off.outputs, s.outputs), log = coalesce(put_off.log, s.log)
      FROM put_off WHERE ${ofStages(steps)} AND put_off.changed AND s.id = put_off.stage
    )
    SELECT stage AS id FROM put_off`,
    steps,
  );
}

async function moved(tx: Transaction, statement: SQL, asked: readonly unknown[]): Moved {
  if (asked.length === 0) return new Set();
  const { rows } = await tx.execute<{ id: string }>(statement);
  return new Set(rows.map(({ id }) => id));
}

/**
 * Says once more which rows are meant. The planner guesses that a recordset has a hundred rows, and would
 * rather read all of a table of some thousand than look so many up.
 */
function ofJobs(steps: readonly { readonly job: ClaimedJob }[]): SQL {
  return sql`j.id = ANY (${texts(steps.map(({ job }) => job.id))}::bigint[])`;
}

function ofStages(steps: readonly StageStep[]): SQL {
  return sql`s.id = ANY (${texts(steps.map(({ stage }) => stage.id))}::uuid[])`;
}

function texts(values: readonly string[]): string {
  return `{${values.join(',')}}`;
}
