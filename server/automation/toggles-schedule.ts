import { sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import type { AutomationContext } from '@/server/automation/works';
import { recordAudit } from '@/server/services/audit/record';
import type { Actor } from '@/server/services/context';
import { findToggle } from '@/server/toggle-state/find';
import { toggleOf } from '@/server/toggle-state/load';
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
  const { rows } = await database.db.execute<{ toggle: string; environment: string }>(sql`
    SELECT s.toggle, s.environment
    FROM toggle_states s JOIN toggles t ON t.key = s.toggle
    WHERE t.archived_at IS NULL AND (
      (t.on_expiry = 'off' AND t.expires_at <= ${now.toISOString()}::timestamptz
        AND (s.definition->>'on')::boolean)
      OR EXISTS (SELECT 1 FROM jsonb_array_elements(s.definition->'schedule') AS change
        WHERE (change->>'at')::timestamptz <= ${now.toISOString()}::timestamptz))
    ORDER BY 1, 2`);
  for (const { toggle, environment } of rows) {
    await database.db.transaction((tx) => settle(tx, toggle, environment, now));
    logger.info({ toggle, environment }, 'a toggle changed by its schedule');
  }
}

/** Looks again under the lock: another worker, or a person, may have been first. */
async function settle(tx: Transaction, key: string, environment: string, now: Date): Promise<void> {
  await lockToggles(tx);
  const row = await findToggle(tx, key);
  const before = await readState(tx, key, environment);
  if (!before || row.archivedAt !== null) return;
  const toggle = toggleOf(row, [before]);
  if (!isUnsettled(toggle, before.definition, now)) return;
  const definition = settled(toggle, before.definition, now);
  const isExpiry = definition.schedule.length === before.definition.schedule.length;
  const reason = isExpiry ? 'it expired' : `as scheduled by ${before.updatedBy}`;
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
}
