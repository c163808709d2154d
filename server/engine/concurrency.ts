import { and, eq, inArray, isNotNull, isNull, ne, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { executions } from '@/db/schema';
import type { Waiting } from '@/server/domain/execution';
import { message } from '@/server/domain/message';
import { enqueueJobs, notifyWorkers } from '@/server/engine/queue/enqueue-job';
import type { LockedExecution } from '@/server/engine/state';

/**
 * How many executions of a pipeline run at once. Whoever wants to start, and whoever ends, holds the
 * pipeline's lock while it counts: two that start at the same moment cannot both take the last place.
 */

/** More than wait for one pipeline in practice; the rest asks when these have gone on. */
const ASKED_AT_ONCE = 200;

type Place = Pick<LockedExecution, 'id' | 'application' | 'pipeline'>;

export type Admission = 'starts' | 'waits' | 'superseded';

/** Whether it may start now. When not, it says what it waits for, and `admitNext` has it ask again. */
export async function takePlace(tx: Transaction, execution: Place): Promise<Admission> {
  const [row] = await tx
    .select({ definition: executions.definition, createdAt: executions.createdAt })
    .from(executions)
    .where(eq(executions.id, execution.id));
  const limit = row?.definition.concurrency;
  if (!row || !limit) return 'starts';
  await lockPipeline(tx, execution);
  const running = await countRunning(tx, execution);
  const others = await othersWaiting(tx, execution);
  const behindOlder = limit.waiting === 'fifo' && others.some((other) => other.createdAt < row.createdAt);
  if (limit.waiting === 'newest' && others.some((other) => other.createdAt > row.createdAt))
    return 'superseded';
  if (running < limit.limit && !behindOlder) {
    await tx.update(executions).set({ waiting: null }).where(eq(executions.id, execution.id));
    return 'starts';
  }
  const { pipeline } = execution;
  const waiting: Waiting = {
    kind: 'slot',
    reason: message('engine.wait.place', { pipeline, limit: limit.limit }),
    until: null,
    who: [],
  };
  await tx.update(executions).set({ waiting }).where(eq(executions.id, execution.id));
  // With newest they find out that they are superseded; with fifo a free place is theirs.
  if (limit.waiting === 'newest' || running < limit.limit) await askAgain(tx, others);
  return 'waits';
}

/** Has those that wait for a place ask again, because one may have become free. */
export async function admitNext(tx: Transaction, execution: Place): Promise<void> {
  const others = await othersWaiting(tx, execution);
  if (others.length === 0) return;
  await askAgain(tx, others);
  await notifyWorkers(tx);
}

async function askAgain(tx: Transaction, waiting: readonly { readonly id: string }[]): Promise<void> {
  await enqueueJobs(
    tx,
    waiting.map(({ id }) => ({ kind: 'execution', executionId: id })),
  );
}

/** Oldest first. */
async function othersWaiting(tx: Transaction, { id, application, pipeline }: Place) {
  return tx
    .select({ id: executions.id, createdAt: executions.createdAt })
    .from(executions)
    .where(
      and(
        eq(executions.application, application),
        eq(executions.pipeline, pipeline),
        eq(executions.status, 'pending'),
        isNotNull(executions.waiting),
        isNull(executions.cancelRequestedBy),
        ne(executions.id, id),
      ),
    )
    .orderBy(executions.createdAt, executions.id)
    .limit(ASKED_AT_ONCE);
}

async function countRunning(tx: Transaction, { id, application, pipeline }: Place): Promise<number> {
  const [row] = await tx
    .select({ running: sql<number>`count(*)::int` })
    .from(executions)
    .where(
      and(
        eq(executions.application, application),
        eq(executions.pipeline, pipeline),
        inArray(executions.status, ['running', 'paused']),
        ne(executions.id, id),
      ),
    );
  return row?.running ?? 0;
}

async function lockPipeline(tx: Transaction, { application, pipeline }: Place): Promise<void> {
  await tx.execute(
    sql`SELECT pg_advisory_xact_lock(hashtext('place'), hashtext(${`${application}/${pipeline}`}))`,
  );
}
