import type { Transaction } from '@/db/client';
import { events } from '@/db/schema';
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
  await tx.insert(events).values(news.map((event) => ({ ...event })));
}
