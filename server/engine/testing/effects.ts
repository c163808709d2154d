import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import type { DatabaseHandle } from '@/db/client';
import type { PipelineDefinition } from '@/server/domain/pipeline';
import { expectNoJobsLeft, pipeline, stage } from '@/server/engine/testing/harness';

/** Where `counting-worker` leaves its effects, and a count of completions where nothing can hide a second one. */
export async function createEffects(database: DatabaseHandle): Promise<void> {
  await database.db.execute(sql`
    CREATE TABLE effects (
      operation text PRIMARY KEY, asked int NOT NULL DEFAULT 1, fence bigint NOT NULL, stale int NOT NULL DEFAULT 0
    )`);
  await database.db.execute(sql`CREATE TABLE completions (stage uuid, status text)`);
  await database.db.execute(sql`
    CREATE FUNCTION count_completion() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO completions VALUES (NEW.id, NEW.status); RETURN NULL; END $$`);
  await database.db.execute(sql`
    CREATE TRIGGER completed AFTER UPDATE ON stages FOR EACH ROW
    WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION count_completion()`);
}

/** `length` stages, one after the other. */
export function chain(length: number): PipelineDefinition {
  return pipeline(
    ...Array.from({ length }, (_, index) =>
      stage(`s${index}`, 'count', {}, index === 0 ? [] : [`s${index - 1}`]),
    ),
  );
}

/** Every stage had its effect and ended, once, and no call with an old fence was made. */
export async function expectEachOnce(database: DatabaseHandle, stages: number): Promise<void> {
  const { rows } = await database.db.execute(sql`
    SELECT (SELECT count(*)::int FROM effects) AS effects,
           (SELECT sum(stale)::int FROM effects) AS stale,
           (SELECT count(*)::int FROM completions) AS completions,
           (SELECT count(DISTINCT stage)::int FROM completions) AS completed`);
  expect(rows[0]).toEqual({ effects: stages, stale: 0, completions: stages, completed: stages });
  await expectNoJobsLeft(database);
}
