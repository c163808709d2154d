import { setTimeout as sleep } from 'node:timers/promises';
import { and, eq, gt, inArray, lt, lte, not, sql } from 'drizzle-orm';
import { Webhook } from 'standardwebhooks';
import { sqlStateOf } from '@/db/errors';
import { recordEvents } from '@/db/events';
import { notificationEndpoints, notifications } from '@/db/schema';
import { inWords } from '@/server/automation/in-words';
import { notificationFormats } from '@/server/automation/notifications/registry';
import { pauseAfter } from '@/server/automation/notifications/retry';
import type { AutomationContext } from '@/server/automation/works';
import { storableText } from '@/server/domain/storable';
import { OutboundRefusal } from '@/server/outbound/policy';
import { type OutboundResponse, sendOutbound } from '@/server/outbound/send';

/** Messages on their way to one receiver at a time; a slow one holds up nobody else. */
const PER_ENDPOINT = 4;
const TIMEOUT_MS = 15_000;
const PATIENCE_MS = 250;
/** After this long whoever took a message to send it is taken for dead, and it is sent again. */
const LEASE_MS = 60_000;
const GONE = 410;
const KEEP_DAYS = 30;
/** Of a receiver's answer, so much is kept for people who look for the reason. */
const MAX_REASON = 300;

type Endpoint = typeof notificationEndpoints.$inferSelect;
type Message = typeof notifications.$inferSelect;

/**
 * Sends what is owed. A message is taken by a lease, sent, and then marked: a worker that dies in between
 * leaves it owed, and it is sent again with the same id. Receivers may see a message twice, in any order.
 */
export class Sender {
  private readonly onTheWay = new Map<string, Set<Promise<void>>>();

  constructor(private readonly context: AutomationContext) {}

  /**
   * Takes what is due and sends it. Does not wait long for slow receivers, so that the next round serves the
   * others; what is on the way ends when the signal aborts.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { database, clock } = this.context;
    const due = await database.db
      .selectDistinct({ endpoint: notifications.endpoint })
      .from(notifications)
      .innerJoin(
        notificationEndpoints,
        and(eq(notificationEndpoints.name, notifications.endpoint), not(notificationEndpoints.disabled)),
      )
      .where(and(eq(notifications.status, 'owed'), lte(notifications.nextAt, clock.now())));
    for (const { endpoint } of due) await this.serve(endpoint, signal);
    const all = Promise.all([...this.onTheWay.values()].flatMap((sends) => [...sends]));
    const patience = sleep(PATIENCE_MS, undefined, { signal, ref: false }).catch(() => undefined);
    await Promise.race([all, patience]);
    if (signal.aborted) await all;
  }

  private async serve(name: string, signal: AbortSignal): Promise<void> {
    const sends = this.onTheWay.get(name) ?? new Set<Promise<void>>();
    this.onTheWay.set(name, sends);
    if (sends.size >= PER_ENDPOINT) return;
    const { db } = this.context.database;
    const [endpoint] = await db
      .select()
      .from(notificationEndpoints)
      .where(eq(notificationEndpoints.name, name));
    if (!endpoint) return;
    for (const message of await this.take(name, PER_ENDPOINT - sends.size)) {
      const sent = this.deliver(endpoint, message, signal)
        .catch((error: unknown) =>
          this.context.logger.warn({ err: error, endpoint: name }, 'the outcome of a message was not noted'),
        )
        .finally(() => sends.delete(sent));
      sends.add(sent);
    }
  }

  private async take(endpoint: string, count: number): Promise<Message[]> {
    const { database, clock } = this.context;
    const now = clock.now();
    const due = database.db
      .select({ id: notifications.id })
      .from(notifications)
      .where(
        and(
          eq(notifications.endpoint, endpoint),
          eq(notifications.status, 'owed'),
          lte(notifications.nextAt, now),
        ),
      )
      .orderBy(notifications.nextAt, notifications.createdAt)
      .limit(count)
      .for('update', { skipLocked: true });
    return database.db
      .update(notifications)
      .set({ attempts: sql`${notifications.attempts} + 1`, nextAt: new Date(now.getTime() + LEASE_MS) })
      .where(inArray(notifications.id, due))
      .returning();
  }

  private async deliver(endpoint: Endpoint, message: Message, signal: AbortSignal): Promise<void> {
    try {
      const answer = await this.post(endpoint, message, signal);
      if (answer.status >= 200 && answer.status < 300) return await this.delivered(message, answer.status);
      await this.refused(endpoint, message, answer);
    } catch (error) {
      if (signal.aborted) return await this.giveBack(message);
      const reason = inWords(error);
      const isOurs = error instanceof OutboundRefusal || sqlStateOf(error) !== null;
      const hint = isOurs ? reason : `It could not be reached: ${reason}.`;
      await this.failed(message, null, hint, undefined);
    }
  }

  private post(endpoint: Endpoint, message: Message, signal: AbortSignal): Promise<OutboundResponse> {
    const { secrets, outbound, clock } = this.context;
    const { id } = message;
    const at = clock.now();
    const body = JSON.stringify(message.body);
    const signatures = endpoint.secrets.map((sealed) => new Webhook(secrets.open(sealed)).sign(id, at, body));
    return sendOutbound(
      {
        url: endpoint.url,
        method: 'POST',
        body,
        timeoutMs: TIMEOUT_MS,
        signal,
        headers: {
          'content-type': notificationFormats[endpoint.format]?.contentType ?? 'application/json',
          'content-length': String(Buffer.byteLength(body)),
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
          'webhook-signature': signatures.join(' '),
        },
      },
      outbound,
    );
  }

  private async refused(endpoint: Endpoint, message: Message, answer: OutboundResponse): Promise<void> {
    const said = storableText(answer.body.trim().slice(0, MAX_REASON));
    const reason = `It answered ${answer.status}${said ? `: ${said}` : ''}.`;
    if (answer.status !== GONE) {
      return this.failed(message, answer.status, reason, answer.headers['retry-after']);
    }
    await this.mark(message, { status: 'givenUp', lastStatus: answer.status, lastError: reason });
    await this.disable(endpoint.name, 'The receiver answered 410 Gone: it wants no more messages.');
  }

  private delivered(message: Message, status: number): Promise<void> {
    const deliveredAt = this.context.clock.now();
    return this.mark(message, { status: 'delivered', deliveredAt, lastStatus: status, lastError: null });
  }

  /** A worker that leaves has not tried. */
  private giveBack(message: Message): Promise<void> {
    return this.mark(message, { attempts: message.attempts - 1, nextAt: this.context.clock.now() });
  }

