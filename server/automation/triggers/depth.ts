import { sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { AppError } from '@/server/domain/errors';

/** Pipelines that start each other in a circle are stopped at this depth. */
const MAX_DEPTH = 10;

/**
 * A person who runs one of them again begins anew, so only what started by itself counts.
 * @throws AppError `unprocessable` when so many executions have started each other already.
 */
export async function requireShallow(tx: Transaction, executionId: string): Promise<void> {
  const { rows } = await tx.execute<{ depth: number }>(sql`
    WITH RECURSIVE chain (parent, kind, depth) AS (
      SELECT trigger ->> 'parentExecutionId', trigger ->> 'kind', 1 FROM executions WHERE id = ${executionId}
      UNION ALL SELECT e.trigger ->> 'parentExecutionId', e.trigger ->> 'kind', c.depth + 1
      FROM executions e JOIN chain c ON e.id = c.parent::uuid
      WHERE c.kind IN ('pipeline', 'stage') AND c.depth < ${MAX_DEPTH}
    ) SELECT max(depth)::int AS depth FROM chain`);
  if ((rows[0]?.depth ?? 1) < MAX_DEPTH) return;
  throw new AppError(
    'unprocessable',
    `${MAX_DEPTH} executions have started each other by now. Pipelines start each other in a circle; take one of their triggers out.`,
  );
}
