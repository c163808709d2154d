import { asc, eq, isNull, lt, sql } from 'drizzle-orm';
import { recordEvents } from '@/db/events';
import { triggers, webhookDeliveries, webhookSources } from '@/db/schema';
import { fire } from '@/server/automation/triggers/fire';
import { triggerTypes } from '@/server/automation/triggers/registry';
import type { OutsideEvent } from '@/server/automation/triggers/trigger';
import type { AutomationContext } from '@/server/automation/works';

const AT_ONCE = 50;
const KEEP_DAYS = 30;

/** Shows deliveries that came in to every trigger, in the order in which they came. */
export async function handleDeliveries(context: AutomationContext, signal: AbortSignal): Promise<void> {
  const { db } = context.database;
  const open = await db
    .select({ delivery: webhookDeliveries, format: webhookSources.kind })
    .from(webhookDeliveries)
    .innerJoin(webhookSources, eq(webhookSources.name, webhookDeliveries.source))
    .where(isNull(webhookDeliveries.handledAt))
    .orderBy(asc(webhookDeliveries.id))
    .limit(AT_ONCE);
  for (const { delivery, format } of open) {
    if (signal.aborted) return;
    const { source, deliveryId, event, payload } = delivery;
    const started = await show(context, { source, format, deliveryId, event, payload });
    await db.transaction(async (tx) => {
      await tx
        .update(webhookDeliveries)
        .set({ handledAt: sql`now()`, started: [...started.ids], outcome: started.outcome })
        .where(eq(webhookDeliveries.id, delivery.id));
      await recordEvents(tx, [{ kind: 'trigger', subject: source }]);
    });
  }
}

/** A crash in the middle shows it again to all; the key of each firing makes its execution once. */
async function show(
  context: AutomationContext,
  event: OutsideEvent,
): Promise<{ readonly ids: readonly string[]; readonly outcome: string }> {
  const rows = await context.database.db.select().from(triggers).where(eq(triggers.enabled, true));
  const ids: string[] = [];
  let matched = 0;
  for (const row of rows) {
    const type = triggerTypes[row.type];
    const config = type?.match ? type.configSchema.safeParse(row.definition.config) : undefined;
    const firing = config?.success
      ? type?.match?.(event, { config: config.data, now: context.clock.now(), state: row.state })
      : null;
    if (!firing) continue;
    matched += 1;
    const id = await fire(context, row, firing);
    if (id) ids.push(id);
  }
  if (ids.length > 0) return { ids, outcome: 'started' };
  return { ids, outcome: matched > 0 ? 'refused' : 'ignored' };
}

/** Forgets what came in long ago. */
export async function pruneDeliveries({ database }: AutomationContext): Promise<void> {
  await database.db
    .delete(webhookDeliveries)
    .where(lt(webhookDeliveries.receivedAt, sql`now() - make_interval(days => ${KEEP_DAYS})`));
}
