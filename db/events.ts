import { sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import type { EventKind } from '@/server/domain/events';

export interface NewEvent {
  readonly kind: EventKind;
  readonly application?: string | null;
  readonly executionId?: string | null;
  readonly subject?: string | null;
  readonly status?: string | null;
}

/** Writes to the event log inside the transaction that makes the change it tells of. */
export async function recordEvents(tx: Transaction, news: readonly NewEvent[]): Promise<void> {
  if (news.length === 0) return;
  await tx.execute(sql`
    INSERT INTO events (kind, application, execution_id, subject, status)
    SELECT kind, application, "executionId", subject, status
    FROM jsonb_to_recordset(${JSON.stringify(news)}::jsonb)
      AS one (kind text, application text, "executionId" uuid, subject text, status text)`);
}
