import { and, desc, eq, isNull, lte, ne, or, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { toggleChanges, toggleStates, toggles } from '@/db/schema';
import type { AutomationContext } from '@/server/automation/works';
import type { ToggleDefinition } from '@/server/domain/toggles';
import { recordAudit } from '@/server/services/audit/record';
import type { Actor } from '@/server/services/context';
import { findToggle } from '@/server/toggle-state/find';
import { readDefinition, type StateRow, type ToggleRow, toggleOf } from '@/server/toggle-state/load';
import { isUnsettled, settled } from '@/server/toggle-state/settle';
import { lockToggles, readState, writeState } from '@/server/toggle-state/write';

/** Nobody is there at that moment; who planned it is in the reason. */
export const CLOCK: Actor = {
  userId: null,
  name: 'Signalbox',
  roles: [],
  permissions: new Set(),
  via: 'engine',
};

/**
 * Writes what schedules and expiries have done into the toggles that they were about, with their history. Every process
 * serves it from its moment on without this; but people see it, and what they switch afterwards is the last word.
 */
export async function settleToggles({ database, clock, logger }: AutomationContext): Promise<void> {
  const now = clock.now();
  const { db } = database;
  const candidates = await db
    .select({ row: toggles, state: toggleStates })
    .from(toggleStates)
    .innerJoin(toggles, eq(toggles.key, toggleStates.toggle))
    .where(
      and(
        isNull(toggles.archivedAt),
        or(
          and(eq(toggles.onExpiry, 'off'), lte(toggles.expiresAt, now)),
          // Not read any closer here: a cast fails at a definition that is none, and all others would miss their time.
          sql`jsonb_path_exists(${toggleStates.definition}, '$.schedule[*]')`,
        ),
      ),
    )
    .orderBy(toggleStates.toggle, toggleStates.environment);
  for (const { row, state } of candidates) {
    if (!changeOf(row, state, now)) continue;
    const { toggle, environment } = state;
    const done = await db.transaction((tx) => settle(tx, toggle, environment, now));
    if (done) logger.info({ toggle, environment }, 'a toggle changed by its schedule');
  }
}

/** What the clock has made of a state that is not written into it yet; null for nothing. */
function changeOf(row: ToggleRow, state: StateRow, now: Date): ToggleDefinition | null {
  const kept = readDefinition(state.definition);
  const toggle = toggleOf(row, [state]);
  return kept && isUnsettled(toggle, kept, now) ? settled(toggle, kept, now) : null;
}

/** Looks again under the lock: another worker, or a person, may have been first. */
async function settle(tx: Transaction, key: string, environment: string, now: Date): Promise<boolean> {
  await lockToggles(tx);
  const row = await findToggle(tx, key);
  const before = await readState(tx, key, environment);
  const definition = before && row.archivedAt === null ? changeOf(row, before, now) : null;
  if (!before || !definition) return false;
  const isExpiry = definition.schedule.length === before.definition.schedule.length;
  const reason = isExpiry ? 'it expired' : `as scheduled by ${await plannerOf(tx, before)}`;
  const { application } = row;
  await writeState(tx, {
    toggle: key,
    application,
    environment,
    before,
    definition,
    by: CLOCK.name,
    at: now,
    reason,
  });
  await recordAudit(tx, CLOCK, {
    action: isExpiry ? 'toggle.expire' : 'toggle.schedule',
    application,
    subject: `${key} in ${environment}`,
    reason,
    before: before.definition,
    after: definition,
  });
  return true;
}

/** Who had the last word before the clock: with several steps planned, the one before this was the clock's own. */
async function plannerOf(tx: Transaction, { toggle, environment, updatedBy }: StateRow): Promise<string> {
  const [change] = await tx
    .select({ by: toggleChanges.by })
    .from(toggleChanges)
    .where(
      and(
        eq(toggleChanges.toggle, toggle),
        eq(toggleChanges.environment, environment),
        ne(toggleChanges.by, CLOCK.name),
      ),
    )
    .orderBy(desc(toggleChanges.id))
    .limit(1);
  return change?.by ?? updatedBy;
}
