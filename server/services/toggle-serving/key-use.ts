import { sql } from 'drizzle-orm';
import type { Database } from '@/db/client';

/** Notes that keys were used. Once a minute is enough to see whether one is, and spares writes. */
export async function touchClientKeys(db: Database, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.execute(sql`
    UPDATE toggle_client_keys SET last_used_at = now()
    WHERE id IN (SELECT value::uuid FROM jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))
      AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`);
}