  private async failed(
    message: Message,
    lastStatus: number | null,
    lastError: string,
    retryAfter: string | undefined,
  ): Promise<void> {
    const now = this.context.clock.now();
    const pause = pauseAfter(message.attempts, retryAfter, now, Math.random());
    if (pause !== null) {
      return this.mark(message, { nextAt: new Date(now.getTime() + pause), lastStatus, lastError });
    }
    await this.mark(message, { status: 'givenUp', lastStatus, lastError });
    if (await this.hasTakenSince(message)) return;
    await this.disable(
      message.endpoint,
      `It has taken no message since ${message.createdAt.toISOString()}. ${lastError}`,
    );
  }

  /** Whether the endpoint took anything since this message came to be. */
  private async hasTakenSince({ endpoint, createdAt }: Message): Promise<boolean> {
    const [row] = await this.context.database.db
      .select({ id: notifications.id })
      .from(notifications)
      .where(and(eq(notifications.endpoint, endpoint), gt(notifications.deliveredAt, createdAt)))
      .limit(1);
    return row !== undefined;
  }

  private async mark(message: Message, changes: Partial<Message>): Promise<void> {
    await this.context.database.db.transaction(async (tx) => {
      await tx.update(notifications).set(changes).where(eq(notifications.id, message.id));
      await recordEvents(tx, [
        { kind: 'notification', application: message.application, subject: message.endpoint },
      ]);
    });
  }

  private async disable(name: string, disabledReason: string): Promise<void> {
    await this.context.database.db.transaction(async (tx) => {
      await tx
        .update(notificationEndpoints)
        .set({ disabled: true, disabledReason })
        .where(eq(notificationEndpoints.name, name));
      await recordEvents(tx, [{ kind: 'notification', subject: name }]);
    });
    this.context.logger.warn(
      { endpoint: name, reason: disabledReason },
      'a receiver of messages is disabled',
    );
  }
}

/** Forgets messages of long ago, delivered or not. */
export async function pruneNotifications({ database }: AutomationContext): Promise<void> {
  await database.db
    .delete(notifications)
    .where(lt(notifications.createdAt, sql`now() - make_interval(days => ${KEEP_DAYS})`));
}
