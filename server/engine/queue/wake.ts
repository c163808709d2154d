import { sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { CHANNEL } from '@/server/domain/events';

/** The key under which a stage waits for news of a cluster. */
export function wakeKey(account: string, region: string, cluster: string): string {
  return `${account}/${region}/${cluster}`;
}

/**
 * Brings forward the jobs that wait for one of the keys. Rows in the middle of a finishing
 * transaction are left to their own next look.
 * @param keys exact keys, or prefixes that end in `/` for everything below.
 * @returns how many jobs were waiting for it.
 */
export async function wakeJobs(db: Database, keys: readonly string[]): Promise<number> {
  if (keys.length === 0) return 0;
  const exact = `{${keys.map((key) => JSON.stringify(key)).join(',')}}`;
  const prefixes = `{${keys
    .filter((key) => key.endsWith('/'))
    .map((key) => JSON.stringify(`${key}%`))
    .join(',')}}`;
  const { rowCount } = await db.execute(sql`
    WITH waiting AS (
      SELECT id FROM jobs
      WHERE wake_on IS NOT NULL AND (wake_on = ANY (${exact}::text[]) OR wake_on LIKE ANY (${prefixes}::text[]))
      FOR UPDATE SKIP LOCKED
    ), nudged AS (
      SELECT pg_notify(${CHANNEL.jobs}, '') WHERE EXISTS (SELECT 1 FROM waiting)
    )
    UPDATE jobs SET
      run_at = CASE WHEN claimed_by IS NULL THEN least(run_at, now()) ELSE run_at END,
      payload = CASE WHEN claimed_by IS NULL THEN payload ELSE payload || '{"again": true}' END
    WHERE id IN (SELECT id FROM waiting) AND (SELECT count(*) FROM nudged) >= 0`);
  return rowCount ?? 0;
}
