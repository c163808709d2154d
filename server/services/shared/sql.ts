import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { SERVERLESS_HEALTH } from '@/server/domain/units';

/** A moment as ISO 8601 in UTC, as every answer of the API has it. */
export function isoTime(column: SQLWrapper): SQL<string | null> {
  return sql`to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** The units of a server group that is kept as JSON (see domain/units): its instances, or one where it is serverless. */
export function unitsIn(data: SQLWrapper): SQL {
  const health = sql`${JSON.stringify(SERVERLESS_HEALTH)}::jsonb->(${data}->'serverless'->>'state')`;
  return sql`CASE WHEN ${data}->'serverless' IS NULL THEN ${data}->'instances'
             ELSE jsonb_build_array(jsonb_build_object('health', ${health})) END`;
}

/** ISO 8601 of a moment that drizzle has read as a Date. */
export function iso(date: Date): string;
export function iso(date: Date | null): string | null;
export function iso(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}

/** Groups rows by a key, keeping their order. */
export function groupBy<Row>(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}
