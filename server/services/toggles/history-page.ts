import { isDeepStrictEqual } from 'node:util';
import { and, desc, eq, gte, lt, lte, sql } from 'drizzle-orm';
import { z } from 'zod';
import { audit, toggleChanges } from '@/db/schema';
import { type Message, message } from '@/server/domain/message';
import type { ToggleChangeView, ToggleHistoryPage } from '@/server/domain/views/toggles';
import type { Reader } from '@/server/services/shared/reader';
import { iso } from '@/server/services/shared/sql';
import { definitionChanges, detailChanges } from '@/server/services/toggles/changes';
import type { ToggleDetails } from '@/server/services/toggles/details';
import { reasonMessage } from '@/server/services/toggles/history-reason';
import { readDefinition } from '@/server/toggle-state/load';

/** What `killToggle` writes into the audit trail; entries of before it named its changes have none. */
const killedSchema = z.object({ changes: z.array(z.string()), everywhere: z.boolean() });

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
      isTakenBack: sql<boolean>`EXISTS (SELECT 1 FROM toggle_changes later
        WHERE later.toggle = toggle_changes.toggle AND later.undoes = toggle_changes.id)`,
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
  const kills = await readKills(
    db,
    key,
    page.map(({ change }) => change.at),
  );
  return {
    items: page.map(({ change, ...place }) =>
      viewOf(change, { ...place, kill: kills.get(String(change.id)) }),
    ),
    nextCursor: rows.length > limit ? String(page.at(-1)?.change.id) : null,
  };
}

/** The audit trail's clock is the database's, and the history's is ours. */
const CLOCKS_APART_MS = 60_000;

/** Which of the changes of that time are of the kill switch, and whether it was thrown for every environment. */
async function readKills(
  db: Reader,
  key: string,
  times: readonly Date[],
): Promise<ReadonlyMap<string, 'everywhere' | 'here'>> {
  const [newest] = times;
  const oldest = times.at(-1);
  if (!newest || !oldest) return new Map();
  const entries = await db
    .select({ after: audit.after })
    .from(audit)
    .where(
      and(
        eq(audit.action, 'toggle.kill'),
        eq(audit.subject, key),
        gte(audit.at, new Date(oldest.getTime() - CLOCKS_APART_MS)),
        lte(audit.at, new Date(newest.getTime() + CLOCKS_APART_MS)),
      ),
    );
  return new Map(
    entries.flatMap(({ after }) => {
      const { changes = [], everywhere = false } = killedSchema.safeParse(after).data ?? {};
      return changes.map((id) => [id, everywhere ? 'everywhere' : 'here'] as const);
    }),
  );
}

interface Place {
  readonly isNewest: boolean;
  readonly isTakenBack: boolean;
  readonly kill: 'everywhere' | 'here' | undefined;
}

function viewOf(
  row: typeof toggleChanges.$inferSelect,
  { isNewest, isTakenBack, kill }: Place,
): ToggleChangeView {
  const { id, at, by, environment, reason, before, after, undoes, executionId } = row;
  return {
    id: String(id),
    at: iso(at),
    by,
    environment,
    reason: reasonMessage(reason),
    changes: kill ? [killWord(kill), ...besidesOff(row)] : wordsOf(row),
    before,
    after,
    undoes: undoes === null ? null : String(undoes),
    isTakenBack,
    canUndo: isNewest && !(environment === null && before === null) && !isDeepStrictEqual(before, after),
    executionId,
  };
}

function killWord(kill: 'everywhere' | 'here'): Message {
  return message(kill === 'everywhere' ? 'toggle.change.killedEverywhere' : 'toggle.change.killed');
}

/** Whoever reads that it was killed knows that it is off. */
function besidesOff(row: typeof toggleChanges.$inferSelect): Message[] {
  return wordsOf(row).filter(({ key }) => key !== 'toggle.change.off');
}

function wordsOf({ environment, before, after }: typeof toggleChanges.$inferSelect) {
  if (environment === null) {
    // Written by `changeDetails` and `createToggle` alone.
    return detailChanges(before as ToggleDetails | null, after as ToggleDetails | null);
  }
  return definitionChanges(readDefinition(before), readDefinition(after));
}
