import { sql } from 'drizzle-orm';
import type { ToggleEnvironmentView } from '@/server/domain/views/toggles';
import type { Reader } from '@/server/services/shared/reader';

type Underway = ToggleEnvironmentView['underway'];

interface Row extends Record<string, unknown> {
  readonly environment: string;
  readonly executionId: string;
  readonly pipeline: string;
}

/** Executions that have a stage before them which would switch a toggle on, by environment; the oldest first. */
export async function readUnderway(db: Reader, key: string): Promise<ReadonlyMap<string, Underway>> {
  const { rows } = await db.execute<Row>(sql`
    SELECT s.config->>'toggleEnvironment' AS environment, e.id AS "executionId", e.pipeline
    FROM executions e JOIN stages s ON s.execution_id = e.id
    WHERE e.ended_at IS NULL AND s.ended_at IS NULL AND NOT s.superseded AND s.type = 'toggle'
      AND s.config->>'toggle' = ${key} AND s.config->>'set' <> 'off'
    GROUP BY 1, 2, 3 ORDER BY min(e.created_at)`);
  const found = new Map<string, Underway>();
  for (const { environment, executionId, pipeline } of rows)
    found.set(environment, [...(found.get(environment) ?? []), { executionId, pipeline }]);
  return found;
}
