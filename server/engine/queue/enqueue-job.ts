import { sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { CHANNEL } from '@/server/domain/events';
import { type ClaimedJob, type JobKind, LEASE_MS } from '@/server/engine/queue/job';

export interface NewJob {
  readonly kind: JobKind;
  readonly executionId: string;
  readonly stageId?: string;
  /** Milliseconds until it is due; now when absent. */
  readonly inMs?: number;
}

/** One open job per execution and purpose, or per stage. */
export function jobKey(job: NewJob): string {
  return `${job.kind}:${job.stageId ?? job.executionId}`;
}

/** Makes the jobs due: new ones are inserted, open ones brought forward, leased ones run again. */
export async function enqueueJobs(tx: Transaction, news: readonly NewJob[]): Promise<void> {
  await upsert(tx, news, null);
}

/**
 * As `enqueueJobs`, but what was not in the queue yet is leased by this worker in the same moment.
 * @returns the leases.
 */
export async function enqueueLeased(
  tx: Transaction,
  news: readonly NewJob[],
  workerId: string,
): Promise<ClaimedJob[]> {
  const rows = await upsert(tx, news, workerId);
  const jobs = new Map(news.map((job) => [jobKey(job), job]));
  return rows.flatMap(({ id, key, isNew }) => {
    const job = jobs.get(key);
    if (!isNew || !job) return [];
    const { kind, executionId, stageId = null } = job;
    return [{ id, kind, executionId, stageId, attempts: 1, failures: 0, lagMs: 0 }];
  });
}

async function upsert(
  tx: Transaction,
  news: readonly NewJob[],
  lessee: string | null,
): Promise<{ id: string; key: string; isNew: boolean }[]> {
  if (news.length === 0) return [];
  const asked = news.map((job) => ({
    kind: job.kind,
    execution: job.executionId,
    stage: job.stageId,
    key: jobKey(job),
    delay: lessee ? LEASE_MS : (job.inMs ?? 0),
  }));
  // The run_at of a leased row is its lease and must not be brought forward. xmax is 0 on new rows only.
  const { rows } = await tx.execute<{ id: string; key: string; isNew: boolean }>(sql`
    INSERT INTO jobs (kind, execution_id, stage_id, key, run_at, claimed_by, attempts)
    SELECT kind, execution, stage, key, now() + delay * interval '1 millisecond', ${lessee}::text,
      (${lessee}::text IS NOT NULL)::int
    FROM jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
      AS one (kind text, execution uuid, stage uuid, key text, delay float8)
    ON CONFLICT (key) DO UPDATE SET
      run_at = CASE WHEN jobs.claimed_by IS NOT NULL THEN jobs.run_at
        WHEN excluded.claimed_by IS NOT NULL THEN least(jobs.run_at, now())
        ELSE least(jobs.run_at, excluded.run_at) END,
      payload = CASE WHEN jobs.claimed_by IS NULL THEN jobs.payload ELSE jobs.payload || '{"again": true}' END
    RETURNING id::text, key, xmax = 0 AS "isNew"`);
  return rows;
}

/**
 * Nudges all workers at commit. The engine's own commits pump their own process instead, because
 * NOTIFY serialises commits.
 * @param word empty, or `cancel:<execution>` to make workers let go of calls in flight.
 */
export async function notifyWorkers(tx: Transaction, word = ''): Promise<void> {
  await tx.execute(sql`SELECT pg_notify(${CHANNEL.jobs}, ${word})`);
}
