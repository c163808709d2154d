import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';

const TRY_AGAIN_MS = 1_000;
/** SQLSTATE of what waiting does not heal: wrong credentials, no such database. */
const HOPELESS = /^(28|3D)/;

/**
 * Returns when the database answers, however long that takes.
 * @param onWait told why not, once per new reason.
 * @throws the database's error when it answers and refuses us for good.
 */
export async function untilDatabaseAnswers(pool: Pool, onWait: (reason: string) => void): Promise<void> {
  for (let told = ''; ; ) {
    try {
      await pool.query('SELECT 1');
      return;
    } catch (error) {
      if (HOPELESS.test(codeOf(error))) throw error;
      const reason = codeOf(error) || String(error);
      if (reason !== told) onWait(reason);
      told = reason;
      await pause(TRY_AGAIN_MS);
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
