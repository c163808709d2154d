import { isDeepStrictEqual } from 'node:util';
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { toggleChanges } from '@/db/schema';
import type { ToggleChangeView, ToggleHistoryPage } from '@/server/domain/views/toggles';
import type { Reader } from '@/server/services/shared/reader';
import { iso } from '@/server/services/shared/sql';
import { definitionChanges, detailChanges } from '@/server/services/toggles/changes';
import type { ToggleDetails } from '@/server/services/toggles/details';
import { readDefinition } from '@/server/toggle-state/load';

interface Wanted {
  readonly key: string;
  readonly environment?: string | undefined;
  /** Id of the last change that was seen. */
  readonly cursor?: string | null | undefined;
  readonly limit: number;
}

/** Changes of a toggle, newest first. */
export async function readHistory(db: Reader, wanted: Wanted): Promise<ToggleHistoryPage> {
  const { key, environment, cursor, limit } = wanted;
  const rows = await db
    .select({
      change: toggleChanges,
      // Written out: drizzle leaves the table's name away, and within the subquery that would be the inner one.
      isNewest: sql<boolean>`NOT EXISTS (SELECT 1 FROM toggle_changes later
        WHERE later.toggle = toggle_changes.toggle AND later.id > toggle_changes.id
          AND later.before IS DISTINCT FROM later.after
          AND later.environment IS NOT DISTINCT FROM toggle_changes.environment)`,
    })
    .from(toggleChanges)
    .where(
      and(
        eq(toggleChanges.toggle, key),
        environment === undefined ? undefined : eq(toggleChanges.environment, environment),
        cursor ? lt(toggleChanges.id, BigInt(cursor)) : undefined,
      ),
    )
    .orderBy(desc(toggleChanges.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return {
    items: page.map(({ change, isNewest }) => viewOf(change, isNewest)),
    nextCursor: rows.length > limit ? String(page.at(-1)?.change.id) : null,
  };
}

function viewOf(row: typeof toggleChanges.$inferSelect, isNewest: boolean): ToggleChangeView {
  const { id, at, by, environment, reason, before, after, undoes, executionId } = row;
  return {
    id: String(id),
    at: iso(at),
    by,
    environment,
    reason,
    changes: wordsOf(row),
    before,
    after,
    undoes: undoes === null ? null : String(undoes),
    canUndo: isNewest && !(environment === null && before === null) && !isDeepStrictEqual(before, after),
    executionId,
  };
}

function wordsOf({ environment, before, after }: typeof toggleChanges.$inferSelect) {
  if (environment === null) {
    // Written by `changeDetails` and `createToggle` alone.
    return detailChanges(before as ToggleDetails | null, after as ToggleDetails | null);
  }
  return definitionChanges(readDefinition(before), readDefinition(after));
}
