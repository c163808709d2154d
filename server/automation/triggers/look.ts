import { and, asc, eq, isNotNull, lte, type SQL, sql } from 'drizzle-orm';
import { triggers } from '@/db/schema';
import { inWords } from '@/server/automation/in-words';
import { fire, type TriggerRow } from '@/server/automation/triggers/fire';
import { triggerTypes } from '@/server/automation/triggers/registry';
import type { AutomationContext } from '@/server/automation/works';
import { ERROR_AT, keepingError, troubled } from '@/server/services/triggers/trouble';

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
  // The trouble of an earlier look is over once one works; what was refused stays to be seen.
  const over = row.state.failed === true ? row.error : null;
  try {
    const armed = { config: config.data, dueAt: row.nextAt, state: row.state };
    const look = await type.look({ db: database.db, now, outbound, signal }, armed);
    // Fired before the state is written: a crash in between fires again, and the key makes it once.
    for (const firing of look.firings) await fire(context, row, firing);
    await put(context, row, { nextAt: look.nextAt, state: { ...look.state, failed: undefined }, over });
  } catch (error) {
    if (signal.aborted) return;
    logger.info({ err: error, trigger: row.key, pipeline: row.pipeline }, 'a trigger could not look');
    const reason = inWords(error);
    const nextAt = new Date(now.getTime() + TRY_AGAIN_MS);
    const state = { ...row.state, failed: true };
    await put(context, row, { nextAt, state, trouble: { error: reason.slice(0, 500), at: now } });
  }
}

/** The database's times are finer than ours. */
function sameMoment(at: Date): SQL {
  return sql`date_trunc('milliseconds', ${triggers.nextAt}) = ${at.toISOString()}::timestamptz`;
}

interface LookedAt {
  readonly nextAt: Date | null;
  readonly state?: Readonly<Record<string, unknown>>;
  /** The error that is over now. */
  readonly over?: string | null;
  readonly trouble?: { readonly error: string; readonly at: Date };
}

/** Nothing is written when somebody changed the trigger meanwhile. */
async function put({ database }: AutomationContext, row: TriggerRow, looked: LookedAt): Promise<void> {
  const { nextAt, state, over = null, trouble } = looked;
  const kept = state ? replaced(row, state) : sql`${triggers.state}`;
  await database.db
    .update(triggers)
    .set({
      nextAt,
      state: kept,
      ...(over === null ? {} : { error: sql`nullif(${triggers.error}, ${over})` }),
      ...(trouble ? troubled(trouble.error, trouble.at, kept) : {}),
    })
    .where(and(eq(triggers.id, row.id), row.nextAt ? sameMoment(row.nextAt) : undefined));
}

/** What an event from outside has put down while we looked is newer than what we saw. */
function replaced(row: TriggerRow, state: Readonly<Record<string, unknown>>): SQL {
  const before = JSON.stringify(row.state);
  return keepingError(sql`CASE WHEN ${triggers.state} - ${ERROR_AT}::text = ${before}::jsonb - ${ERROR_AT}::text
    THEN ${JSON.stringify(state)}::jsonb ELSE ${triggers.state} END`);
}
