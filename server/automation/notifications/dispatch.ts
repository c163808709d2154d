import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { eventCursors, notificationEndpoints, notifications } from '@/db/schema';
import { momentsOf, type Told } from '@/server/automation/notifications/moments';
import { notificationFormats } from '@/server/automation/notifications/registry';
import type { AutomationContext } from '@/server/automation/works';
import { type LogPlace, readAfter, readNewestPlace } from '@/server/services/events/log';

const CURSOR = 'notifications';
const AT_ONCE = 500;

type Endpoint = Pick<typeof notificationEndpoints.$inferSelect, 'name' | 'format'>;

/**
 * Reads on in the event log and puts what pipelines want told into the outbox. The place in the log moves
 * with the messages, in one transaction: nothing is left out and nothing is owed twice.
 */
export async function dispatchMoments(context: AutomationContext, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) if ((await dispatchSome(context)) < AT_ONCE) return;
}

async function dispatchSome({ database: { db }, url }: AutomationContext): Promise<number> {
  const [place] = await db.select().from(eventCursors).where(eq(eventCursors.name, CURSOR));
  if (!place) {
    // What was before this installation could tell anything is not told.
    const newest = await readNewestPlace(db);
    await db
      .insert(eventCursors)
      .values({ name: CURSOR, ...newest })
      .onConflictDoNothing();
    return 0;
  }
  const endpoints = await db
    .select({ name: notificationEndpoints.name, format: notificationEndpoints.format })
    .from(notificationEndpoints)
    .where(eq(notificationEndpoints.disabled, false));
  // With nobody to tell there is nothing to read.
  const logged = endpoints.length === 0 ? [] : await readAfter(db, place, AT_ONCE);
  const last = logged.at(-1)?.place ?? (endpoints.length === 0 ? await readNewestPlace(db) : place);
  if (last.xid === place.xid && last.seq === place.seq) return 0;
  await db.transaction(async (tx) => {
    if (!(await movePlace(tx, place, last))) return;
    const events = logged.map(({ event }) => event);
    for (const told of await momentsOf(tx, events, url)) await owe(tx, told, endpoints, url);
  });
  return logged.length;
}

/** False when another worker has read on meanwhile. */
async function movePlace(tx: Transaction, from: LogPlace, to: LogPlace): Promise<boolean> {
  const moved = await tx
    .update(eventCursors)
    .set({ xid: to.xid, seq: to.seq })
    .where(and(eq(eventCursors.name, CURSOR), eq(eventCursors.xid, from.xid), eq(eventCursors.seq, from.seq)))
    .returning({ name: eventCursors.name });
  return moved.length > 0;
}

async function owe(
  tx: Transaction,
  { moments, rules }: Told,
  endpoints: readonly Endpoint[],
  source: string,
): Promise<void> {
  const owed = moments.flatMap((moment) => {
    const names = rules.filter((rule) => rule.events.includes(moment.event)).map((rule) => rule.endpoint);
    return endpoints.flatMap(({ name, format }) => {
      const message = names.includes(name) ? notificationFormats[format]?.message(moment, source) : null;
      if (!message) return [];
      const id = randomUUID();
      const { application, id: executionId } = moment.execution;
      const { type, body } = message;
      return [{ id, endpoint: name, dedupe: moment.key, type, application, executionId, body: body(id) }];
    });
  });
  if (owed.length > 0) await tx.insert(notifications).values(owed).onConflictDoNothing();
}
