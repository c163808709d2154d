import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { executions, stages } from '@/db/schema';
import { RAMP_PIPELINE } from '@/server/domain/ramp';
import type { RampView } from '@/server/domain/views/toggles';
import type { Reader } from '@/server/services/shared/reader';
import { groupBy } from '@/server/services/shared/sql';
import { type RampPlace, rampView } from '@/server/services/toggles/ramp-view';
import { placeKey } from '@/server/services/toggles/uses';

/** The ramps of a toggle that have not ended, by environment; of several the oldest, which is the one at work. */
export async function readRamps(db: Reader, key: string): Promise<ReadonlyMap<string, RampView>> {
  const found = new Map<string, RampView>();
  for (const { toggle, environment, ramp } of await readPlaces(db, key))
    if (toggle === key && !found.has(environment)) found.set(environment, ramp);
  return found;
}

/** Those of all toggles, or of one, by `placeKey`. */
export async function readAllRamps(db: Reader, key: string | null): Promise<ReadonlyMap<string, RampView>> {
  const found = new Map<string, RampView>();
  for (const { toggle, environment, ramp } of await readPlaces(db, key)) {
    const at = placeKey(toggle, environment);
    if (!found.has(at)) found.set(at, ramp);
  }
  return found;
}

/** Oldest first. */
async function readPlaces(db: Reader, key: string | null): Promise<RampPlace[]> {
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
        key === null
          ? undefined
          : sql`exists (select 1 from ${stages} s where s.execution_id = ${executions.id} and s.type = 'toggle'
          and s.config->>'toggle' = ${key})`,
      ),
    )
    .orderBy(asc(executions.createdAt), asc(stages.position));
  return [...groupBy(rows, ({ executionId }) => executionId).values()].flatMap((own) => {
    const place = rampView(
      own.map(({ trigger, cancelRequestedBy, ...stage }) => ({
        ...stage,
        by: trigger.by,
        isStopping: cancelRequestedBy !== null,
      })),
    );
    return place ? [place] : [];
  });
}
