import { and, asc, eq, isNotNull, lte, type SQL, sql } from 'drizzle-orm';
import { triggers } from '@/db/schema';
import { fire, type TriggerRow } from '@/server/automation/triggers/fire';
import { triggerTypes } from '@/server/automation/triggers/registry';
import type { AutomationContext } from '@/server/automation/works';

const AT_ONCE = 100;
/** A look that failed is tried again after this long. */
const TRY_AGAIN_MS = 30_000;

/** Lets every trigger that is due look, and fires what it found. */
export async function lookAtDue(context: AutomationContext, signal: AbortSignal): Promise<void> {
  const { db } = context.database;
  const due = await db
    .select()
    .from(triggers)
    .where(
      and(eq(triggers.enabled, true), isNotNull(triggers.nextAt), lte(triggers.nextAt, context.clock.now())),
    )
    .orderBy(asc(triggers.nextAt))
    .limit(AT_ONCE);
  for (const row of due) {
    if (signal.aborted) return;
    await lookOne(context, row, signal);
  }
}

async function lookOne(context: AutomationContext, row: TriggerRow, signal: AbortSignal): Promise<void> {
  const { database, clock, outbound, logger } = context;
  const type = triggerTypes[row.type];
  const config = type?.configSchema.safeParse(row.definition.config);
  if (!type?.look || !config?.success || !row.nextAt) return put(context, row, { nextAt: null });
  const now = clock.now();
  try {
    const armed = { config: config.data, dueAt: row.nextAt, state: row.state };
    const look = await type.look({ db: database.db, now, outbound, signal }, armed);
    // Fired before the state is written: a crash in between fires again, and the key makes it once.
    for (const firing of look.firings) await fire(context, row, firing);
    const found = look.firings.length > 0;
    await put(context, row, { nextAt: look.nextAt, state: look.state, ...(found ? {} : cleared(row)) });
  } catch (error) {
    if (signal.aborted) return;
    logger.info({ err: error, trigger: row.key, pipeline: row.pipeline }, 'a trigger could not look');
    const reason = error instanceof Error ? error.message : String(error);
    const nextAt = new Date(now.getTime() + TRY_AGAIN_MS);
    await put(context, row, { nextAt, state: { ...row.state, failed: true }, error: reason.slice(0, 500) });
  }
}

/** The trouble of an earlier look is over; what was refused stays to be seen until it fires again. */
function cleared(row: TriggerRow): Partial<TriggerRow> {
  return row.state.failed === true ? { error: null } : {};
}

/** The database's times are finer than ours. */
function sameMoment(at: Date): SQL {
  return sql`date_trunc('milliseconds', ${triggers.nextAt}) = ${at.toISOString()}::timestamptz`;
}

/** Nothing is written when somebody changed the trigger meanwhile. */
async function put(
  { database }: AutomationContext,
  row: TriggerRow,
  changes: { nextAt: Date | null; state?: Readonly<Record<string, unknown>>; error?: string | null },
): Promise<void> {
  const { state, ...rest } = changes;
  await database.db
    .update(triggers)
    .set({ ...rest, ...(state ? { state: { ...state } } : {}) })
    .where(and(eq(triggers.id, row.id), row.nextAt ? sameMoment(row.nextAt) : undefined));
}
