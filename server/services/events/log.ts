import { sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import type { SignalEvent } from '@/server/domain/events';
import { isoTime } from '@/server/services/shared/sql';

/**
 * A place in the event log. The order is (transaction, sequence number): sequence numbers alone are
 * handed out before commit, so a row with a lower one can appear after a higher one was read. A
 * transaction that commits later than the oldest one running now has a higher id than all before it.
 */
export interface LogPlace {
  readonly xid: string;
  readonly seq: string;
}

export const LOG_START: LogPlace = { xid: '0', seq: '0' };

export function formatPlace({ xid, seq }: LogPlace): string {
  return `${xid}.${seq}`;
}

/** Null for what `formatPlace` did not make. */
export function parsePlace(text: string): LogPlace | null {
  const match = /^(\d{1,20})\.(\d{1,19})$/.exec(text);
  return match?.[1] && match[2] ? { xid: match[1], seq: match[2] } : null;
}

export interface LoggedEvent {
  readonly place: LogPlace;
  readonly event: SignalEvent;
}

/** Rows that no running transaction can still get behind. */
const SETTLED = sql`xid < pg_snapshot_xmin(pg_current_snapshot())`;

const after = ({ xid, seq }: LogPlace) => sql`(xid, seq) > (${xid}::xid8, ${seq}::bigint)`;

/** The next settled events after a place, in order. */
export async function readAfter(db: Database, place: LogPlace, limit: number): Promise<LoggedEvent[]> {
  const { rows } = await db.execute<SignalEvent & Record<string, unknown> & { xid: string }>(sql`
    SELECT xid::text, seq::text, ${isoTime(sql`at`)} AS at, kind, application,
           execution_id AS "executionId", subject, status
    FROM events WHERE ${after(place)} AND ${SETTLED} ORDER BY events.xid, events.seq LIMIT ${limit}`);
  return rows.map(({ xid, ...event }) => ({ place: { xid, seq: event.seq }, event }));
}

/** The newest settled place; where someone begins who has just read everything. */
export async function readNewestPlace(db: Database): Promise<LogPlace> {
  const { rows } = await db.execute<{ xid: string; seq: string }>(sql`
    SELECT xid::text, seq::text FROM events WHERE ${SETTLED} ORDER BY events.xid DESC, events.seq DESC LIMIT 1`);
  return rows[0] ?? LOG_START;
}

/** How many visible events wait behind a running transaction. */
export async function countHeldBack(db: Database, place: LogPlace): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(sql`
    SELECT count(*)::int AS n FROM events WHERE ${after(place)} AND NOT ${SETTLED}`);
  return rows[0]?.n ?? 0;
}

/** Whether the event at a place is still kept, so that nothing after it can have been removed. */
export async function isKept(db: Database, { xid, seq }: LogPlace): Promise<boolean> {
  const { rows } = await db.execute(sql`
    SELECT 1 FROM events WHERE seq = ${seq}::bigint AND xid = ${xid}::xid8`);
  return rows.length > 0;
}
