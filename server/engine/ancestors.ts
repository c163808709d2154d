import { sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';

/** The executions that wait for this one, directly or through others. */
export async function ancestorsOf(tx: Transaction, executionId: string): Promise<ReadonlySet<string>> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    WITH RECURSIVE above (id) AS (
      SELECT s.execution_id FROM executions e JOIN stages s ON s.id = e.parent_stage_id WHERE e.id = ${executionId}
      UNION
      SELECT s.execution_id FROM above a
      JOIN executions e ON e.id = a.id JOIN stages s ON s.id = e.parent_stage_id
    ) SELECT id::text FROM above`);
  return new Set(rows.map((row) => row.id));
}
