import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { triggers } from '@/db/schema';

/** After this long nobody needs to see any more that something once went wrong. */
const SHOWN_MS = 24 * 3_600_000;
const stateSchema = z.object({ errorAt: z.iso.datetime() });

/**
 * What went wrong at a trigger stays to be seen beside later firings that work, with its time. The time is
 * kept in the trigger's state under a name that no kind of trigger uses.
 */
export const ERROR_AT = 'errorAt';

/** What to write when something went wrong. */
export function troubled(
  error: string,
  at: Date,
  state: SQL = sql`${triggers.state}`,
): { error: string; state: SQL } {
  const time = { [ERROR_AT]: at.toISOString() };
  return { error, state: sql`(${state}) || ${JSON.stringify(time)}::jsonb` };
}

/** A new state, with the time of the error that is still to be seen. */
export function keepingError(state: Readonly<Record<string, unknown>> | SQL): SQL {
  const next = isSql(state) ? state : sql`${JSON.stringify(state)}::jsonb`;
  return sql`((${next}) - ${ERROR_AT}::text) || CASE WHEN ${triggers.state} ->> ${ERROR_AT}::text IS NULL THEN '{}'::jsonb
    ELSE jsonb_build_object(${ERROR_AT}::text, ${triggers.state} -> ${ERROR_AT}::text) END`;
}

function isSql(value: Readonly<Record<string, unknown>> | SQL): value is SQL {
  return 'getSQL' in value;
}

/** The error of a trigger as long as it is to be seen, with its time. */
export function troubleOf(
  { error, state }: Pick<typeof triggers.$inferSelect, 'error' | 'state'>,
  now: Date,
): { readonly error: string | null; readonly errorAt: string | null } {
  const at = stateSchema.safeParse(state).data?.errorAt ?? null;
  if (error === null || (at !== null && now.getTime() - Date.parse(at) > SHOWN_MS))
    return { error: null, errorAt: null };
  return { error, errorAt: at };
}
