import { sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { jobs } from '@/db/schema';
import { CHANNEL } from '@/server/domain/events';
import type { JobKind } from '@/server/engine/queue/job';

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
  if (news.length === 0) return;
  await tx
    .insert(jobs)
    .values(
      news.map((job) => ({
        kind: job.kind,
        executionId: job.executionId,
        stageId: job.stageId ?? null,
        key: jobKey(job),
        runAt: sql`now() + ${job.inMs ?? 0} * interval '1 millisecond'`,
      })),
    )
    .onConflictDoUpdate({
      target: jobs.key,
      set: {
        // The run_at of a leased row is its lease and must not be brought forward.
        runAt: sql`CASE WHEN ${jobs.claimedBy} IS NULL THEN least(${jobs.runAt}, excluded.run_at) ELSE ${jobs.runAt} END`,
        payload: sql`CASE WHEN ${jobs.claimedBy} IS NULL THEN ${jobs.payload} ELSE ${jobs.payload} || '{"again": true}' END`,
      },
    });
}

/**
 * Nudges all workers at commit. The engine's own commits pump their own process instead, because
 * NOTIFY serialises commits.
 * @param word empty, or `cancel:<execution>` to make workers let go of calls in flight.
 */
export async function notifyWorkers(tx: Transaction, word = ''): Promise<void> {
  await tx.execute(sql`SELECT pg_notify(${CHANNEL.jobs}, ${word})`);
}
