import { and, eq, isNotNull, isNull, ne } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { executions } from '@/db/schema';
import { enqueueJobs, notifyWorkers } from '@/server/engine/queue/enqueue-job';

/** More than wait for one pipeline in practice; the rest asks when these have gone on. */
const ASKED_AT_ONCE = 200;

export interface WaitingForPlace {
  readonly id: string;
  readonly createdAt: Date;
}

/** Executions of a pipeline that wait for a place, oldest first. */
export async function waitingForPlace(
  tx: Transaction,
  application: string,
  pipeline: string,
  except?: string,
): Promise<readonly WaitingForPlace[]> {
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
        except === undefined ? undefined : ne(executions.id, except),
      ),
    )
    .orderBy(executions.createdAt, executions.id)
    .limit(ASKED_AT_ONCE);
}

/** Has executions that wait for a place ask whether there is one now. */
export async function askAgain(tx: Transaction, waiting: readonly { readonly id: string }[]): Promise<void> {
  if (waiting.length === 0) return;
  await enqueueJobs(
    tx,
    waiting.map(({ id }) => ({ kind: 'execution', executionId: id })),
  );
  await notifyWorkers(tx);
}
