import type { AutomationContext } from '@/server/automation/works';
import { findMiscounted, findStuck, mend, recount } from '@/server/engine/requests/stuck';

/**
 * Looks for what nothing would move again, sets it going and says so loudly: it is the sign of a bug or
 * of a hand in the tables, and must not be what a rollout dies of.
 */
export async function watch({ database, logger }: AutomationContext): Promise<void> {
  const { db } = database;
  for (const wrong of await findMiscounted(db)) {
    logger.error(wrong, 'a counter of open stages was wrong; it was counted again');
    await db.transaction((tx) => recount(tx, wrong));
  }
  for (const stuck of await findStuck(db)) {
    logger.error(stuck, 'something open had no job to move it; it has one again');
    await db.transaction((tx) => mend(tx, stuck));
  }
}
