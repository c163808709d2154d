import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { executions, stages } from '@/db/schema';
import { RAMP_PIPELINE } from '@/server/domain/ramp';
import type { RampView } from '@/server/domain/views/toggles';
import type { Reader } from '@/server/services/shared/reader';
import { groupBy } from '@/server/services/shared/sql';
import { rampView } from '@/server/services/toggles/ramp-view';

/** The ramps of a toggle that have not ended, by environment; of several the oldest, which is the one at work. */
export async function readRamps(db: Reader, key: string): Promise<ReadonlyMap<string, RampView>> {
  const rows = await db
    .select({
      executionId: executions.id,
      trigger: executions.trigger,
      cancelRequestedBy: executions.cancelRequestedBy,
      type: stages.type,
      status: stages.status,
      config: stages.config,
      startedAt: stages.startedAt,
      waiting: stages.waiting,
    })
    .from(executions)
    .innerJoin(stages, eq(stages.executionId, executions.id))
    .where(
      and(
        isNull(executions.endedAt),
        eq(executions.pipeline, RAMP_PIPELINE),
        isNull(stages.parentId),
        eq(stages.superseded, false),
        sql`exists (select 1 from ${stages} s where s.execution_id = ${executions.id} and s.type = 'toggle'
          and s.config->>'toggle' = ${key})`,
      ),
    )
    .orderBy(asc(executions.createdAt), asc(stages.position));
  const found = new Map<string, RampView>();
  for (const own of groupBy(rows, ({ executionId }) => executionId).values()) {
    const place = rampView(
      own.map(({ trigger, cancelRequestedBy, ...stage }) => ({
        ...stage,
        by: trigger.by,
        isStopping: cancelRequestedBy !== null,
      })),
    );
    if (place?.toggle === key && !found.has(place.environment)) found.set(place.environment, place.ramp);
  }
  return found;
}
