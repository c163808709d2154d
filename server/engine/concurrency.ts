import { and, eq, inArray, isNotNull, ne, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { executions, pipelines } from '@/db/schema';
import type { Waiting } from '@/server/domain/execution';
import { message } from '@/server/domain/message';
import { ancestorsOf } from '@/server/engine/ancestors';
import { askAgain, waitingForPlace } from '@/server/engine/requests/ask-again';
import type { LockedExecution } from '@/server/engine/state';

/**
 * How many executions of a pipeline run at once. Whoever wants to start, and whoever ends, holds the
 * pipeline's lock while it counts: two that start at the same moment cannot both take the last place.
 */

type Place = Pick<LockedExecution, 'id' | 'application' | 'pipeline'>;

export type Admission = 'starts' | 'waits' | 'superseded';

/** Whether it may start now. When not, it says what it waits for, and `admitNext` has it ask again. */
export async function takePlace(tx: Transaction, execution: Place): Promise<Admission> {
  const [row] = await tx
    .select({ definition: executions.definition, now: pipelines.definition, createdAt: executions.createdAt })
    .from(executions)
    .leftJoin(
      pipelines,
      and(eq(pipelines.application, executions.application), eq(pipelines.name, executions.pipeline)),
    )
    .where(eq(executions.id, execution.id));
  // The limit is the pipeline's of today: it may have been raised since.
  const limit = (row?.now ?? row?.definition)?.concurrency;
  if (!row || !limit) return letIn(tx, execution);
  await lockPipeline(tx, execution);
  const holders = await placeHolders(tx, execution);
  // Who waits for this very execution cannot give up its place before it: it shares it.
  const above = holders.length > 0 ? await ancestorsOf(tx, execution.id) : new Set();
  if (holders.some((id) => above.has(id))) return letIn(tx, execution);
  const running = holders.length;
  const others = await waitingForPlace(tx, execution.application, execution.pipeline, execution.id);
  const behindOlder = limit.waiting === 'fifo' && others.some((other) => other.createdAt < row.createdAt);
  if (limit.waiting === 'newest' && others.some((other) => other.createdAt > row.createdAt))
    return 'superseded';
  if (running < limit.limit && !behindOlder) return letIn(tx, execution);
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

async function letIn(tx: Transaction, { id }: Place): Promise<Admission> {
  await tx
    .update(executions)
    .set({ waiting: null })
    .where(and(eq(executions.id, id), isNotNull(executions.waiting)));
  return 'starts';
}

/** Has those that wait for a place ask again, because one may have become free. */
export async function admitNext(tx: Transaction, { id, application, pipeline }: Place): Promise<void> {
  await askAgain(tx, await waitingForPlace(tx, application, pipeline, id));
}

async function placeHolders(
  tx: Transaction,
  { id, application, pipeline }: Place,
): Promise<readonly string[]> {
  const rows = await tx
    .select({ id: executions.id })
    .from(executions)
    .where(
      and(
        eq(executions.application, application),
        eq(executions.pipeline, pipeline),
        inArray(executions.status, ['running', 'paused']),
        ne(executions.id, id),
      ),
    );
  return rows.map((row) => row.id);
}

async function lockPipeline(tx: Transaction, { application, pipeline }: Place): Promise<void> {
  await tx.execute(
    sql`SELECT pg_advisory_xact_lock(hashtext('place'), hashtext(${`${application}/${pipeline}`}))`,
  );
}
